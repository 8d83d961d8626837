"""The preview's server: what it adds to the answers of a static host."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.publish.live_reload.event_stream import COMMENT, EventStream, PreviewFault, PreviewState, failed
from members_portal.publish.live_reload.preview_server import SCRIPTS, serve_preview
from members_portal.publish.publish_error import PublishError
from tests.publish.project import files_of
from tests.publish.test_static_server import Host
from tests.seal.small_site import Site

NAVIGATION = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
PAGE = "<body><h1>Lantern</h1></body>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("site"))
    site.files |= {"public/index.html": PAGE, "public/404.html": PAGE, "public/sw.js": "'use strict';"}
    site.publish()
    return site


@pytest.fixture
def host(site: Site) -> Iterator[Host]:
    server = serve_preview(lambda: site.release, "/club/", EventStream("ab"), port=0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Host(server.server_address[1], site.release)
    server.shutdown()
    server.server_close()


def test_a_navigation_gets_the_page_with_a_script(host: Host) -> None:
    for path, status in (("/club/", 200), ("/club/none/", 404), ("/", 404)):
        answer = host.ask(path, **NAVIGATION)
        assert (answer.status, answer.headers.get("cache-control", "no-cache")) == (status, "no-cache")
        assert b'</h1><script src="/club/sw.js?preview" data-publish="' in answer.body


def test_all_other_requests_get_the_bytes_of_the_release(host: Host) -> None:
    for path, data in files_of(host.folder).items():
        assert host.ask(f"/club/{path}").body == data
        if not path.endswith(".html"):
            assert host.ask(f"/club/{path}", **NAVIGATION).body == data


def test_a_navigation_after_a_publish_gets_the_new_page(host: Host, site: Site) -> None:
    tag = host.ask("/club/", **NAVIGATION).headers["etag"]
    assert host.ask("/club/", If_None_Match=tag, **NAVIGATION).status == 304
    site.publish()  # the page is a link to the file of the release before
    assert host.ask("/club/", If_None_Match=tag, **NAVIGATION).status == 200


def test_the_worker_gets_its_addition(host: Host) -> None:
    added = (SCRIPTS / "worker.js").read_bytes()
    assert host.ask("/club/sw.js", Sec_Fetch_Dest="serviceworker").body == added + b"'use strict';"


def test_the_script_of_pages_is_served(host: Host) -> None:
    answer = host.ask("/club/sw.js?preview")
    assert (answer.body, answer.headers["content-type"]) == (
        (SCRIPTS / "reload.js").read_bytes(),
        "text/javascript; charset=utf-8",
    )


def test_the_stream_begins_with_the_present_state(host: Host) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=60)
    connection.request("GET", "/club/_/preview")
    answer = connection.getresponse()
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.readline() == b'data: {"publish": "ab", "title": "", "faults": []}\n'
    connection.close()


@pytest.mark.parametrize("name", ["portal.example", "127.0.0.1.portal.example:8000", ""])
def test_a_foreign_name_of_this_machine_gets_no_event(host: Host, name: str) -> None:
    assert host.ask("/club/_/preview", Host=name).status == 403


def test_each_state_is_told_once() -> None:
    stream = EventStream()
    events = stream.events(heartbeat=0)
    assert list(islice(events, 3)) == [PreviewState().as_event(), COMMENT, COMMENT]
    stream.announce(PreviewState("cd"))
    assert list(islice(events, 2)) == [PreviewState("cd").as_event(), COMMENT]


def test_a_problem_has_its_place_apart() -> None:
    problems = [Problem("a.md", 4, 2, "no tier", "a tier", "`gold`"), Problem("b.md", 0, 0, "is empty")]
    state = failed("ab", InvalidInput(problems))
    assert state.title == "2 problems"
    assert state.faults == (
        PreviewFault("a.md:4:2", "no tier, expected a tier (did you mean `gold`?)"),
        PreviewFault("b.md", "is empty"),
    )


def test_another_error_is_told_without_a_place() -> None:
    state = failed("ab", PublishError("a leak"))
    assert (state.title, state.faults) == ("The publish failed", (PreviewFault("", "a leak"),))


def test_a_release_has_none_of_it(host: Host) -> None:
    scripts = [path.read_bytes()[:60] for path in SCRIPTS.glob("*.js")]
    assert len(scripts) == 2
    assert [path for path, data in files_of(host.folder).items() if any(each in data for each in scripts)] == []
    assert [path for path in Path(host.folder).rglob("*") if "preview" in path.name] == []
