"""An endpoint for answers on this machine: it takes, drops, delays and refuses them as it is told."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from members_portal.publish.static_server import Server

ENDPOINT = "http://127.0.0.2:8808/answers"  # in pages that several workers of pytest share; each has its own server
PATIENCE = 60  # seconds, for what comes much sooner


class PostBox:
    """Keep answers as files of a folder. `moods` are what it does with the next requests; then it takes them all.

    `address` is the one in pages, by default the server's own. A mood is `take`, a status such as `500`, `drop` (no
    answer), `late` (an answer after `go_on`), `silent` (no header for other sites), or the address of a redirect.
    """

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.moods: list[str] = []
        self.answers: list[str] = []
        self._may_go_on = threading.Event()
        self._server = Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.address = address or f"http://127.0.0.1:{self._server.server_port}/answers"

    @property
    def rule(self) -> str:
        """Give Chromium's rule that leads from the host of the address to the server."""
        return f"MAP {urlsplit(self.address).hostname} 127.0.0.1:{self._server.server_port}"

    def go_on(self) -> None:
        """Answer the requests that wait."""
        self._may_go_on.set()

    def empty(self) -> None:
        """Forget what has arrived, and be friendly again."""
        self.moods, self.answers = [], []
        self._may_go_on.clear()
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def close(self) -> None:
        self.go_on()
        self._server.shutdown()
        self._server.server_close()

    def receive(self, text: str) -> None:
        """Keep an answer."""
        self.answers.append(text)
        (self.folder / f"{len(self.answers)}.txt").write_text(text, "ascii")

    def _handler(box) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii"))
                mood = box.moods.pop(0) if box.moods else "take"
                status = int(mood) if mood.isdigit() else 307 if "://" in mood else 200
                if status == 200:
                    box.receive(fields["answer"][0])
                if mood == "late":
                    box._may_go_on.wait(PATIENCE)
                if mood != "drop":
                    self._send(status, mood)

            def _send(self, status: int, mood: str) -> None:
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", mood)
                if mood != "silent":
                    self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
