"""After signing out, no member data is left on the device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.tour import FRONT, leave, said, told

EVERYTHING = """async () => {
  const kept = [document.documentElement.outerHTML, document.cookie, document.referrer, name];
  kept.push(...[localStorage, sessionStorage, history].map(one => JSON.stringify({...one, state: one.state})));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
  }
  const settled = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  for (const {name} of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      kept.push(JSON.stringify(await settled(database.transaction(store).objectStore(store).getAll())));
    }
    database.close();
  }
  return kept.join('\\n');
}"""


@pytest.fixture(scope="module")
def portal(portal: Sample) -> Sample:
    """Serve the sample to devices that fetch ahead, so that they have much to lose."""
    return portal.ahead


@pytest.fixture(scope="module")
def device(browser: Browser, portal: Sample) -> Iterator[Reader]:
    """Give a device that all tests of this file sign out on."""
    reader = Reader(browser, portal)
    yield reader
    reader.close()


@pytest.fixture
def reader(device: Reader, portal: Sample) -> Iterator[Reader]:
    """Sign in a key customer in a new tab and open some pages."""
    device.start_over()
    device.close_tab()
    device.page.goto(portal.link("M-1003"))
    told(device)
    for address in ("account/", "offers/", "announcements/sixty-bags-of-sudan-rume/", ""):
        device.go(address)
    told(device)
    yield device
    device.context.set_offline(False)
    assert device.troubles == []


def secrets(portal: Sample) -> list[str]:
    """Return texts that only members may read."""
    member = portal.members["M-1003"]
    titles = [str(front["Title"]) for front in portal.items.values() if front["Audience"] != "public"]
    return [*titles, str(member["family name"]), "Inês Carvalho", "Platinum", "sudan-rume", "first-drop"]


def found(portal: Sample, page: Page) -> list[str]:
    everything = said(page.evaluate(EVERYTHING))
    return [word for word in secrets(portal) if said(word) in everything]


# All are long: tests/js/test_session.py has a quick test that signing out leaves nothing readable.


@pytest.mark.long
def test_nothing_is_left_on_the_device(portal: Sample, reader: Reader) -> None:
    reader.waits_until_complete()
    assert found(portal, reader.page) != []
    leave(reader)
    assert found(portal, reader.page) == []
    kept = reader.kept()
    assert (kept["databases"], kept["keys"], list(kept["caches"])) == (["portal /"], ["seen"], ["portal / public"])
    public = {"404.html", "sw.js", ""}
    paths = {url.removeprefix(portal.root).split("?")[0] for url in kept["caches"]["portal / public"]}
    assert {path for path in paths - public if not path.startswith("theme/")} == set()


@pytest.mark.long
def test_every_other_tab_closes_its_page(portal: Sample, reader: Reader) -> None:
    tabs = [reader.context.new_page() for _ in range(2)]
    for tab, address in zip(tabs, ("account/", "offers/"), strict=True):
        reader.go(address, tab)
        expect(tab.locator("[data-portal=sign-out]").first).to_be_attached()
    leave(reader)
    for tab in tabs:
        reader.reads(FRONT, tab)
        assert tab.url == portal.root
        assert found(portal, tab) == []


@pytest.mark.long
def test_the_back_button_shows_no_page_of_a_member(portal: Sample, reader: Reader) -> None:
    leave(reader)
    for _ in range(4):
        reader.page.go_back()
        expect(reader.page.get_by_label("Access code")).to_be_visible()
        assert found(portal, reader.page) == []


@pytest.mark.long
def test_no_address_of_a_member_answers_any_more(portal: Sample, reader: Reader) -> None:
    leave(reader)
    for address in ("account/", "offers/", "images/first-drop.avif"):
        response = reader.go(address)
        assert response
        assert response.status == 404
        reader.reads("This address is for members, or it doesn’t exist")


@pytest.mark.long
def test_signing_out_needs_no_connection(portal: Sample, reader: Reader) -> None:
    reader.waits_until_complete()
    reader.tolerated.append("ERR_FAILED")
    reader.context.set_offline(True)
    reader.page.get_by_role("button", name="Sign out", exact=True).click()
    expect(reader.page.get_by_label("Access code")).to_be_visible()
    assert found(portal, reader.page) == []
