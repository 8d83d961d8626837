"""What Chromium's profile on disk holds of a member, read from its files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.js.disk import DiskReader, found_on_disk, member_root
from tests.js.host import Host
from tests.js.lantern import SCRIPTS, lantern, page
from tests.js.lantern import Lantern as Site
from tests.js.reader import wait_for_key

ADDRESSES = {"History", "Sessions", "segmentation_platform"}  # where Chromium records the addresses of pages
STATE_SAVED = 2000  # ms in which Chromium stores the state of a form that has changed
NAME, EMAIL = "Maya Achterberg", "maya@achterberg.example"


@dataclass
class Device:
    """A device with a profile; `start` starts its browser, `found` searches the profile after the browser's end."""

    start: Callable[[], DiskReader]
    profile: Path
    code: str
    host: Host

    def found(self) -> set[tuple[str, str]]:
        """Search the profile for the code, the root, the member's name and e-mail."""
        bare = self.code.replace("-", "")
        secrets = {"name": NAME.encode(), "e-mail": EMAIL.encode(), "root": member_root(self.code)}
        codes = {text: text.encode() for text in (self.code, bare, self.code.lower(), bare.lower())}
        found = found_on_disk(self.profile, secrets | codes)
        return {("code" if name in codes else name, place) for name, place in found}


@pytest.fixture
def lantern_site(tmp_path: Path) -> Site:
    """Publish a portal whose pages greet a member by name and state the e-mail."""
    site = lantern(tmp_path)
    slots = {"greeting": [{"html": f"Good evening, {NAME}, {EMAIL}.", "from": None, "until": None}]}
    site.files["members/M-1/slots.json"] = json.dumps(slots)
    site.publish()
    return site


@pytest.fixture
def device(browser: Browser, lantern_site: Site, host: Host, tmp_path: Path) -> Iterator[Device]:
    """Make a device; its browsers end without any sign of trouble."""
    readers: list[DiskReader] = []
    host.name = "localhost"  # a passkey belongs to a name

    def start() -> DiskReader:
        for reader in readers:
            reader.close()
        readers.append(DiskReader(browser, host, profile=tmp_path / "profile"))
        return readers[-1]

    yield Device(start, tmp_path / "profile", lantern_site.code("M-1"), host)
    for reader in readers:
        reader.close()
        assert reader.troubles == []


def type_code(reader: DiskReader, code: str, *, remember: bool = True) -> None:
    """Type a code letter by letter at the front page, look at it, and sign in."""
    reader.go()
    reader.page.get_by_role("button", name="Show").click()
    reader.page.get_by_label("Access code").press_sequentially(code)
    reader.page.wait_for_timeout(STATE_SAVED)
    reader.page.get_by_label("Remember this device").set_checked(remember)
    reader.page.get_by_role("button", name="Sign in").click()
    expect(reader.page.get_by_text(NAME)).to_be_visible()
    reader.waits_until_complete()


def test_a_device_that_does_not_remember_stores_nothing(device: Device) -> None:
    reader = device.start()
    type_code(reader, device.code, remember=False)
    reader.close()
    assert device.found() == set()


@pytest.mark.long
def test_a_device_that_did_not_remember_stores_nothing_after_signing_out(device: Device) -> None:
    reader = device.start()
    type_code(reader, device.code, remember=False)
    reader.close()
    reader = device.start()
    reader.go("reports/beans/")
    reader.reads("For members")
    type_code(reader, device.code, remember=False)
    reader.sign_out()
    reader.close()
    assert device.found() == set()


@pytest.mark.long
def test_a_device_that_remembered_may_hold_the_key_after_signing_out(device: Device) -> None:
    reader = device.start()
    type_code(reader, device.code)
    reader.close()
    assert device.found() == {("root", "IndexedDB")}
    reader = device.start()
    reader.go()
    reader.reads("gold home")
    reader.sign_out()
    reader.close()
    assert device.found() == {("root", "IndexedDB")}  # Chromium keeps deleted entries for some time


@pytest.mark.long
def test_a_code_typed_at_the_till_is_not_stored(device: Device, lantern_site: Site, host: Host) -> None:
    (field,) = re.findall(r"<input [^>]*>", (SCRIPTS.parents[1] / "templates" / "till.html").read_text())
    form = f'<form method="dialog"><label for="coupon">Coupon code</label>{field}<button>Check</button></form>'
    lantern_site.files["public/till/index.html"] = page("The till", form, "../")
    host.publish(lantern_site)
    reader = device.start()
    reader.go("till/")
    reader.page.get_by_label("Coupon code").press_sequentially(device.code)
    reader.page.get_by_role("button", name="Check").click()
    reader.go("imprint/")
    reader.reads("Imprint")
    reader.close()
    assert device.found() == set()


@pytest.mark.long
def test_a_text_typed_into_a_plain_field_is_stored(device: Device, lantern_site: Site, host: Host) -> None:
    field = '<label for="note">Note</label><input id="note" name="note">'
    form = f'<form action="../imprint/">{field}<button>Go</button></form>'
    lantern_site.files["public/note/index.html"] = page("A note", form, "../")
    host.publish(lantern_site)
    reader = device.start()
    reader.go("note/")
    reader.page.get_by_label("Note").press_sequentially(device.code)
    reader.page.get_by_role("button", name="Go").click()
    reader.reads("Imprint")
    reader.close()
    assert ("code", "Web Data") in device.found()


@pytest.mark.long
def test_a_sign_in_link_stays_in_the_history(device: Device) -> None:
    reader = device.start()
    reader.go("#" + device.code)
    reader.reads("gold home")
    reader.sign_out()
    reader.close()
    found = device.found()
    assert {("root", "IndexedDB"), ("code", "History")} <= found
    assert {place for name, place in found if name == "code"} <= ADDRESSES
    assert {name for name, _ in found} == {"code", "root"}


@pytest.mark.long
def test_a_passkey_keeps_the_key_off_the_disk(device: Device, lantern_site: Site) -> None:
    other_code = lantern_site.code("M-2")
    reader = device.start()
    authenticator = reader.add_authenticator()
    reader.go()
    reader.page.get_by_label("Lock it with a passkey").check()
    reader.sign_in(device.code)
    reader.reads("gold home")
    assert authenticator.count() == 1
    wait_for_key(reader.page)
    reader.page.evaluate("sessionKey = null")  # as after the browser's end, which no virtual authenticator outlives
    authenticator.stop_worker()
    device.host.requests.clear()
    reader.go("reports/beans/")
    reader.reads("For members")
    assert device.host.asked_for("beans") == []
    reader.go("#" + other_code)  # a link of another member, over the locked page
    reader.page.goto("about:blank")
    reader.go("#" + other_code)
    reader.is_told("The message: replace.")
    assert "member" in reader.kept()["keys"]
    reader.go("reports/beans/")
    reader.page.get_by_role("button", name="Open with your passkey").click()
    reader.reads("Beans for gold")
    wait_for_key(reader.page)
    authenticator.stop_worker()
    reader.go()
    reader.reads("gold home")
    reader.close()
    assert device.found() == set()

    reader = device.start()
    reader.add_authenticator()
    reader.go()
    expect(reader.page.get_by_role("button", name="Open with your passkey")).to_be_visible()
    type_code(reader, device.code, remember=False)
    reader.sign_out()
    reader.close()
    assert device.found() == set()


@pytest.mark.long
def test_a_passkey_that_is_refused_signs_nobody_in(device: Device) -> None:
    reader = device.start()
    authenticator = reader.add_authenticator()
    authenticator.refuse()
    reader.go()
    reader.page.get_by_label("Lock it with a passkey").check()
    reader.sign_in(device.code)
    reader.is_told("The message: no-passkey.")
    assert "member" not in reader.kept()["keys"]
    reader.page.get_by_label("Lock it with a passkey").uncheck()
    reader.page.get_by_role("button", name="Sign in").click()
    reader.reads("gold home")


@pytest.mark.long
def test_a_browser_without_an_authenticator_offers_no_passkey(device: Device) -> None:
    reader = device.start()
    reader.go()
    able = reader.page.evaluate("PublicKeyCredential.getClientCapabilities()")
    assert able["extension:prf"]
    assert not able["userVerifyingPlatformAuthenticator"]
    assert reader.page.evaluate("typeof offerPasskeys") == "undefined"
    expect(reader.page.get_by_label("Lock it with a passkey")).to_be_hidden()
    expect(reader.page.get_by_role("button", name="Open with your passkey")).to_be_hidden()
    assert reader.page.get_by_label("Lock it with a passkey").is_disabled()
