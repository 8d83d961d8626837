"""The command `portal verify`: a folder or a live site against its signature."""

from __future__ import annotations

import shutil
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from fnmatch import fnmatch
from http.client import parse_headers
from io import BytesIO
from pathlib import Path
from socketserver import StreamRequestHandler

import pytest

from members_portal.publish.live.answer_headers import file_fault, header_fault
from members_portal.publish.live.website import Website
from members_portal.publish.publish_error import PublishError
from members_portal.publish.static_server import Server, StaticHandler, serve
from members_portal.seal import Secret
from tests.long_cases import quick_and_long
from tests.publish.project import SECRET, Project

KEY = Secret(bytes.fromhex(SECRET)).public_key.hex()
RELEASE = "release 20261120000 of 2026-11-20"


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    """Serve the project's release; yield its address."""
    server = serve(lambda: project.output, port=0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def replace_file(file: Path, data: bytes) -> str:
    """Replace a file, which may be linked to another release; return its path in the release."""
    file.unlink()
    file.write_bytes(data)
    return str(file).partition("/releases/")[2].partition("/")[2]


def spoil(release: Path) -> list[str]:
    """Change, remove and swap files of a release; return the differences that this makes, sorted."""
    page = replace_file(release / "index.html", b"<script>")
    blobs = sorted((release / "_/b").glob("*/*"))
    message = blobs[0].read_bytes()
    changed = replace_file(blobs[0], message[:-1] + bytes([message[-1] ^ 1]))
    swapped = replace_file(blobs[1], blobs[2].read_bytes())
    pack = next((release / "_/r").glob("*/*"))
    cut = replace_file(pack, pack.read_bytes()[:-1])
    blobs[3].unlink()
    gone = blobs[3].relative_to(release).as_posix()
    return sorted(
        [*(f"{path} is not as it was signed" for path in (page, changed, swapped, cut)), f"{gone} is missing"]
    )


def test_a_folder_and_a_live_site_are_as_they_were_signed(project: Project, address: str) -> None:
    for place in ("output", address):
        run = project.portal("verify", place)
        assert (run.code, run.err) == (0, "")
        assert run.out == f"{place} has {RELEASE}.\n{place} is as it was signed by {KEY}.\n"


def test_each_difference_of_a_live_site_is_named(project: Project, address: str) -> None:
    expected = spoil(project.release)
    run = project.portal("verify", address)
    assert run.code == 4
    found = sorted(line.replace(" from the release", "") for line in run.err.splitlines())
    assert found == sorted([*expected, "/ is not as it was signed (expected index.html)"])


def test_a_folder_may_hold_nothing_else(project: Project) -> None:
    (project.release / "_/b/00").mkdir(exist_ok=True)
    for path in ("more.html", f"_/b/00/{'0' * 32}"):
        (project.release / path).write_bytes(b"")
    run = project.portal("verify", "output")
    assert run.code == 4
    assert run.err.splitlines() == [
        "more.html does not belong to the release",
        f"_/b/00/{'0' * 32} does not belong to the release",
    ]


def test_the_public_key_is_enough_for_the_files_in_clear(project: Project, address: str) -> None:
    settings = project.root / "pelicanconf.py"
    for arguments, line in ((["--key", KEY], ""), ([], f'PORTAL_PUBLIC_KEY = "{KEY}"\n')):
        settings.write_text(settings.read_text("utf-8") + line, "utf-8")
        run = project.portal("verify", address, *arguments, PORTAL_SECRET=None)
        assert (run.code, run.err) == (0, "")
        assert "Sealed files were not compared" in run.out
    replace_file(project.release / "portal.json", b"{}")
    assert project.portal("verify", address, "--key", KEY, PORTAL_SECRET=None).code == 4


def test_another_sites_release_is_refused(project: Project) -> None:
    run = project.portal("verify", "output", "--key", "00" * 32)
    assert (run.code, run.err) == (4, "the release is signed by another key\n")


def test_an_older_genuine_release_is_a_difference(project: Project) -> None:
    old = project.root / "old"
    shutil.copytree(project.release, old)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish("2026-11-21")
    older = f"{RELEASE} is older than release 20261121000 of 2026-11-21 in output\n"
    with served(StaticFolder.of(old)) as address:
        for place in ("old", address):
            run = project.portal("verify", place)
            assert (run.code, run.out, run.err) == (4, f"{place} has {RELEASE}.\n", older)


def test_a_machine_without_a_release_states_the_least_day(project: Project) -> None:
    project.output.rename(project.root / "site")
    run = project.portal("verify", "site")
    assert (run.code, run.out.splitlines()[-1]) == (0, "An older release is not found: that needs output/ or --since.")
    run = project.portal("verify", "site", "--since", "2026-11-20")
    assert (run.code, run.out.count("\n")) == (0, 2)
    run = project.portal("verify", "site", "--since", "2026-11-21")
    assert (run.code, run.err) == (4, f"{RELEASE} is older than the day of --since, 2026-11-21\n")


class StaticFolder(StaticHandler):
    """Serves a release as a genuine host does, except for the answers that a subclass changes."""

    prefix = "/"
    origin = ""

    @classmethod
    def of(cls, folder: Path, origin: str = "") -> type[StaticFolder]:
        """Return a handler of a folder; `origin` is another web server."""
        return type("Served", (cls,), {"folder": staticmethod(lambda: folder), "origin": origin})

    def do_GET(self) -> None:
        if not self.answer_otherwise():
            super().do_GET()

    def answer_otherwise(self) -> bool:
        """Answer a request in another way; return whether it was answered."""
        return False

    def is_file(self) -> bool:
        """Return whether the release has the file of this address."""
        return (self.folder() / self.path.lstrip("/")).is_file()

    def send(self, status: int, body: bytes, **headers: str) -> bool:
        """Send an answer; `_` in the name of a header stands for a hyphen."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self._finish(body)
        return True


@contextmanager
def served(handler: type[StaticHandler]) -> Iterator[str]:
    """Serve a folder on a free port; yield the address."""
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class FalseFolders(StaticFolder):
    """Answers folders with a page of its own; index.html stays genuine."""

    def answer_otherwise(self) -> bool:
        is_folder = self.path.endswith("/") and (self.folder() / self.path.lstrip("/")).is_dir()
        return is_folder and self.send(200, b"<form>", Content_Type="text/html")


class FalseErrorPage(StaticFolder):
    """Answers unknown addresses with a page of its own; 404.html stays genuine."""

    def answer_otherwise(self) -> bool:
        is_known = self.path.endswith("index.html") or (self.folder() / self.path.lstrip("/")).exists()
        return not is_known and self.send(404, b"<form>", Content_Type="text/html")


class OtherOrigin(StaticFolder):
    """Redirects sw.js to another host, which has the genuine file."""

    def answer_otherwise(self) -> bool:
        return self.path == "/sw.js" and self.send(302, b"", Location=f"{self.origin}sw.js")


class OtherFolder(StaticFolder):
    """Redirects the first page to a folder that has the genuine pages, and a worker of the host."""

    def answer_otherwise(self) -> bool:
        self.path = self.path.removeprefix("/x")
        return self.path == "/" and self.send(302, b"", Location="/x/")


class OtherFolderOfAPage(StaticFolder):
    """Redirects one public page to a folder that has the genuine pages."""

    def answer_otherwise(self) -> bool:
        self.path = self.path.removeprefix("/x")
        return self.path == "/visit/" and self.send(302, b"", Location="/x/visit/")


class SlashRemoved(StaticFolder):
    """Redirects an address of a folder to the address without its slash: the links of the page lead elsewhere then."""

    def answer_otherwise(self) -> bool:
        if self.path == "/visit":
            self.path = "/visit/index.html"
        return self.path == "/visit/" and self.send(302, b"", Location="/visit")


class DisguisedFolder(StaticFolder):
    """Redirects a page to an address that only looks like its own: browsers resolve the dots."""

    def answer_otherwise(self) -> bool:
        if self.path == "/visit/%2e%2e":
            self.path = "/visit/"
            return False
        return self.path == "/visit/" and self.send(302, b"", Location="/visit/%2e%2e")


class EncodedSlash(StaticFolder):
    """Redirects a page to an address whose slash is encoded: browsers see a file in the folder above."""

    def answer_otherwise(self) -> bool:
        if self.path == "/visit%2Findex.html":
            self.path = "/visit/index.html"
            return False
        return self.path == "/visit/" and self.send(302, b"", Location="/visit%2Findex.html")


class RedirectedWorker(StaticFolder):
    """Redirects sw.js to itself."""

    def answer_otherwise(self) -> bool:
        return self.path == "/sw.js" and self.send(302, b"", Location="/sw.js?1")


class CodeInFragment(StaticFolder):
    """Redirects the first page to an address with an access code."""

    def answer_otherwise(self) -> bool:
        return self.path == "/" and self.send(302, b"", Location="/index.html#0CODE")


class Circle(StaticFolder):
    """Redirects sw.js for ever."""

    def answer_otherwise(self) -> bool:
        return self.path.startswith("/sw.js") and self.send(302, b"", Location=f"{self.path}?")


class ScriptsAsPages(StaticFolder):
    """Serves scripts with the type of a page."""

    def answer_otherwise(self) -> bool:
        if not (self.path.endswith(".js") and self.is_file()):
            return False
        return self.send(200, (self.folder() / self.path[1:]).read_bytes(), Content_Type="text/html")


class OtherHeaders(StaticFolder):
    """Serves genuine pages in another character set, or with a header that opens another page."""

    def answer_otherwise(self) -> bool:
        page = (self.folder() / "index.html").read_bytes()
        if self.path == "/":
            return self.send(200, page, Content_Type="text/html", Refresh="0;url=/evil")
        return self.path == "/index.html" and self.send(200, page, Content_Type="text/html; charset=utf-7")


class Endless(StaticFolder):
    """Serves sw.js without an end."""

    def answer_otherwise(self) -> bool:
        if self.path != "/sw.js":
            return False
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()
        with suppress(ConnectionError):
            while True:
                self.wfile.write(bytes(1 << 20))
        self.close_connection = True
        return True


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


@pytest.mark.parametrize(
    ("host", "target"),
    quick_and_long(REDIRECTS, REDIRECTS[:1]),
)
def test_a_redirect_to_another_folder_is_a_difference(project: Project, host: type[StaticFolder], target: str) -> None:
    with served(host.of(project.release)) as address:
        run = project.portal("verify", address)
    assert run.code == 4
    assert run.err == f"/visit/ redirects to another page: {address}{target} (expected visit/index.html)\n"


def headers(*lines: str) -> Message:
    """Parse the header lines of an answer."""
    return parse_headers(BytesIO("".join(f"{line}\r\n" for line in (*lines, "")).encode()))


HTML, TYPE = "Content-Type: text/html", "Content-Type: application/pdf"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (['Clear-Site-Data: "storage"'], "is served with the header Clear-Site-Data, which signs members out"),
        (["Refresh: 0;url=/evil"], "is served with the header Refresh, which opens another page"),
        (["no header", "A: b"], "has headers that browsers read in different ways"),
        (["Server : a", "Refresh: 0"], "has headers that browsers read in different ways"),
        (["Server: a", " b"], "has headers that browsers read in different ways"),
        (["Server: a", "Content-Type: text/html"], ""),
    ],
)
def test_headers_of_any_answer(lines: list[str], fault: str) -> None:
    assert header_fault(headers(*lines)) == fault


@pytest.mark.parametrize(
    ("path", "lines", "fault"),
    [
        ("/", [HTML, "Content-Type: text/plain"], "is served with more than one Content-Type or character set"),
        ("/", [HTML + "; charset=utf-8; charset=utf-16"], "is served with more than one Content-Type or character set"),
        ("/", [HTML + ", text/plain"], "is served as text/plain, expected text/html"),
        ("a.css", [], "is served as no type, expected text/css"),
        ("a.pdf", [HTML], "is served as a page, text/html"),
        ("a.pdf", [TYPE, HTML], "is served with more than one Content-Type or character set"),
        ("_/b/00/0", ["Content-Type: application/xhtml+xml"], "is served as a page, application/xhtml+xml"),
        ("a.pdf", [TYPE, "Content-Encoding: br"], "is served with Content-Encoding br, which was not asked for"),
        ("/", [HTML, "Content-Encoding: identity"], ""),
        ("/", [HTML, "Content-Disposition: attachment"],
         "is served with the header Content-Disposition, which downloads the page"),
        ("a.pdf", [TYPE, "Content-Disposition: attachment"], ""),
        ("/", [HTML, "Link: </a.css>; rel=preload; as=style"], ""),
        ("/", [HTML, 'Link: </a.js>; rel=preload, <https://evil.invalid/>; rel="alternate stylesheet"'],
         "is served with the header Link, which loads a style"),
    ],
)  # fmt: skip
def test_headers_of_a_file(path: str, lines: list[str], fault: str) -> None:
    assert file_fault(path, headers(*lines)) == fault


@pytest.mark.parametrize(
    ("policy", "directive"),
    [
        ("script-src 'none'", "script-src"),
        ("frame-ancestors 'none', default-src 'none'", "default-src"),
        ("default-src 'self'; IMG-SRC https://evil.invalid", "img-src"),
        ("sandbox allow-scripts", "sandbox"),
        ("default-src https://evil.invalid; script-src 'self'", "default-src"),
        ("frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests;", ""),
        ("default-src 'self'", ""),
        (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'",
            "",
        ),
    ],
)
def test_a_policy_that_stops_the_portals_own_files_is_a_difference(policy: str, directive: str) -> None:
    found = file_fault("/", headers(HTML, f"Content-Security-Policy: {policy}"))
    expected = f"is served with a Content-Security-Policy whose {directive} stops the portal's own files"
    assert found == (expected if directive else "")


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
    "body", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n\r\n"]
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere is neither a folder nor an address"),
        (["output"], "state the site's public key: --key or PORTAL_PUBLIC_KEY"),
        (["output", "--key", "12"], "the public key has 64 hexadecimal digits, not '12'"),
        (["http://127.0.0.1:9/", "--key", KEY], "http://127.0.0.1:9/release.json: "),
    ],
)
def test_what_cannot_be_verified_is_an_error(project: Project, arguments: list[str], words: str) -> None:
    run = project.portal("verify", *arguments, PORTAL_SECRET=None)
    assert run.code == 1
    assert words in run.err
    assert not (project.root / ".portal").exists()
