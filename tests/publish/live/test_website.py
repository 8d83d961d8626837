"""A live site as browsers get it: redirects, types, headers, and hosts that do not end."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from socketserver import StreamRequestHandler

import pytest

from members_portal.publish.live.website import Website
from members_portal.publish.publish_error import PublishError
from tests.long_cases import quick_and_long, quick_first
from tests.publish.live.hosts import (
    Circle,
    CodeInFragment,
    DisguisedFolder,
    EncodedSlash,
    Endless,
    FalseErrorPage,
    FalseFolders,
    OtherFolder,
    OtherFolderOfAPage,
    OtherHeaders,
    OtherOrigin,
    RedirectedWorker,
    ScriptsAsPages,
    SlashRemoved,
    StaticFolder,
    served,
)
from tests.publish.project import Project


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    """Serve the project's release; yield its address."""
    with served(StaticFolder.of(project.release)) as found:
        yield found


HOSTS = [
    (FalseFolders, ["/ is not as it was signed (expected index.html)"]),
    (FalseErrorPage, ["/*/ is not as it was signed (expected 404.html)"]),
    (OtherOrigin, ["sw.js redirects to another origin: http://127.0.0.1:*/sw.js"]),
    (OtherFolder, ["/ redirects to another page: http://127.0.0.1:*/x/ (expected index.html)"]),
    (RedirectedWorker, ["sw.js redirects, and browsers then refuse it"]),
    (CodeInFragment, ["/ redirects to an address with a fragment (expected index.html)"]),
    (Circle, ["sw.js redirects more than 2 times"]),
    (ScriptsAsPages, ["sw.js is served as text/html, expected text/javascript"]),
    (
        OtherHeaders,
        [
            "/ is served with the header Refresh, which opens another page (expected index.html)",
            "index.html is served in the character set utf-7, expected utf-8",
        ],
    ),
    (Endless, ["sw.js is longer than 32 MiB"]),
]


@pytest.mark.parametrize(
    ("host", "expected"),
    quick_and_long(HOSTS, HOSTS[:1]),
)
def test_each_answer_that_a_browser_gets_is_verified(
    project: Project, address: str, host: type[StaticFolder], expected: list[str]
) -> None:
    with served(host.of(project.release, origin=address)) as other:
        run = project.portal("verify", other)
    assert run.code == 4, run.text
    lines = sorted(line for line in run.err.splitlines() if not line.startswith("theme/js/"))
    assert len([line for line in lines if not line.endswith("/index.html)")]) == len(expected)
    assert all(any(fnmatch(line, pattern) for line in lines) for pattern in expected), lines


REDIRECTS = [
    (OtherFolderOfAPage, "x/visit/"),
    (SlashRemoved, "visit"),
    (DisguisedFolder, "visit/%2e%2e"),
    (EncodedSlash, "visit%2Findex.html"),
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("host", "target"),
    REDIRECTS,
)
def test_a_redirect_to_another_folder_is_a_difference(project: Project, host: type[StaticFolder], target: str) -> None:
    with served(host.of(project.release)) as address:
        run = project.portal("verify", address)
    assert run.code == 4
    assert run.err == f"/visit/ redirects to another page: {address}{target} (expected visit/index.html)\n"


@pytest.mark.long
def test_headers_of_redirects_and_of_the_error_page_are_verified(project: Project) -> None:
    class SigningOut(StaticFolder):
        def answer_otherwise(self) -> bool:
            if self.path == "/visit/index.html":
                return self.send(302, b"", Location="/visit/", Clear_Site_Data='"storage"')
            is_known = self.path.endswith("/index.html") or (self.folder() / self.path.lstrip("/")).exists()
            page = (self.folder() / "404.html").read_bytes()
            return not is_known and self.send(404, page, Content_Type="text/html", Clear_Site_Data='"*"')

    with served(SigningOut.of(project.release)) as address:
        run = project.portal("verify", address)
    assert run.code == 4
    first, second = sorted(run.err.splitlines())
    fault = "is served with the header Clear-Site-Data, which signs members out"
    assert fnmatch(first, f"/*/ {fault} (expected 404.html)")
    assert second == f"visit/index.html {fault}"


@pytest.mark.long
def test_hosts_may_redirect_within_their_origin_and_name_scripts_in_either_way(project: Project) -> None:
    class OtherHost(StaticFolder):
        def answer_otherwise(self) -> bool:
            if self.path.endswith("/index.html"):
                return self.send(308, b"", Location=self.path.removesuffix("index.html"))
            if not (self.path.endswith(".js") and self.is_file()):
                return False
            return self.send(200, (self.folder() / self.path[1:]).read_bytes(), Content_Type="application/javascript")

    with served(OtherHost.of(project.release)) as address:
        run = project.portal("verify", address)
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    "body", quick_first([b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n\r\n"], 1)
)
def test_an_answer_that_does_not_end_in_time_is_an_error(body: bytes) -> None:
    ended = threading.Event()

    class Dripping(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(body)
                while not ended.wait(0.01):
                    self.wfile.write(b"x")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        site = Website(f"http://127.0.0.1:{server.server_address[1]}", "unknown/", seconds=0.3)
        with pytest.raises(PublishError, match=r"/sw\.js: (no complete answer within 0\.3 seconds|timed out)"):
            site.digest("sw.js")
        ended.set()
        server.shutdown()


def test_a_run_that_does_not_end_in_time_is_an_error(address: str) -> None:
    site = Website(address, "unknown/", run_seconds=0)
    with pytest.raises(PublishError, match=r"/sw\.js: not all answers came within 0 seconds"):
        site.digest("sw.js")
