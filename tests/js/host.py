"""A static host for tests: files below a prefix, 404.html for the rest, and a note of all it was asked for."""

from __future__ import annotations

import gzip
import mimetypes
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from members_portal.publish.static_server import Server
from tests.seal.small_site import Site

PATIENCE = 120  # seconds, for what comes much sooner
NOTHING = "\0"  # occurs in no path


@dataclass
class Host:
    """Serve the folder `site` under `prefix`; `away` breaks every connection, `ranges` answers range requests.

    `headers` go with each file. `redirects` maps paths to other paths. `types` maps names of files to their media
    types, `unknown` is the answer to other paths.
    """

    site: Path
    prefix: str = "/"
    away: bool = False
    ranges: bool = True
    name: str = "127.0.0.1"
    requests: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    unknown: tuple[int, str] = (404, "404.html")

    def __post_init__(self) -> None:
        self._change = threading.Condition()
        self._holds, self._stalls, self._held = NOTHING, NOTHING, 0
        self._server = Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def root(self) -> str:
        """Give the address of the site."""
        return f"http://{self.name}:{self._server.server_port}{self.prefix}"

    def asked_for(self, part: str) -> list[str]:
        """List the requests in whose path a text occurs."""
        return [request for request in self.requests if part in request.split(" ", 2)[1]]

    def publish(self, portal: Site, without: str | None = None) -> None:
        """Publish a portal again, perhaps without one of its members, and serve that alone."""
        if without:
            portal.roster = tuple(one for one in portal.roster if one.member != without)
            portal.files = {path: data for path, data in portal.files.items() if f"/{without}/" not in path}
        portal.publish()
        self.site = portal.release

    def lose(self, folder: str) -> None:
        """Lose all files of a folder."""
        shutil.rmtree(self.site / folder)

    def damage(self, folder: str) -> None:
        """Change one bit of every file in a folder."""
        for file in (self.site / folder).rglob("*"):
            if file.is_file():
                self.damage_file(file.relative_to(self.site).as_posix())

    def damage_file(self, path: str) -> None:
        """Change one bit of a file."""
        file = self.site / path
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.unlink()  # it may be a link to a file of the previous release
        file.write_bytes(data)

    def hold(self, part: str = "/portal.json") -> None:
        """Answer no request in whose path a text occurs until `go_on`."""
        self._holds = part

    def stall(self, part: str) -> None:
        """Answer with half of each file in whose path a text occurs, and with the rest at `go_on`."""
        self._holds = self._stalls = part

    def go_on(self) -> None:
        """Answer the requests that were held back, and return when all are answered."""
        with self._change:
            self._holds = self._stalls = NOTHING
            self._change.notify_all()
            assert self._change.wait_for(lambda: not self._held, timeout=PATIENCE)

    def close(self) -> None:
        """Stop serving."""
        self.go_on()
        self._server.shutdown()
        self._server.server_close()

    def _handler(host) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet for headers and body

            def do_GET(self) -> None:
                host.requests.append(f"{self.requestline}\n{self.headers}")
                if host.away:
                    self.close_connection = True
                    return
                path = self.path.split("?")[0]
                with host.held_back(path):
                    if target := host.target_of(path):
                        return self._redirect(target)
                    self._send(*host.find(path))

            do_HEAD = do_POST = do_GET

            def _redirect(self, path: str) -> None:
                self.send_response(301)
                self.send_header("Location", path)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _send(self, status: int, file: Path) -> None:
                body = file.read_bytes()
                if status == 200 and (part := host.range_of(self.headers)):
                    status, body = 206, body[part]
                self.send_response(status)
                if file.suffix == ".css" and "gzip" in self.headers.get("Accept-Encoding", ""):
                    body = gzip.compress(body)
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Type", host.type_of(file))
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "max-age=600")
                host.send_own_headers(self)
                self.end_headers()
                if self.command != "HEAD":
                    host.write(self, body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def send_own_headers(self, answer: BaseHTTPRequestHandler) -> None:
        """Add `headers` to an answer."""
        for name, value in self.headers.items():
            answer.send_header(name, value)

    def write(self, answer: BaseHTTPRequestHandler, body: bytes) -> None:
        """Send the body of an answer, and wait in its middle if the host stalls there."""
        half = len(body) // 2
        answer.wfile.write(body[:half])
        if self._stalls in answer.path:
            answer.wfile.flush()
            with self._waited(answer.path):
                pass
        answer.wfile.write(body[half:])

    @contextmanager
    def held_back(self, path: str) -> Iterator[None]:
        """Wait with an answer as long as the host holds it."""
        if self._holds not in path or self._stalls in path:
            yield
            return
        with self._waited(path):
            yield

    @contextmanager
    def _waited(self, path: str) -> Iterator[None]:
        with self._change:
            self._held += 1
            self._change.wait_for(lambda: self._holds not in path, timeout=PATIENCE)
        try:
            yield
        finally:
            with self._change:
                self._held -= 1
                self._change.notify_all()

    def target_of(self, path: str) -> str:
        """Return the path that a path redirects to, an empty text without one."""
        is_folder = (self.site / path.removeprefix(self.prefix)).is_dir() and not path.endswith("/")
        return self.redirects.get(path) or (f"{path}/" if is_folder else "")

    def range_of(self, headers: Message) -> slice | None:
        """Read the range that a request asks for."""
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range", "")) if self.ranges else None
        return slice(int(part[1]), int(part[2]) + 1) if part else None

    def find(self, path: str) -> tuple[int, Path]:
        """Find the file of a path as static hosts do."""
        file = self.site / path.removeprefix(self.prefix).lstrip("/")
        file = file / "index.html" if path.endswith("/") else file
        status, name = self.unknown
        return (200, file) if file.is_file() else (status, self.site / name)

    def type_of(self, file: Path) -> str:
        """Return the media type that a file is sent with."""
        return self.types.get(file.name) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
