"""Where the key of a session lies: on a device that does not remember, in the memory of worker and pages alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.js.lantern import Lantern as Site
from tests.js.reader import Reader, wait_for_key

STORED_KEYS = """async () => {
  const settled = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  const database = await settled(indexedDB.open('portal /'));
  const entries = await settled(database.transaction('kept').objectStore('kept').getAll());
  database.close();
  const keysIn = value => value instanceof CryptoKey ? 1
    : value && typeof value === 'object' ? Object.values(value).reduce((sum, part) => sum + keysIn(part), 0) : 0;
  return keysIn(entries);
}"""

LINK = """() => {
  const link = document.createElement('a');
  link.href = 'letter.txt';
  link.text = 'A letter';
  document.body.append(link);
}"""


@pytest.fixture
def visitor(lantern_site: Site, reader: Reader) -> Reader:
    """Sign in on a device that does not remember."""
    reader.enter(lantern_site.code("M-1"), remember=False)
    return reader


def stop_worker(visitor: Reader) -> None:
    """Stop the worker of a device that does not remember, once its page can give the key back."""
    wait_for_key(visitor.page)
    visitor.stop_worker()


def test_only_a_device_that_remembers_stores_the_key(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"), remember=False)
    assert reader.page.evaluate(STORED_KEYS) == 0
    reader.sign_out()
    reader.enter(lantern_site.code("M-1"))
    assert reader.page.evaluate(STORED_KEYS) == 1


@pytest.mark.long
def test_pages_give_the_key_to_a_worker_that_was_stopped(visitor: Reader) -> None:
    stop_worker(visitor)
    visitor.page.get_by_role("link", name="Beans").click()
    visitor.reads("Beans for gold")
    stop_worker(visitor)
    visitor.page.reload()
    visitor.reads("Beans for gold")
    stop_worker(visitor)
    visitor.page.go_back()
    visitor.reads("gold home")


@pytest.mark.long
def test_a_hard_reload_gives_the_key_back_before_the_page_closes(visitor: Reader) -> None:
    stop_worker(visitor)
    visitor.reload_hard()
    visitor.reads("gold home")


@pytest.mark.long
def test_a_public_page_keeps_the_key(visitor: Reader) -> None:
    visitor.go("imprint/")
    visitor.reads("Imprint")
    stop_worker(visitor)
    visitor.go("reports/beans/")
    visitor.reads("Beans for gold")


@pytest.mark.long
def test_a_second_tab_keeps_the_key_when_the_first_closes(visitor: Reader) -> None:
    second = visitor.context.new_page()
    visitor.go("reports/beans/", second)
    visitor.reads("Beans for gold", second)
    wait_for_key(second)
    visitor.page.close()
    visitor.page = second
    stop_worker(visitor)
    visitor.go()
    visitor.reads("gold home")


@pytest.mark.long
def test_a_file_opens_in_a_tab_of_its_own_where_the_key_is_not_stored(lantern_site: Site, visitor: Reader) -> None:
    wait_for_key(visitor.page)
    visitor.page.evaluate(LINK)
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="A letter").click()
    expect(opened.value.get_by_text("Dear Maya")).to_be_visible()
    stop_worker(visitor)
    visitor.page.reload()
    visitor.reads("gold home")


@pytest.mark.long
def test_the_last_page_takes_the_key_with_it(visitor: Reader) -> None:
    wait_for_key(visitor.page)
    visitor.close_tab()
    visitor.go("reports/beans/")
    visitor.reads("For members")
    kept = visitor.kept()
    assert "member" not in kept["keys"]
    assert list(kept["caches"]) == ["portal / public"]


@pytest.mark.long
def test_a_key_of_a_session_that_ended_opens_nothing(visitor: Reader) -> None:
    """A page keeps the key in spite of the sign-out, as a frozen page would."""
    other = visitor.context.new_page()
    visitor.go("imprint/", other)
    wait_for_key(other)
    other.evaluate("window.kept = sessionKey")
    visitor.sign_out()
    wait_for_key(other, held=False)
    other.evaluate("sessionKey = window.kept")
    visitor.stop_worker()
    visitor.go("reports/beans/", other)
    visitor.reads("For members", other)


def test_the_key_of_a_page_cannot_be_read_by_a_script(visitor: Reader) -> None:
    wait_for_key(visitor.page)
    read = "crypto.subtle.exportKey('raw', sessionKey.root).catch(error => error.name)"
    assert visitor.page.evaluate(f"{read}.then(found => [sessionKey.root.extractable, found])") == [
        False,
        "InvalidAccessError",
    ]
