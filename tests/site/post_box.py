"""An endpoint for answers on this machine: it takes, drops, delays and refuses them as it is told."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

from members_portal.publish.static_server import Server

PATIENCE = 60  # seconds, for what comes much sooner


class PostBox:
    """Keep answers as files of a folder. `moods` are what it does with the next requests; then it takes them all.

    `take`, a status such as `500`, `drop` (no answer), `late` (an answer after `go_on`), `silent` (no header for other
    sites), or the address of a redirect.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.moods: list[str] = []
        self.answers: list[str] = []
        self._may_go_on = threading.Event()
        self._server = Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/answers"

    def go_on(self) -> None:
        """Answer the requests that wait."""
        self._may_go_on.set()

    def empty(self) -> None:
        """Forget what has arrived, and be friendly again."""
        self.moods, self.answers = [], []
        self._may_go_on.clear()
        for file in self.folder.iterdir():
            file.unlink()

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
