"""On a member's device, the host is asked for sealed and public files only: addresses tell what a member reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.js.host import Host
from tests.js.lantern import COMMON_SCRIPTS, page
from tests.js.lantern import Lantern as Site
from tests.js.reader import FETCH, Reader
from tests.long_cases import quick_and_long

FAULTS: dict[str, Callable[[Host], None]] = {
    "lost file": lambda host: host.lose("_/b/"),
    "damaged file": lambda host: host.damage("_/b/"),
    "stopped worker": lambda host: None,
    "lost manifest": lambda host: host.lose("_/m/"),
    "damaged manifest": lambda host: host.damage("_/m/"),
    "damaged bootstrap": lambda host: host.damage_file("portal.json"),
}


@pytest.fixture
def member(lantern_site: Site, reader: Reader, host: Host) -> Reader:
    """Sign in, complete the copy on the device, and forget the requests until then."""
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.requests.clear()
    return reader


@pytest.mark.parametrize("fault", quick_and_long(FAULTS, set()))
def test_a_page_that_cannot_be_opened_is_not_asked_for(member: Reader, host: Host, fault: str) -> None:
    member.tolerated += ["OperationError", "Trouble", "SyntaxError", "damaged"]
    member.forget_sealed()
    FAULTS[fault](host)
    answer = member.go("reports/beans/")
    if fault in {"damaged bootstrap", "stopped worker"}:
        member.reads("Beans for gold")
    else:
        assert answer
        assert answer.status == 503
        member.reads("For members")
        expect(member.page.get_by_label("Access code")).to_be_hidden()
        expect(member.page.get_by_role("alert")).to_contain_text("The message: ")
    assert member.page.evaluate(FETCH, ["/sheets/beans.pdf", {}])["status"] in {200, 404, 503}
    assert host.asked_for("beans") == []


def test_an_address_that_the_edition_lacks_is_not_asked_for(member: Reader, host: Host) -> None:
    for path in ("offers/of-another-tier/", "offers/of-another-tier", "letters/another.pdf", "sw.js.html", "a%zz/"):
        answer = member.go(path)
        assert answer
        assert answer.status == 404
        member.reads("Not in gold")
        assert member.page.evaluate(FETCH, [f"/{path}", {}])["status"] == 404
    assert {request.split(" ")[1] for request in host.requests} <= {"/portal.json", "/sw.js"}


@pytest.mark.long
def test_public_pages_and_files_come_from_the_host(lantern_site: Site, reader: Reader, host: Host) -> None:
    lantern_site.files["public/downloads/map.txt"] = "A map"
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    reader.go("imprint?from=letter")
    reader.reads("Imprint")
    assert reader.page.url == f"{host.root}imprint/"
    reader.go("imprint/index.html")
    reader.reads("Imprint")
    assert reader.page.evaluate(FETCH, ["/downloads/map.txt", {}])["status"] == 200


@pytest.mark.long
def test_a_public_page_of_a_newer_publish_is_found_before_its_worker(
    lantern_site: Site, member: Reader, host: Host
) -> None:
    lantern_site.files["public/visit/index.html"] = page("Visit", "<p>At dusk.</p>", "../", *COMMON_SCRIPTS)
    host.publish(lantern_site)
    member.go("visit/")  # answered by the worker of the publish before
    member.reads("Visit")
    del lantern_site.files["public/imprint/index.html"]
    host.publish(lantern_site)
    member.go("imprint/")
    member.reads("Not in gold")


@pytest.mark.long
def test_a_page_of_a_session_that_has_ended_is_not_asked_for(lantern_site: Site, member: Reader, host: Host) -> None:
    member.go("reports/beans/")
    member.reads("Beans for gold")
    host.publish(lantern_site, without="M-1")
    member.page.reload()
    member.is_told("The message: revoked.")
    assert host.asked_for("beans") == []


@pytest.mark.long
def test_no_public_page_stands_for_a_session_that_does_not_open(member: Reader, host: Host) -> None:
    member.tolerated.append("damaged")
    member.forget_sealed()
    host.lose("_/m/")
    for path in ("imprint/", ""):
        answer = member.go(path)
        assert answer
        assert answer.status == 503
        member.reads("For members")
        member.is_told("The message: host.")
        expect(member.page.get_by_label("Access code")).to_be_hidden()
    member.page.get_by_role("button", name="Use another code").click()
    expect(member.page.get_by_label("Access code")).to_be_visible()
