"""A neighbour: another site on the portal's origin. It can read and replace what the portal keeps in the browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.js.host import Host
from tests.js.lantern import SCRIPTS, Lantern, lantern, members_page
from tests.js.neighbour import TITLE, move_in
from tests.js.reader import FETCH, Reader
from tests.seal.small_site import files_of, secret_of

pytestmark = pytest.mark.parametrize("lantern_site", ["/club/"], indirect=True)

KEPT_MEMBER = """async () => {
  const opening = indexedDB.open('portal /club/');
  await new Promise(resolve => { opening.onsuccess = resolve; });
  const get = opening.result.transaction('kept').objectStore('kept').get('member');
  await new Promise(resolve => { get.onsuccess = resolve; });
  opening.result.close();
  if (!get.result) return null;
  const {root} = get.result;
  const used = await crypto.subtle.sign('HMAC', root, new Uint8Array(9));
  const read = await crypto.subtle.exportKey('raw', root).catch(error => error.name);
  return {used: used.byteLength, read};
}"""
WRITE_MEMBER = """async code => {
  const root = await memberRoot(readCode(code));
  const opening = indexedDB.open('portal /club/');
  await new Promise(resolve => { opening.onsuccess = resolve; });
  const put = opening.result.transaction('kept', 'readwrite').objectStore('kept').put({root, remember: true}, 'member');
  await new Promise(resolve => { put.onsuccess = resolve; });
  opening.result.close();
}"""
PLANT_RELEASE = """async ([code, portal, files]) => {
  const {signed, signature} = JSON.parse(portal);
  const member = {root: await memberRoot(readCode(code)), remember: true};
  const opening = indexedDB.open('portal /club/');
  await new Promise(resolve => { opening.onsuccess = resolve; });
  const store = opening.result.transaction('kept', 'readwrite').objectStore('kept');
  store.clear();
  store.put(member, 'member');
  const put = store.put({...JSON.parse(signed), signed, signature}, 'portal');
  await new Promise(resolve => { put.onsuccess = resolve; });
  opening.result.close();
  const cache = await caches.open('portal /club/ sealed');
  for (const [path, data] of Object.entries(files)) {
    await cache.put(`/club/${path}`, new Response(Uint8Array.fromBase64(data)));
  }
}"""
REGISTER = """scope => navigator.serviceWorker.register('/other/sw.js', {scope}).then(
  registration => new URL(registration.scope).pathname, error => error.name)"""
UNREGISTER = """async () => {
  const found = await navigator.serviceWorker.getRegistrations();
  return Promise.all(found.map(registration => registration.unregister()));
}"""


@pytest.fixture
def reader(new_reader: Callable[[], Reader], host: Host) -> Reader:
    """Make a reader whose portal has a neighbour."""
    move_in(host)
    return new_reader()


def visit_neighbour(reader: Reader, page: str = "") -> None:
    reader.page.goto(reader.host.root.replace("/club/", f"/other/{page}"))
    reader.reads(TITLE)


def replace_all(reader: Reader) -> None:
    """Visit the neighbour, whose page replaces all files of the portal's public cache."""
    visit_neighbour(reader, "replace.html")
    expect(reader.page).to_have_title(re.compile("^replaced [0-9]+$"))
    session = reader.context.new_cdp_session(reader.page)
    session.send("Network.clearBrowserCache")  # the browser's own copies are genuine, and would hide a fault
    session.detach()


def caught(reader: Reader) -> str:
    """Return what the neighbour's scripts caught: `null` for nothing."""
    visit_neighbour(reader, "caught.html")
    return reader.page.title()


@pytest.mark.long
def test_a_replaced_script_never_runs(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    replace_all(reader)
    reader.go()
    reader.reads("gold home")  # signed in, with the cache replaced
    assert reader.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    replace_all(reader)
    reader.go()
    reader.sign_out()
    replace_all(reader)
    reader.go()
    reader.sign_in(lantern_site.code("M-2"))  # a newly typed code
    reader.reads("silver home")
    assert caught(reader) == "null"


@pytest.mark.long
def test_no_replaced_script_runs_when_the_worker_starts_again(lantern_site: Lantern, reader: Reader) -> None:
    """The browser takes the worker's own scripts from a store that no page can reach."""
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.sign_out()
    replace_all(reader)
    reader.stop_worker()
    reader.go("reports/beans/")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Beans for gold")
    assert caught(reader) == "null"


@pytest.mark.long
def test_a_replaced_sign_in_page_is_not_shown(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.sign_out()
    replace_all(reader)
    reader.host.away = True
    reader.go("reports/beans/")
    reader.reads("This page can’t be shown just now")  # the worker's own page
    reader.host.away = False
    reader.go("reports/beans/")
    reader.reads("For members")
    assert caught(reader) == "null"


@pytest.mark.long
def test_replaced_files_are_deleted_and_fetched_again(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    replace_all(reader)
    reader.go()
    reader.reads("gold home")
    reader.page.wait_for_load_state("load")
    kept = reader.page.evaluate(
        """async () => {
          const cache = await caches.open('portal /club/ public');
          return (await cache.match('theme/js/members.js?v=1')).text();
        }"""
    )
    assert kept == (SCRIPTS / "members.js").read_text("utf-8")


def test_a_file_that_the_host_changed_is_refused_and_not_kept(
    lantern_site: Lantern, reader: Reader, host: Host
) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    file = host.site / "theme/js/coupon.js"
    file.unlink()
    file.write_text("localStorage.setItem('caught', 'ran')", "utf-8")
    reader.tolerated.append("ERR_FAILED")
    for address in ("theme/js/coupon.js", "theme/js/coupon.js?v=2", "theme/js/none.js"):
        assert reader.page.evaluate("url => fetch(url).catch(error => error.name)", address) == "TypeError"
    assert not [url for urls in reader.kept()["caches"].values() for url in urls if "coupon" in url]


@pytest.mark.long
def test_headers_of_a_replaced_copy_are_not_served(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    visit_neighbour(reader)
    reader.page.evaluate(
        """async () => {
          const cache = await caches.open('portal /club/ public');
          const url = new URL('/club/theme/js/members.js?v=1', location).href;
          const body = await (await cache.match(url)).text();
          await cache.put(url, new Response(body, {headers: {'content-type': 'text/javascript', refresh: '0'}}));
        }"""
    )
    reader.go()
    reader.reads("gold home")
    headers = reader.page.evaluate(FETCH, ["theme/js/members.js?v=1", {}])["headers"]
    assert headers["content-type"] == "text/javascript"
    assert "refresh" not in headers


@pytest.mark.long
def test_a_newer_theme_is_served_before_its_worker(lantern_site: Lantern, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    for path, content in lantern_site.files.items():
        if isinstance(content, str):
            lantern_site.files[path] = content.replace("?v=1", "?v=2")
    lantern_site.files["public/theme/css/site.css"] = "body { font: 1rem monospace }"
    host.publish(lantern_site)
    reader.go()
    reader.is_noticed("new")
    reader.go()  # answered by the worker of the release before
    reader.reads("gold home")
    assert reader.page.evaluate("getComputedStyle(document.body).fontFamily") == "monospace"


# Limits of a shared origin. docs/security.md states each.


@pytest.mark.long
def test_a_neighbour_can_use_the_key_while_a_member_is_signed_in(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    visit_neighbour(reader)
    assert reader.page.evaluate(KEPT_MEMBER) == {"used": 64, "read": "InvalidAccessError"}
    reader.go()
    reader.sign_out()
    visit_neighbour(reader)
    assert reader.page.evaluate(KEPT_MEMBER) is None


@pytest.mark.long
def test_a_neighbour_can_write_a_session_of_its_own(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    reader.sign_out()
    visit_neighbour(reader)
    for name in ("seal", "code"):
        reader.page.add_script_tag(url=f"/club/theme/js/{name}.js")
    reader.page.evaluate(WRITE_MEMBER, lantern_site.code("M-2"))
    reader.go()
    reader.reads("silver home")


@pytest.mark.long
def test_a_neighbour_cannot_plant_forged_pages(
    lantern_site: Lantern, reader: Reader, host: Host, tmp_path: Path
) -> None:
    forged = lantern(tmp_path / "forged", "/club/")
    forged.secret = secret_of("neighbour")
    forged.files["editions/gold/reports/beans/index.html"] = members_page("Forged", "../../")
    del forged.files["members/M-1/slots.json"], forged.files["members/M-1/letter.txt"]
    forged.publish()
    planted = {path: b64encode(data).decode() for path, data in files_of(forged.release).items() if path[:2] == "_/"}
    portal = (forged.release / "portal.json").read_text()

    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    visit_neighbour(reader)
    for name in ("seal", "code"):
        reader.page.add_script_tag(url=f"/club/theme/js/{name}.js")
    reader.page.evaluate(PLANT_RELEASE, [forged.code("M-1"), portal, planted])
    reader.stop_worker()
    reader.tolerated.append("ERR_EMPTY_RESPONSE")
    host.away = True  # the worker has only what the neighbour left
    reader.go("reports/beans/")
    reader.reads("For members")
    host.away = False
    reader.go("reports/beans/")
    reader.reads("For members")


@pytest.mark.long
def test_a_neighbour_can_read_an_open_page_of_the_portal(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    visit_neighbour(reader)
    with reader.page.expect_popup() as opening:
        reader.page.evaluate("() => { window.portal = open('/club/'); }")
    reader.reads("gold home", opening.value)
    assert reader.page.evaluate("portal.document.querySelector('h1').textContent") == "gold home"
    opening.value.wait_for_load_state("load")
    opening.value.get_by_role("button", name="Sign out").click()
    reader.reads("Lantern", opening.value)
    opening.value.get_by_label("Access code").fill("typed")
    assert reader.page.evaluate("portal.document.querySelector('[name=code]').value") == "typed"


@pytest.mark.long
def test_a_neighbour_cannot_put_its_worker_in_front_of_the_portal(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    visit_neighbour(reader)
    reader.tolerated.append("not under the max scope")
    assert reader.page.evaluate(REGISTER, "/other/") == "/other/"
    for scope in ("/club/", "/"):
        assert reader.page.evaluate(REGISTER, scope) == "SecurityError"
    reader.go()
    reader.reads("gold home")
    controller = reader.page.evaluate("navigator.serviceWorker.controller.scriptURL")
    assert controller == reader.host.root + "sw.js"


@pytest.mark.long
def test_a_neighbour_can_remove_the_worker_and_the_next_sign_in_is_safe(lantern_site: Lantern, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    replace_all(reader)
    assert reader.page.evaluate(UNREGISTER) == [True]
    reader.go()
    reader.reads("Lantern")
    reader.sign_in(lantern_site.code("M-2"))
    reader.reads("silver home")
    assert caught(reader) == "null"
