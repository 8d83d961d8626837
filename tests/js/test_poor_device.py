"""A device that is full, that lost a part of what it kept, or that has the wrong date: each page says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.js.host import Host
from tests.js.lantern import Lantern as Site
from tests.js.reader import Reader
from tests.site.tour import on_day

DELETE_CACHES = "caches.keys().then(names => Promise.all(names.map(name => caches.delete(name))))"
DELETE_STYLES = """caches.open('portal / public').then(async cache => {
  const styles = (await cache.keys()).filter(({url}) => url.includes('.css'));
  await Promise.all(styles.map(style => cache.delete(style)));
})"""
CLEAR_STORE = """new Promise(resolve => {
  const opening = indexedDB.open('portal /');
  opening.onsuccess = () => {
    const change = opening.result.transaction('kept', 'readwrite');
    change.objectStore('kept').clear();
    change.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
NO_REGISTRATION = "ServiceWorkerContainer.prototype.register = async () => undefined;"


def set_quota(reader: Reader, size: int) -> None:
    """Set the bytes that the device has for the site."""
    session = reader.context.new_cdp_session(reader.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": reader.host.root.rstrip("/"), "quotaSize": size})


def forget_answers(reader: Reader) -> None:
    """Delete the browser's own copies of what the host sent, and stop the worker."""
    reader.context.new_cdp_session(reader.page).send("Network.clearBrowserCache")
    reader.stop_worker()


def test_a_full_device_says_so(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    set_quota(reader, 10)
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: full.")
    set_quota(reader, 10_000_000)
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


@pytest.mark.long
def test_a_device_that_is_full_later_keeps_its_session(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    set_quota(reader, 10)
    host.publish(lantern_site)
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    reader.is_noticed("new")
    reader.page.reload()
    reader.reads("Beans for gold")


@pytest.mark.long
def test_a_device_whose_store_was_cleared_says_so(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.page.evaluate(CLEAR_STORE)
    reader.stop_worker()
    reader.go("reports/beans/")
    reader.is_told("The message: cleared.")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Beans for gold")


@pytest.mark.long
@pytest.mark.parametrize("lost", [DELETE_CACHES, DELETE_STYLES + ".then(() => caches.delete('portal / sealed'))"])
def test_a_device_without_any_whole_page_shows_one_that_needs_no_file(
    lantern_site: Site, reader: Reader, host: Host, lost: str
) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.page.evaluate(lost)
    forget_answers(reader)
    host.away = True
    answer = reader.go("reports/beans/")
    assert answer
    assert answer.status == 503
    reader.reads("This page can’t be shown just now")
    host.away = False
    reader.page.get_by_role("link", name="Try again").click()
    reader.reads("Beans for gold")


@pytest.mark.long
def test_public_files_that_were_removed_alone_are_fetched_again(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    styles = [url for url in reader.kept()["caches"]["portal / public"] if ".css" in url]
    reader.page.evaluate(DELETE_STYLES)
    reader.stop_worker()
    reader.go("letter.txt")  # a page would ask for its style
    for _ in range(600):
        if set(styles) <= set(reader.kept()["caches"]["portal / public"]):
            return
        reader.page.wait_for_timeout(50)
    raise AssertionError("the style is still missing")


def test_a_blocked_worker_is_no_fault_of_the_host(lantern_site: Site, reader: Reader) -> None:
    reader.page.add_init_script(NO_REGISTRATION)
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: unsupported.")


@pytest.mark.long
@pytest.mark.parametrize(("day", "written"), [("2025-10-17", "17 October 2025"), ("2027-12-26", "26 December 2027")])
def test_a_wrong_date_is_named_and_takes_nothing_away(
    lantern_site: Site, reader: Reader, host: Host, day: str, written: str
) -> None:
    slots = '{"greeting": [{"html": "Your code.", "from": "2026-11-01", "until": "2026-11-30"}]}'
    lantern_site.files["members/M-1/slots.json"] = slots
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    on_day(reader, day)
    notice = f"It is {written} on this device, and the copy of 21 November 2026."
    expect(reader.page.get_by_text(notice)).to_be_visible()
    expect(reader.page.get_by_text("Your code.")).to_be_visible()
    on_day(reader, "2026-11-20")  # west of the publisher, it is the day before
    expect(reader.page.get_by_text("Your code.")).to_be_visible()
    expect(reader.page.get_by_text("on this device")).to_have_count(0)
    on_day(reader, "2026-12-01")
    expect(reader.page.get_by_text("Your code.")).to_have_count(0)
