"""Limits: how far a host and other sites reach. docs/security.md states each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from members_portal.seal import access_code
from tests.js.host import Host
from tests.js.reader import PATIENCE, Reader
from tests.long_cases import quick_and_long, quick_first
from tests.seal.small_site import Site

CHANGE = """
worker.addEventListener('activate', event => event.waitUntil(openSession(false).then(async session => {
  const page = new TextDecoder().decode(await readFile(session, find(session, 'reports/beans/')));
  const root = await rootOf(await recall('member'), false);
  const read = await crypto.subtle.exportKey('raw', root).catch(({name}) => name);
  return fetch(`caught?${encodeURIComponent([/<h1>.*<.h1>/.exec(page), session.slots.greeting[0].html, read])}`);
})));
"""
OTHER_SITE = """<!DOCTYPE html><meta charset=utf-8><link rel=icon href=data:,><h1>Another site</h1>
<a href="{root}#{code}">A link</a><iframe src="{root}"></iframe>"""
FORBIDDING = [{"Content-Security-Policy": "frame-ancestors 'none'"}, {"X-Frame-Options": "DENY"}]


@pytest.fixture
def other_site(tmp_path: Path, lantern_site: Site, host: Host) -> Iterator[Host]:
    """Serve a site on another origin; it links to the portal with the code of M-2, and frames the portal."""
    folder = tmp_path / "other site"
    folder.mkdir()
    text = OTHER_SITE.format(root=host.root, code=lantern_site.code("M-2"))
    (folder / "index.html").write_text(text, "utf-8")
    site = Host(folder)
    yield site
    site.close()


@pytest.mark.parametrize("remember", quick_and_long([True, False], ()))
def test_a_changed_worker_reads_a_session_without_a_typed_code(
    lantern_site: Site, reader: Reader, host: Host, remember: bool
) -> None:
    reader.enter(lantern_site.code("M-1"), remember=remember)
    reader.page.wait_for_load_state("load")
    script = host.site / "sw.js"
    changed = script.read_bytes() + CHANGE.encode()
    script.unlink()  # it may be a link to a file of the previous release
    script.write_bytes(changed)
    reader.go("reports/beans/")
    for _ in range(PATIENCE // 50):
        if host.asked_for("caught?"):
            break
        reader.page.wait_for_timeout(50)
    (caught,) = host.asked_for("caught?")
    assert "Beans%20for%20gold" in caught
    assert "Maya" in caught
    assert "InvalidAccessError" in caught  # the key itself stays closed


@pytest.mark.long
def test_the_host_sees_the_address_of_a_members_page_before_signing_in_only(
    lantern_site: Site, reader: Reader, host: Host
) -> None:
    reader.go("reports/beans/")
    reader.reads("For members")
    assert host.asked_for("reports/beans/")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Beans for gold")
    host.requests.clear()
    reader.page.reload()
    reader.reads("Beans for gold")
    assert host.asked_for("reports/beans/") == []


@pytest.mark.long
def test_a_link_with_a_code_signs_a_visitor_in_as_the_owner_of_the_code(
    lantern_site: Site, reader: Reader, other_site: Host
) -> None:
    reader.page.goto(other_site.root)
    reader.page.get_by_role("link").click()
    reader.reads("silver home")


@pytest.mark.long
def test_a_link_with_a_code_replaces_no_open_session_unless_the_member_wants_it(
    lantern_site: Site, reader: Reader, other_site: Host
) -> None:
    reader.tolerated.append("frame-ancestors")
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    reader.page.goto(other_site.root)
    reader.page.get_by_role("link").click()
    reader.reads("gold home")
    assert "#" not in reader.page.url
    expect(reader.page.get_by_role("status")).to_contain_text("Another code.")
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    reader.go(f"reports/beans/#{lantern_site.code('M-2')}")  # over the open page
    reader.page.get_by_role("button", name="Open it").click()
    reader.reads("silver home")
    assert all("#" not in entry for entry in reader.history())


@pytest.mark.long
def test_a_link_with_the_members_own_code_or_a_wrong_one_asks_nothing(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    nobody = access_code(lantern_site.secret, "nobody", 1)
    for code, notice in ((lantern_site.code("M-1"), "current"), (nobody, "no-code")):
        reader.page.goto("about:blank")
        reader.go(f"reports/beans/#{code}")
        reader.reads("Beans for gold")
        expect(reader.page.locator(f"[data-state={notice}]")).to_have_count(1)
        assert "#" not in reader.page.url


@pytest.mark.long
def test_a_link_with_a_code_asks_before_it_replaces_a_session_that_does_not_open(
    lantern_site: Site, reader: Reader, host: Host, other_site: Host
) -> None:
    reader.tolerated.append("frame-ancestors")
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.forget_sealed()
    blobs = host.site / "_/b"
    blobs.rename(host.site / "away")
    reader.page.goto(other_site.root)
    reader.page.get_by_role("link").click()
    reader.is_told("The message: replace.")
    assert "#" not in reader.page.url
    (host.site / "away").rename(blobs)
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    reader.reload_hard()
    reader.reads("Beans for gold")


@pytest.mark.long
def test_a_member_can_confirm_that_a_link_replaces_a_session(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.forget_sealed()
    (host.site / "_/b").rename(host.site / "away")
    reader.go("reports/beans/")
    reader.is_told("The message: host.")
    (host.site / "away").rename(host.site / "_/b")
    reader.go(f"reports/beans/#{lantern_site.code('M-2')}")  # over the open page
    reader.is_told("The message: replace.")
    reader.page.get_by_role("button", name="Sign in").click()
    reader.reads("Beans for silver")
    assert all("#" not in entry for entry in reader.history())


@pytest.mark.long
def test_another_site_can_frame_the_sign_in_page(reader: Reader, other_site: Host) -> None:
    reader.page.goto(other_site.root)
    expect(reader.page.frame_locator("iframe").get_by_label("Access code")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("headers", quick_first(FORBIDDING, 1))
def test_a_host_can_forbid_the_frame(reader: Reader, host: Host, other_site: Host, headers: dict[str, str]) -> None:
    reader.tolerated += ["frame-ancestors", "X-Frame-Options"]
    host.headers = headers
    reader.page.goto(other_site.root)
    assert reader.page.frame_locator("iframe").locator("h1").count() == 0


def test_another_site_cannot_frame_members_pages(lantern_site: Site, reader: Reader, other_site: Host) -> None:
    reader.tolerated.append("frame-ancestors")
    reader.enter(lantern_site.code("M-1"))
    reader.page.wait_for_load_state("load")
    reader.page.goto(other_site.root)
    assert reader.page.frame_locator("iframe").locator("h1").count() == 0


@pytest.mark.long
@pytest.mark.parametrize("headers", FORBIDDING)
def test_the_portal_works_with_these_headers(
    lantern_site: Site, reader: Reader, host: Host, headers: dict[str, str]
) -> None:
    host.headers = headers
    reader.enter(lantern_site.code("M-1"))
    reader.reads("gold home")
