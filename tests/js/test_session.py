"""How a session goes on and ends: stopped workers, sign-out, offline, new publishes, in Chromium."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from members_portal.seal import open_release, read_code
from members_portal.seal.format.bootstrap import decode_bootstrap, encode_bootstrap
from members_portal.seal.format.cards import CARD, SIGNATURE_SIZE, sign_bucket
from members_portal.seal.format.manifest import Manifest, manifest_path, seal_manifests
from members_portal.seal.key.keys import card_tag, member_root
from members_portal.seal.reader import read_bootstrap, read_card
from tests.js.host import Host
from tests.js.lantern import Lantern as Site
from tests.js.reader import FETCH, Reader
from tests.long_cases import quick_and_long
from tests.seal.small_site import secret_of

both_roots = pytest.mark.parametrize("lantern_site", quick_and_long(["/", "/club/"], {"/club/"}), indirect=True)


def test_a_worker_that_was_stopped_goes_on(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.stop_worker()
    reader.page.reload()
    reader.reads("gold home")
    reader.stop_worker()
    reader.page.get_by_role("link", name="Beans").click()
    reader.reads("Beans for gold")


@pytest.mark.parametrize("lantern_site", ["/club/"], indirect=True)
def test_signing_out_leaves_nothing_readable_in_any_tab(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    other = reader.context.new_page()
    reader.go("reports/beans/", other)
    reader.reads("Beans for gold", other)
    reader.sign_out()
    for page in (reader.page, other):
        reader.reads("Lantern", page)
        assert page.url == reader.host.root
    kept = reader.kept()
    assert kept["databases"] == ["portal /club/"]
    assert list(kept["caches"]) == ["portal /club/ public"]
    assert kept["keys"] == ["seen"]
    reader.go("reports/beans/")
    reader.reads("For members")


def test_the_way_back_after_signing_out_leads_to_the_sign_in_page(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.page.get_by_role("link", name="Beans").click()
    reader.reads("Beans for gold")
    reader.sign_out()
    reader.is_told("The message: signed-out.")
    reader.page.reload()
    expect(reader.page.get_by_role("alert")).to_be_hidden()  # said once
    reader.page.go_back()
    reader.reads("Lantern")


def test_a_member_who_signs_in_after_another_reads_only_their_own(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.sign_out()
    reader.enter(lantern_site.code("M-2"))
    reader.reads("silver home")
    answer = reader.go("letter.txt")
    assert answer
    assert answer.status == 404


def test_a_remembered_device_opens_again_after_all_tabs_were_closed(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.close_tab()
    reader.go()
    reader.reads("gold home")


def test_another_device_forgets_when_all_tabs_are_closed(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"), remember=False)
    reader.page.get_by_role("link", name="Beans").click()
    reader.reads("Beans for gold")
    reader.page.reload()
    reader.reads("Beans for gold")
    reader.close_tab()
    reader.go("reports/beans/")
    reader.reads("For members")
    assert "member" not in reader.kept()["keys"]


def test_another_device_forgets_after_half_a_day(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"), remember=False)
    reader.page.evaluate(
        """async () => {
          const open = indexedDB.open('portal /');
          await new Promise(resolve => { open.onsuccess = resolve; });
          const change = open.result.transaction('kept', 'readwrite');
          change.objectStore('kept').put(Date.now() - 13 * 3600 * 1000, 'used');
          await new Promise(resolve => { change.oncomplete = resolve; });
          open.result.close();
        }"""
    )
    reader.page.get_by_role("link", name="Beans").click()
    reader.reads("Lantern")


@both_roots
def test_all_pages_and_images_open_offline_after_the_first_visit(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.stop_worker()
    reader.host.away = True
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    assert reader.page.locator("img").evaluate("image => image.complete && image.naturalWidth") == 9
    expect(reader.page.locator("[data-notice=stale]")).to_be_visible()
    missing = reader.go("no/such/page/")
    assert missing
    assert missing.status == 404
    reader.reads("Not in gold")
    reader.host.away = False
    reader.go("reports/beans/")
    expect(reader.page.locator("[data-notice]")).to_have_count(0)


def test_offline_without_a_session_shows_the_sign_in_page(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.sign_out()
    reader.host.away = True
    reader.go("reports/beans/")
    reader.reads("For members")
    assert reader.page.evaluate("getComputedStyle(document.body).fontFamily") == "serif"
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: unreachable.")
    reader.context.set_offline(True)
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: offline.")


def test_a_host_that_cannot_be_reached_is_told_from_a_code_that_is_unknown(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    reader.tolerated.append("fetching the script")
    reader.host.away = True
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: unreachable.")
    reader.host.away = False
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


def test_a_slow_host_keeps_nobody_waiting(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.host.hold()
    asked = len(reader.host.asked_for("portal.json"))
    reader.go("reports/beans/")
    reader.reads("Beans for gold")  # though news of a publish is still awaited
    assert len(reader.host.asked_for("portal.json")) > asked
    reader.host.go_on()


def test_an_answer_that_comes_after_signing_out_opens_nothing(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.host.hold()
    reader.page.reload()  # answered from the copy, while news of a publish is still awaited
    reader.sign_out()
    reader.host.go_on()
    reader.go("imprint/")  # the worker asks for news once more, after the late answer
    reader.reads("Imprint")
    reader.go("reports/beans/")
    reader.reads("For members")
    assert "portal / sealed" not in reader.kept()["caches"]
    reader.sign_in(lantern_site.code("M-2"))
    reader.reads("Beans for silver")


def test_pages_come_before_files_that_are_fetched_ahead(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.sign_out()
    (worker,) = reader.context.service_workers
    worker.evaluate("() => { self.held = []; pause = () => new Promise(resolve => held.push(resolve)); }")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    blobs = [path for path in reader.kept()["caches"]["portal / sealed"] if "/_/b/" in path]
    assert len(blobs) == 3  # both pages and the image of the second
    worker.evaluate("() => { asked = -Infinity; held.forEach(goOn => goOn()); }")
    reader.waits_until_complete()
    blobs = [path for path in reader.kept()["caches"]["portal / sealed"] if "/_/b/" in path]
    assert len(blobs) > 3


def test_a_new_publish_is_read_from_the_next_page_on(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    before = set(reader.kept()["caches"]["portal / sealed"])
    lantern_site.files["editions/gold/index.html"] = str(lantern_site.files["editions/gold/index.html"]).replace(
        "gold home", "New"
    )
    host.publish(lantern_site)
    reader.page.reload()
    reader.reads("New")
    reader.waits_until_complete()
    after = set(reader.kept()["caches"]["portal / sealed"])
    print(f"cached_before={len(before)} cached_after={len(after)} kept_over={len(before & after)}")
    assert len(after) == len(before)  # bucket, manifest, record and the changed page were replaced, the rest stayed
    assert len(before - after) == 4


def test_a_publish_while_a_page_is_open_is_noticed_when_a_file_is_gone(
    lantern_site: Site, reader: Reader, host: Host
) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    for edition in ("gold", "silver"):
        lantern_site.files[f"editions/{edition}/sheets/beans.pdf"] = b"%PDF new"
    host.publish(lantern_site)  # the old sheet wasn't fetched ahead, and its blob is gone
    answer = reader.page.evaluate(FETCH, ["sheets/beans.pdf", {}])
    assert (answer["status"], b64decode(answer["base64"])) == (200, b"%PDF new")


def test_a_file_that_is_gone_without_a_new_publish_is_explained(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.lose("_/b/")
    reader.forget_sealed()
    response = reader.go("reports/beans/")
    assert response
    assert response.status == 404
    reader.is_told("The message: unreachable.")


def test_a_damaged_file_is_not_shown(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.tolerated.append("OperationError")
    reader.forget_sealed()
    host.damage("_/b/")
    reader.go("reports/beans/")
    reader.is_told("The message: damaged.")


def test_a_member_who_left_is_shown_out_at_the_next_publish(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    other = reader.context.new_page()
    reader.go("reports/beans/", other)
    reader.reads("Beans for gold", other)
    host.publish(lantern_site, without="M-1")
    reader.page.reload()
    reader.reads("Lantern")
    reader.is_told("The message: revoked.")
    reader.reads("Lantern", other)
    kept = reader.kept()
    assert sorted(kept["keys"]) == ["ended", "seen"]
    assert list(kept["caches"]) == ["portal / public"]
    reader.sign_in(lantern_site.secret_code("M-1"))
    reader.is_told("The message: unknown.")


def test_an_older_release_is_refused_even_after_signing_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    old = lantern_site.release
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    expect(reader.page.locator("[data-notice]")).to_have_count(0)
    reader.sign_out()
    host.site = old
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: older.")
    host.site = lantern_site.release
    reader.sign_in(lantern_site.code("M-1"))
    expect(reader.page.locator("[data-portal=sign-out]")).to_be_visible()


def other_publish(portal: bytes) -> bytes:
    """Name a publish that nobody has a card for."""
    return portal.replace(portal.split(b'publish\\":\\"')[1][:32], b"0" * 32)


def signed_by_another(portal: bytes) -> bytes:
    """Sign a bootstrap with another site's key."""
    start = decode_bootstrap(portal)
    return encode_bootstrap(replace(start, publish="0" * 32, sequence=start.sequence + 1), secret_of("another"))


def cut_off(portal: bytes) -> bytes:
    """Spoil the JSON."""
    return portal[1:]


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "not signed": other_publish,
    "signed by another": signed_by_another,
    "not JSON": cut_off,
}


@pytest.mark.parametrize("forgery", quick_and_long(FORGERIES, {"signed by another"}))
def test_a_forged_bootstrap_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host, forgery: str) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.tolerated.append("SyntaxError")
    genuine = (host.site / "portal.json").read_bytes()
    (host.site / "portal.json").write_bytes(FORGERIES[forgery](genuine))
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    expect(reader.page.locator("[data-notice=damaged]")).to_be_visible()
    (host.site / "portal.json").write_bytes(genuine)
    reader.page.reload()
    expect(reader.page.locator("[data-notice]")).to_have_count(0)
    reader.reads("Beans for gold")


def other_site(bucket: bytes, publish: str) -> bytes:
    """Sign random cards with another site's key."""
    return sign_bucket(os.urandom(len(bucket) - SIGNATURE_SIZE), 0, secret_of("another"), publish)


# What a host can answer instead of the bucket of the newest publish.
BUCKETS: dict[str, Callable[[bytes, str], bytes]] = {
    "random bytes": lambda bucket, _: os.urandom(len(bucket)),
    "one random card": lambda _, __: os.urandom(CARD + SIGNATURE_SIZE),
    "cut off": lambda bucket, _: bucket[:-1],
    "empty": lambda _, __: b"",
    "signature alone": lambda bucket, _: bucket[-SIGNATURE_SIZE:],
    "another site": other_site,
    "another number": lambda bucket, publish: sign_bucket(bucket[:-SIGNATURE_SIZE], 1, secret_of("lantern"), publish),
    "HTML": lambda _, __: b"<!DOCTYPE html><title>Parked</title>",
    "another publish": lambda bucket, _: sign_bucket(bucket[:-SIGNATURE_SIZE], 0, secret_of("lantern"), "0" * 32),
}


def without_card(bucket: bytes, lantern_site: Site) -> bytes:
    """Return a bucket in which no card has the tag of M-1."""
    start = read_bootstrap(lantern_site.release)
    tag = card_tag(member_root(read_code(lantern_site.code("M-1"))), start.publish)
    return bucket.replace(tag, bytes(len(tag)))


def put(host: Host, folder: str, replace_file: Callable[[bytes], bytes]) -> Callable[[], None]:
    """Replace all files of a folder of the release; return a function that puts the genuine ones back."""
    genuine = {file: file.read_bytes() for file in (host.site / folder).rglob("*") if file.is_file()}

    def write(files: dict[Path, bytes]) -> None:
        for file, data in files.items():
            file.unlink()  # it may be a link to a file of the previous release
            file.write_bytes(data)

    write({file: replace_file(data) for file, data in genuine.items()})
    return lambda: write(genuine)


def is_noticed(reader: Reader, reason: str) -> None:
    """Reload until the page tells why the kept copy is shown: a page waits for the newest publish for a second only."""
    for _ in range(30):
        if reader.page.locator(f"[data-notice={reason}]").count():
            return
        reader.page.reload()
    raise AssertionError(f"no notice: {reason}")


def stays_signed_in(reader: Reader, reason: str) -> None:
    """See the kept pages with a notice, and the member's key on the device."""
    reader.go("reports/beans/")
    is_noticed(reader, reason)
    reader.reads("Beans for gold")
    kept = reader.kept()
    assert {"member", "portal", "seen"} <= set(kept["keys"])
    assert "ended" not in kept["keys"]
    assert "portal / sealed" in kept["caches"]


@pytest.mark.parametrize("answer", quick_and_long(BUCKETS, {"random bytes", "another publish"}))
def test_a_forged_bucket_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host, answer: str) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    publish = read_bootstrap(host.site).publish
    restore = put(host, "_/c", lambda bucket: BUCKETS[answer](without_card(bucket, lantern_site), publish))
    stays_signed_in(reader, "damaged")
    restore()
    reader.page.reload()
    expect(reader.page.locator("[data-notice]")).to_have_count(0)
    reader.reads("Beans for gold")


@pytest.mark.parametrize("answer", quick_and_long(BUCKETS, {"random bytes"}))
def test_a_code_is_not_unknown_because_of_a_forged_bucket(
    lantern_site: Site, reader: Reader, host: Host, answer: str
) -> None:
    publish = read_bootstrap(host.site).publish
    restore = put(host, "_/c", lambda bucket: BUCKETS[answer](without_card(bucket, lantern_site), publish))
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: damaged.")
    restore()
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


def test_a_forged_bucket_signs_nobody_out_who_has_lost_the_copy(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.forget_sealed()
    restore = put(host, "_/c", lambda bucket: os.urandom(len(bucket)))
    reader.go("reports/beans/")
    reader.is_told("The message: damaged.")
    assert "member" in reader.kept()["keys"]
    restore()
    reader.page.reload()
    reader.reads("Beans for gold")


def test_a_missing_bucket_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    host.lose("_/c/")
    stays_signed_in(reader, "stale")


@pytest.mark.parametrize("folder", ["_/m", "_/r"])
def test_a_garbage_manifest_or_record_signs_nobody_out(
    lantern_site: Site, reader: Reader, host: Host, folder: str
) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    put(host, folder, lambda message: os.urandom(len(message)))
    stays_signed_in(reader, "damaged")


def test_an_older_release_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    missing = lantern_site.roster[0]
    lantern_site.roster = lantern_site.roster[1:]
    own = {path: lantern_site.files.pop(path) for path in list(lantern_site.files) if path.startswith("members/")}
    host.publish(lantern_site)
    before = lantern_site.release
    lantern_site.roster, lantern_site.files = (missing, *lantern_site.roster), {**lantern_site.files, **own}
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.site = before  # signed, but from a time before the member joined
    reader.page.reload()
    expect(reader.page.locator("[data-notice=older]")).to_be_visible()
    reader.reads("gold home")
    reader.sign_out()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: older.")


def test_a_manifest_forged_with_the_edition_key_is_refused(lantern_site: Site, reader: Reader, host: Host) -> None:
    start = decode_bootstrap((host.site / "portal.json").read_bytes())
    opened = open_release(host.site, lantern_site.code("M-1"))  # any member of the edition can do this
    key = lantern_site.secret.edition_key("gold", start.publish)
    path = host.site / manifest_path(start.publish, opened.slot)
    forged = Manifest(start.publish, start.sequence, {"index.html": opened.manifest.files["404.html"]})
    path.write_bytes(seal_manifests({opened.slot: (key, forged)}, start.site, start.publish)[opened.slot])
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: damaged.")


@pytest.mark.parametrize("ranges", quick_and_long([True, False], {True}))
def test_a_record_opens_that_crosses_two_packs(lantern_site: Site, reader: Reader, host: Host, ranges: bool) -> None:
    host.ranges = ranges
    noise = hashlib.shake_256(b"noise").hexdigest(120_000)
    slots = {"greeting": [{"html": "Good evening.", "from": None, "until": None}], "unused": [
        {"html": noise, "from": None, "until": None}
    ]}  # fmt: skip
    for member in ("M-1", "M-2", "M-3"):
        lantern_site.files[f"members/{member}/slots.json"] = json.dumps(slots)
    host.publish(lantern_site)
    assert len(list((host.site / "_/r").glob("*/*"))) == 2
    crossing = [code for code in map(lantern_site.code, ("M-1", "M-2", "M-3")) if packs_of(host.site, code) == 2]
    assert crossing
    reader.enter(crossing[0])
    expect(reader.page.get_by_text("Good evening.")).to_be_visible()
    answers = [request for request in host.asked_for("/_/r/") if "\nrange: bytes=" in request.lower()]
    assert len(answers) == 2


def packs_of(release: Path, code: str) -> int:
    """Count the packs that hold the record of a code."""
    card = read_card(release, read_bootstrap(release), member_root(read_code(code)))
    assert card.record
    return len(card.record.place.numbers)
