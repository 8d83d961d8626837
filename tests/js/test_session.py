"""How a session goes on and ends: stopped workers, sign-out, offline, new publishes, in Chromium."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from pathlib import Path

import pytest
from playwright.sync_api import expect

from members_portal.seal import read_code, record_set
from members_portal.seal.key.keys import member_root
from members_portal.seal.reader import read_bootstrap, read_card
from tests.js.host import Host
from tests.js.lantern import Lantern as Site
from tests.js.reader import FETCH, Reader
from tests.long_cases import quick_and_long, quick_first

both_roots = pytest.mark.parametrize("lantern_site", quick_and_long(["/", "/club/"], {"/club/"}), indirect=True)


@pytest.mark.long
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
        expect(page).to_have_url(reader.host.root)
    reader.keeps_only("seen")  # one of the pages has said how the session ended
    kept = reader.kept()
    assert kept["databases"] == ["portal /club/"]
    assert list(kept["caches"]) == ["portal /club/ public"]
    reader.go("reports/beans/")
    reader.reads("For members")


@pytest.mark.long
def test_signing_out_closes_the_members_files_in_other_tabs(lantern_site: Site, reader: Reader, host: Host) -> None:
    lantern_site.files["public/downloads/map.txt"] = "A map"
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    letter, plan = reader.context.new_page(), reader.context.new_page()
    reader.go("letter.txt", letter)
    expect(letter.get_by_text("Dear Maya")).to_be_visible()
    reader.go("downloads/map.txt", plan)
    reader.sign_out()
    reader.reads("Lantern", letter)
    expect(plan.get_by_text("A map")).to_be_visible()  # a public file stays
    letter.go_back()
    expect(letter.get_by_text("Dear Maya")).to_have_count(0)


@pytest.mark.long
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


@pytest.mark.long
def test_a_member_who_signs_in_after_another_reads_only_their_own(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.sign_out()
    reader.enter(lantern_site.code("M-2"))
    reader.reads("silver home")
    answer = reader.go("letter.txt")
    assert answer
    assert answer.status == 404


@pytest.mark.long
def test_a_remembered_device_opens_again_after_all_tabs_were_closed(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.close_tab()
    reader.go()
    reader.reads("gold home")


@pytest.mark.long
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


@pytest.mark.long
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
    reader.is_noticed("away")
    missing = reader.go("no/such/page/")
    assert missing
    assert missing.status == 404
    reader.reads("Not in gold")
    reader.host.away = False
    reader.go("reports/beans/")
    expect(reader.page.locator("[data-state=current]")).to_have_count(1)


@pytest.mark.long
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


@pytest.mark.long
def test_a_host_that_cannot_be_reached_is_told_from_a_code_that_is_unknown(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    reader.tolerated.append("fetching the script")
    reader.host.away = True
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: unreachable.")
    reader.host.away = False
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


@pytest.mark.long
def test_a_page_waits_for_no_news(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.host.hold()
    asked = len(reader.host.asked_for("portal.json"))
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    assert len(reader.host.asked_for("portal.json")) > asked
    reader.host.go_on()
    expect(reader.page.locator("[data-state=current]")).to_have_count(1)


@pytest.mark.long
def test_a_page_that_cannot_be_loaded_is_explained_in_the_edition(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.host.away = True
    answer = reader.go("sheets/beans.pdf")  # a file that is not fetched ahead
    assert answer
    assert answer.status == 503
    reader.reads("Not in gold")
    expect(reader.page.get_by_text("Not loaded.")).to_be_visible()
    expect(reader.page.get_by_text("Missing.")).to_have_count(0)
    reader.is_noticed("away")
    assert reader.page.evaluate(FETCH, ["/reports/none.pdf", {}])["status"] == 404
    reader.go("no/such/page/")
    expect(reader.page.get_by_text("Missing.")).to_be_visible()


@pytest.mark.long
def test_a_copy_that_lost_files_is_completed_again(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    whole = len(reader.kept()["caches"]["portal / sealed"])
    reader.page.evaluate(LOSE_BLOBS)
    reader.stop_worker()
    reader.go()
    for _ in range(600):
        if len(reader.kept()["caches"]["portal / sealed"]) == whole:
            break
        reader.page.wait_for_timeout(50)
    assert len(reader.kept()["caches"]["portal / sealed"]) == whole


@pytest.mark.long
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


@pytest.mark.long
def test_a_publish_that_comes_after_signing_out_leaves_nothing(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.host.publish(lantern_site)
    reader.host.hold("/_/c/")
    asked = len(reader.host.asked_for("/_/m/"))
    reader.page.reload()  # answered from the copy, while the new publish is still awaited
    reader.sign_out()
    reader.is_told("The message: signed-out.")
    reader.keeps_only("seen")
    reader.host.go_on()
    while len(reader.host.asked_for("/_/m/")) == asked:
        reader.page.wait_for_timeout(20)
    reader.go("imprint/")
    reader.reads("Imprint")
    assert list(reader.kept()["caches"]) == ["portal / public"]


@pytest.mark.long
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


@pytest.mark.long
def test_a_new_publish_is_read_from_the_next_page_on(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    before = set(reader.kept()["caches"]["portal / sealed"])
    lantern_site.files["editions/gold/index.html"] = str(lantern_site.files["editions/gold/index.html"]).replace(
        "gold home", "New"
    )
    host.publish(lantern_site)
    reader.page.reload()
    reader.reads("gold home")  # at once
    reader.is_noticed("new")
    reader.page.reload()
    reader.reads("New")
    reader.waits_until_complete()
    after = set(reader.kept()["caches"]["portal / sealed"])
    print(f"cached_before={len(before)} cached_after={len(after)} kept_over={len(before & after)}")
    assert len(after) == len(before)  # bucket, manifest, record and the changed page were replaced, the rest stayed
    assert len(before - after) == 4


@pytest.mark.long
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


@pytest.mark.long
def test_a_file_that_is_gone_without_a_new_publish_is_explained(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.lose("_/b/")
    reader.forget_sealed()
    response = reader.go("reports/beans/")
    assert response
    assert response.status == 503
    reader.is_told("The message: host.")


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


@pytest.mark.long
@pytest.mark.parametrize("ranges", [True, False])
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


@pytest.mark.parametrize(("ranges", "length"), quick_first([(True, 300_000), (False, 300_000), (True, 10)], 1))
def test_an_own_text_of_a_large_club_opens_from_the_packs(
    lantern_site: Site,
    reader: Reader,
    host: Host,
    ranges: bool,
    length: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", 1)
    host.ranges = ranges
    noise = hashlib.shake_256(b"noise").hexdigest(length)
    del lantern_site.files["members/M-1/slots/earlier.html"]
    lantern_site.files["members/M-1/own text:slots/earlier.html"] = f"In 2023, <b>beans</b>.<!--{noise}-->"
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    reader.go("account/earlier/")
    expect(reader.page.locator("b")).to_have_text(["beans"])
    reader.waits_until_complete()
    held = [address for address in reader.kept()["caches"]["portal / sealed"] if "/_/r/" in address]
    assert len(held) == 2, "the record and the text"
    host.away = True
    reader.page.reload()
    expect(reader.page.locator("b")).to_have_text(["beans"])


LOSE_BLOBS = """async () => {
  const cache = await caches.open('portal / sealed');
  const blobs = (await cache.keys()).filter(({url}) => url.includes('/_/b/'));
  await Promise.all(blobs.map(blob => cache.delete(blob)));
}"""


def packs_of(release: Path, code: str) -> int:
    """Count the packs that hold the record of a code."""
    card = read_card(release, read_bootstrap(release), member_root(read_code(code)))
    assert card.record
    return len(card.record.place.numbers)
