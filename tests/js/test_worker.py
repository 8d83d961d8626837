"""A member's way through the portal, in Chromium with a real service worker."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.js.host import Host
from tests.js.lantern import SHEET, lantern
from tests.js.lantern import Lantern as Site
from tests.js.reader import FETCH, Reader
from tests.long_cases import quick_and_long
from tests.site.tour import on_day, set_real_day

NewReader = Callable[[], Reader]
both_roots = pytest.mark.parametrize("lantern_site", quick_and_long(["/", "/club/"], {"/club/"}), indirect=True)

NO_WORKERS = "Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined});"

SLOW_LOOKS = """{
  const {getRegistration} = ServiceWorkerContainer.prototype;
  let looks = 0, isOver;
  const over = new Promise(resolve => { isOver = resolve; });
  ServiceWorkerContainer.prototype.getRegistration = async function (...scope) {
    const look = ++looks;
    if (look > 2) await over;
    if (look === 2) {
      const changed = new Promise(resolve => addEventListener('hashchange', resolve));
      location.hash = 'CODE';
      await changed;
    }
    const registration = await getRegistration.apply(this, scope);
    if (look === 2) setTimeout(isOver, 100);
    return registration;
  };
}"""


@pytest.fixture(scope="module")
def device(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Sign M-1 in, once for all tests that only read."""
    site = lantern(tmp_path_factory.mktemp("lantern"))
    site.publish()
    host = Host(site.release)
    reader = Reader(browser, host)
    reader.enter(site.code("M-1"))
    yield reader
    reader.close()
    host.close()


@pytest.fixture
def member(device: Reader) -> Iterator[Reader]:
    """Open the front page of M-1 on the shared device, on the real day; the test ends without any sign of trouble."""
    device.start_over()
    set_real_day(device)
    device.go()
    device.reads("gold home")
    yield device
    found = [*device.troubles]
    device.troubles.clear()
    assert found == []


@both_roots
def test_typing_the_code_opens_the_members_edition(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    reader.reads("Lantern")
    reader.sign_in(lantern_site.code("M-1").lower().replace("-", " "))
    reader.reads("gold home")
    assert reader.page.url == reader.host.root
    reader.page.get_by_role("link", name="Beans").click()
    reader.reads("Beans for gold")
    assert reader.page.locator("img").evaluate("image => image.complete && image.naturalWidth") == 9


@pytest.mark.long
def test_the_address_from_the_letter_signs_in_at_once(lantern_site: Site, reader: Reader) -> None:
    reader.go("#" + lantern_site.code("M-2"))
    reader.reads("silver home")


@pytest.mark.long
def test_an_address_opened_over_the_sign_in_page_signs_in(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    reader.go("#" + lantern_site.code("M-2"))
    reader.reads("silver home")


@pytest.mark.long
def test_an_address_opened_while_the_sign_in_page_starts_signs_in(lantern_site: Site, reader: Reader) -> None:
    """The address comes while the page looks for a session; later looks end after the page has gone on."""
    reader.page.add_init_script(SLOW_LOOKS.replace("CODE", lantern_site.code("M-2")))
    reader.go()
    reader.reads("silver home")


def test_the_code_shows_in_no_request_title_history_or_store(lantern_site: Site, reader: Reader) -> None:
    code = lantern_site.code("M-1")
    reader.go("reports/beans/#" + code)
    reader.reads("Beans for gold")
    reader.go("#" + code)  # once more, signed in
    reader.reads("gold home")
    everything = "\n".join(
        [*reader.seen, *reader.host.requests, *reader.history(), reader.page.url, str(reader.kept())]
    )
    for written in (code, code.replace("-", ""), code.lower(), code.replace("-", "%20")):
        assert written not in everything
    assert reader.kept()["storage"] == 0


@pytest.mark.long
def test_the_field_hides_the_code_unless_asked_and_is_empty_when_the_page_closes(
    lantern_site: Site, reader: Reader
) -> None:
    reader.page.add_init_script("""addEventListener('pagehide', () => {
      const field = document.querySelector('[name=code]');
      if (field) sessionStorage.left = JSON.stringify([field.type, field.value]);
    })""")
    reader.go()
    expect(reader.page.get_by_label("Access code")).to_have_attribute("type", "password")
    button = reader.page.get_by_role("button", name="Show")
    for shown, kind in (("true", "text"), ("false", "password"), ("true", "text")):
        button.click()
        expect(button).to_have_attribute("aria-pressed", shown)
        expect(reader.page.get_by_label("Access code")).to_have_attribute("type", kind)
    reader.sign_in(lantern_site.secret_code("M-9"))
    reader.is_told("The message: unknown.")
    expect(reader.page.get_by_label("Access code")).to_have_attribute("type", "password")
    expect(reader.page.get_by_label("Access code")).to_have_value(lantern_site.secret_code("M-9"))
    button.click()
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")
    assert reader.page.evaluate("JSON.parse(sessionStorage.left)") == ["password", ""]


def test_the_root_key_cannot_be_read_by_a_script(member: Reader) -> None:
    key = member.page.evaluate(
        """async () => {
          const open = indexedDB.open('portal /');
          await new Promise(resolve => { open.onsuccess = resolve; });
          const get = open.result.transaction('kept').objectStore('kept').get('member');
          await new Promise(resolve => { get.onsuccess = resolve; });
          const {root} = get.result;
          return [root.extractable, await crypto.subtle.exportKey('raw', root).catch(error => error.name)];
        }"""
    )
    assert key == [False, "InvalidAccessError"]


def test_a_slip_is_noticed_before_any_request(lantern_site: Site, reader: Reader) -> None:
    code = lantern_site.code("M-1")
    wrong = code[:8] + ("A" if code[8] != "A" else "B") + code[9:]
    reader.go()
    before = len(reader.host.requests), len(reader.seen)
    reader.sign_in(wrong)
    reader.is_told("There is a slip in group 3.")
    reader.sign_in(code[:-4])
    reader.is_told("There is a slip.")
    assert (len(reader.host.requests), len(reader.seen)) == before
    assert reader.page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


@pytest.mark.long
def test_a_well_formed_code_of_nobody_is_unknown(lantern_site: Site, reader: Reader) -> None:
    reader.go()
    reader.sign_in(lantern_site.secret_code("M-9"))
    reader.is_told("The message: unknown.")
    expect(reader.page.get_by_role("button", name="Sign in")).to_be_enabled()
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


@pytest.mark.long
def test_the_days_until_a_day_are_counted_for_two_weeks(member: Reader) -> None:
    on_day(member, "2026-11-21")
    expect(member.page.locator("u")).to_have_text(["in 3 days", "", ""])
    on_day(member, "2026-11-23")
    expect(member.page.locator("u")).to_have_text(["tomorrow", "", ""])


def test_slots_are_filled_and_filled_in_text_is_left_alone(member: Reader) -> None:
    text = member.page.locator("body").inner_text()
    assert "Good evening, $& Maya." in text
    assert "not searched" in text
    assert "Long ago" not in text
    expect(member.page.locator("em")).to_have_text(["Yours"])
    assert member.page.content().count("<!--slot:greeting-->not searched") == 1


@pytest.mark.long
def test_a_slot_in_a_file_of_the_members_own_is_filled(member: Reader) -> None:
    member.go("account/earlier/")
    expect(member.page.locator("b")).to_have_text(["beans"])
    assert "In 2023, $& beans." in member.page.locator("body").inner_text()
    assert member.page.content().count("<!--slot:greeting-->not searched") == 1


@pytest.mark.long
def test_a_slot_without_a_file_keeps_its_default_content(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-3"))
    reader.go("account/earlier/")
    assert "Nothing earlier." in reader.page.locator("body").inner_text()


def test_parts_for_other_days_are_removed(member: Reader) -> None:
    expect(member.page.locator("i")).to_have_text(["2000-01-01: ", "2000-01-01:2999-12-31 "])
    assert "<!--days" not in member.page.content()


@pytest.mark.long
def test_a_page_states_the_day_of_the_publish(member: Reader) -> None:
    assert "As of 21 November 2026" in member.page.locator("body").inner_text()


@pytest.mark.long
def test_slots_of_a_member_without_a_record_keep_their_fallback(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-2"))
    expect(reader.page.get_by_text("Welcome.")).to_be_visible()


@pytest.mark.long
@both_roots
def test_a_first_visit_by_deep_link_ends_where_it_was_going(lantern_site: Site, reader: Reader) -> None:
    reader.go("reports/beans/?from=letter")
    reader.reads("For members")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Beans for gold")
    assert reader.page.url == reader.host.root + "reports/beans/?from=letter"
    assert len(reader.history()) == 2 * 2  # the blank page, and the report in place of the sign-in


@pytest.mark.long
@both_roots
def test_a_hard_reload_comes_back(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.go("reports/beans/")
    reader.reload_hard()
    reader.reads("Beans for gold")
    reader.go()
    reader.reload_hard()
    reader.reads("gold home")


@pytest.mark.long
def test_a_hard_reload_of_what_is_not_in_the_edition_says_so(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-2"))
    reader.go("offers/tasting/")
    reader.reads("Not in silver")
    reader.reload_hard()
    reader.is_told("The message: missing.")


def test_addresses_are_answered_as_a_host_would(member: Reader) -> None:
    missing = member.go("no/such/page/")
    assert missing
    assert missing.status == 404
    member.reads("Not in gold")
    member.go("reports/beans?x=1")
    assert member.page.url == member.host.root + "reports/beans/?x=1"
    member.reads("Beans for gold")
    letter = member.go("letter.txt")
    assert letter
    assert letter.text() == "Dear Maya"
    member.go("imprint/")
    member.reads("Imprint")
    redirected = member.go("imprint")  # the host's own redirect
    assert redirected
    assert redirected.url == member.host.root + "imprint/"
    assert member.page.evaluate("fetch('portal.json').then(response => response.status)") == 404
    assert member.page.evaluate("fetch('../portal.json').then(response => response.status)") == 200


def test_a_member_gets_no_file_of_another_edition_or_member(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-2"))
    for path in ("offers/tasting/", "letter.txt"):
        response = reader.go(path)
        assert response
        assert response.status == 404
    everything = reader.page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
          }
          return texts.join();
        }"""
    )
    assert "Beans" not in everything  # the cache holds sealed files and public ones
    assert "Welcome" not in everything


def test_answers_carry_their_headers(member: Reader) -> None:
    for path in (
        "",
        "reports/beans/",
        "images/square.svg",
        "sheets/beans.pdf",
        "imprint/",
        "theme/css/site.css?v=1",
    ):
        headers = member.page.evaluate(FETCH, [path, {}])["headers"]
        root = member.host.root
        scripts = f"default-src 'none'; script-src {root}theme/js/ {root}sw.js;"
        assert headers["content-security-policy"].startswith(scripts), path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
    assert member.page.evaluate(FETCH, ["", {}])["headers"]["cache-control"] == "no-store"
    style = member.page.evaluate(FETCH, ["theme/css/site.css?v=1", {}])["headers"]
    assert style["cache-control"] == "max-age=600"  # else each page would wait for the worker, once a file
    assert member.page.evaluate(FETCH, ["", {}])["headers"]["content-type"] == "text/html; charset=utf-8"


RANGES = (
    ("bytes=0-0", 206, 0, 1),
    ("bytes=16380-16390", 206, 16380, 16391),
    ("bytes=99990-", 206, 99990, len(SHEET)),
    ("bytes=-10", 206, len(SHEET) - 10, len(SHEET)),
    ("bytes=5-9999999", 206, 5, len(SHEET)),
    ("bytes=-9999999", 206, 0, len(SHEET)),
    ("bytes=9-5", 200, 0, len(SHEET)),
    ("lines=1-2", 200, 0, len(SHEET)),
    (f"bytes={len(SHEET)}-", 416, 0, 0),
    ("bytes=-0", 416, 0, 0),
)


def test_ranges(member: Reader) -> None:
    for asked, status, start, end in RANGES:
        answer = member.page.evaluate(FETCH, ["sheets/beans.pdf", {"headers": {"range": asked}}])
        assert (answer["status"], b64decode(answer["base64"])) == (status, SHEET[start:end]), asked
        span = {206: f"bytes {start}-{end - 1}/{len(SHEET)}", 416: f"bytes */{len(SHEET)}"}.get(status)
        assert answer["headers"].get("content-range") == span


@pytest.mark.long
def test_head_tells_the_size_and_sends_nothing(member: Reader) -> None:
    answer = member.page.evaluate(FETCH, ["sheets/beans.pdf", {"method": "HEAD"}])
    assert (answer["size"], answer["headers"]["content-length"]) == (0, str(len(SHEET)))


def test_a_page_without_a_secure_context_says_so(new_reader: NewReader, host: Host) -> None:
    reader = new_reader()
    reader.page.add_init_script(NO_WORKERS + "Object.defineProperty(window, 'isSecureContext', {value: false})")
    reader.go()
    reader.is_told("The message: insecure.")


def test_a_browser_without_workers_says_so(new_reader: NewReader, host: Host) -> None:
    reader = new_reader()
    reader.page.add_init_script(NO_WORKERS)
    reader.go()
    reader.is_told("The message: unsupported.")
    before = len(host.requests)
    reader.sign_in("anything")
    reader.is_told("The message: unsupported.")
    assert len(host.requests) == before
