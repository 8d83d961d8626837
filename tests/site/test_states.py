"""Errors of signing in: the page explains each in plain language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from members_portal.seal import Secret, access_code
from tests.js.reader import Reader
from tests.long_cases import quick_and_long, quick_first
from tests.site.sample import Sample
from tests.site.tour import FRONT, told

Visit = Callable[..., Reader]

SHELL = "This address is for members, or it doesn’t exist"
SLIP = "There is a slip in this code{}. Please compare it with your letter. Nothing has been sent."
UNKNOWN = (
    "We don’t know this code. It may come from an older letter that a newer one replaced. "
    "If the letter is your latest, please call us: +353 20 915 0147."
)
REVOKED = (
    "This code was valid once and no longer is. If a newer letter has come, use the code in that one. "
    "If not, please call us: +353 20 915 0147."
)
INSECURE = (
    "This connection isn’t secure, so your browser refuses to unlock anything. "
    "Please open the address exactly as it is printed in your letter, beginning with https://."
)
UNSUPPORTED = (
    "This browser can’t keep pages sealed on your device. Private windows often can’t, and old browsers don’t. "
    "A normal window of an up-to-date Safari, Chrome, Edge or Firefox will do."
)
NOT_SET_UP = (
    "A file of our website is missing, or is sent in a way that browsers refuse, so your pages can’t be unlocked. Your"
    " code and your browser are fine as far as we can tell. Please try again later, and call us if this lasts:"
    " +353 20 915 0147. For the people who run the website: portal.json: 404 text/html; charset=utf-8"
)


@pytest.mark.parametrize("address", quick_and_long(["", "offers/"], {""}))
def test_a_code_of_nobody_is_unknown(visit: Visit, portal: Sample, address: str) -> None:
    reader = visit(portal)
    reader.go(address)
    reader.sign_in(access_code(Secret(bytes(range(32))), "M-1001", 1))
    reader.is_told(UNKNOWN)
    expect(reader.page.get_by_label("Access code")).to_be_focused()
    reader.sign_in(portal.code("M-1001"))
    told(reader)


@pytest.mark.long
def test_a_code_from_an_older_letter_is_unknown(visit: Visit, portal: Sample) -> None:
    reader = visit(portal)
    reader.go("#" + access_code(portal.secret, "M-1015", 1))  # replaced by a newer code
    reader.is_told(UNKNOWN)


@pytest.mark.long
def test_a_slip_names_its_group_and_sends_nothing(visit: Visit, portal: Sample) -> None:
    code = portal.code("M-1001")
    reader = visit(portal)
    reader.go()
    before = len(portal.requests)
    for group in range(9):
        at = 4 * group + 1
        reader.sign_in(code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :])
        reader.is_told(SLIP.format(f", probably in group {group + 1}"))
    for text in ("", "my code", code[:-1], code + "X"):
        reader.page.get_by_label("Access code").evaluate("field => { field.required = false; }")
        reader.sign_in(text)
        reader.is_told(SLIP.format(""))
    assert portal.sent(before) == []


@pytest.mark.long
def test_a_member_who_left_is_told_at_the_next_page(visit: Visit, own_portal: Sample) -> None:
    reader, other = visit(own_portal), visit(own_portal)
    reader.page.goto(own_portal.link("M-1001"))
    told(reader)
    own_portal.without("M-1001")
    own_portal.publish()
    reader.page.get_by_role("link", name="Account").click()
    reader.is_told(REVOKED)
    assert reader.kept()["keys"] in (["seen"], ["ended", "seen"])
    other.go("#" + access_code(own_portal.secret, "M-1001", 1))
    other.is_told(UNKNOWN)
    other.sign_in(own_portal.code("M-1002"))  # other members' codes are unchanged
    told(other)


@pytest.mark.parametrize("address", quick_first(["", "offers/"], 1))
def test_an_insecure_address_is_named(visit: Visit, portal: Sample, address: str) -> None:
    reader = visit(portal)
    reader.tolerated.append("https")
    reader.page.goto(f"http://portal.test:{portal.port}/{address}")
    assert not reader.page.evaluate("isSecureContext")
    reader.is_told(INSECURE)
    before = len(portal.requests)
    reader.sign_in(portal.code("M-1001"))
    reader.is_told(INSECURE)
    assert portal.sent(before) == []
    assert {trouble.split("//")[1].split(":")[0] for trouble in reader.troubles} == {"portal.test"}
    reader.troubles.clear()


@pytest.mark.parametrize(
    "lack",
    quick_first(
        [
            "Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined})",
            "ServiceWorkerContainer.prototype.register = async () => { throw new DOMException('', 'SecurityError'); }",
            "delete self.DecompressionStream",
        ],
        1,
    ),
    ids=["no worker", "a private window", "an old browser"],
)
@pytest.mark.parametrize("address", quick_first(["", "offers/"], 1))
def test_a_browser_that_can_not_is_told_so(visit: Visit, portal: Sample, lack: str, address: str) -> None:
    reader = visit(portal)
    reader.page.add_init_script(lack)
    reader.go(address)
    reader.sign_in(portal.code("M-1001"))
    reader.is_told(UNSUPPORTED)


@pytest.mark.long
def test_a_host_that_fails_is_not_the_codes_fault(visit: Visit, own_portal: Sample) -> None:
    reader = visit(own_portal)
    reader.go()
    (own_portal.folder / "output/portal.json").unlink()
    reader.sign_in(own_portal.code("M-1001"))
    reader.is_told(NOT_SET_UP)


@pytest.mark.parametrize(("address", "title"), quick_and_long([("", FRONT), ("offers/", SHELL)], [("", FRONT)]))
def test_without_scripts_the_page_says_what_it_needs(visit: Visit, portal: Sample, address: str, title: str) -> None:
    reader = visit(portal, java_script_enabled=False)
    reader.go(address)
    reader.reads(title)
    needs = "This page needs JavaScript: your pages are unlocked in your own browser, not on a server."
    expect(reader.page.locator("noscript p")).to_have_text(needs)
    expect(reader.page.locator("noscript p")).to_be_visible()
    before = len(portal.requests)
    reader.sign_in(portal.code("M-1001"))
    reader.go("no/such/page/")
    assert [request.split(" ")[1] for request in portal.sent(before)] == ["/no/such/page/"]  # the code goes nowhere
