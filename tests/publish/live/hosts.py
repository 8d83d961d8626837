"""Hosts that serve a release as it was signed, or in a way that `portal verify` must find."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from members_portal.publish.static_server import Server, StaticHandler


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
