"""The static server of the preview: a static host that also reloads open pages.

It adds a script to pages and to the service worker. Answers to a browser's navigation hold the script, and no others:
the worker compares the digests of the files that it fetches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from members_portal.loopback import is_loopback
from members_portal.publish.live_reload.event_stream import EventStream
from members_portal.publish.static_server import StaticHandler, serve
from members_portal.seal import SealError
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap

WORKER_PATH = "sw.js"
EVENTS_PATH = "_/preview"  # the worker passes `_/` and its own address on to the server; the pages' policy allows both
SCRIPT_QUERY = "preview"
SCRIPTS = Path(__file__).parent
UNPUBLISHED_PAGE = b"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Preview</title>
<body><p>Nothing was published yet.</p></body></html>"""


def serve_preview(folder: Callable[[], Path], prefix: str, stream: EventStream, *, port: int) -> ThreadingHTTPServer:
    """Return a server of the preview; see `serve`."""

    class Handler(PreviewHandler):
        pass

    Handler.stream = stream
    return serve(folder, prefix, port=port, kind=Handler)


class PreviewHandler(StaticHandler):
    """A handler that also answers with the event stream and the script of pages."""

    caching = "no-cache"
    stream: EventStream

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path == self.prefix + EVENTS_PATH:
            self._send_events()
        elif (path, parts.query) == (self.prefix + WORKER_PATH, SCRIPT_QUERY):
            self._send_file(SCRIPTS / "reload.js", SCRIPTS)
        else:
            super().do_GET()

    do_HEAD = do_GET

    def _send_events(self) -> None:
        """Send events until the page leaves. The name of another host, which DNS may lead here, gets none."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        if self.command == "HEAD" or not is_loopback(host):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        for event in self.stream.events():
            self.wfile.write(event)
            self.wfile.flush()

    def _content(self, file: Path, root: Path) -> bytes:
        data = super()._content(file, root)
        if file.name == WORKER_PATH and self.headers.get("Sec-Fetch-Dest") == "serviceworker":
            return (SCRIPTS / "worker.js").read_bytes() + data
        if file.suffix == ".html" and self.headers.get("Sec-Fetch-Mode") == "navigate":
            return data.replace(b"</body>", self._script(root) + b"</body>", 1)
        return data

    def _tag(self, data: bytes, file: Path) -> str:
        return f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    def _script(self, root: Path) -> bytes:
        """Return the script element, with the id of the publish that the page is of."""
        source = escape(f"{self.prefix}{WORKER_PATH}?{SCRIPT_QUERY}")
        return f'<script src="{source}" data-publish="{publish_of(root)}"></script>\n'.encode()

    def _error_page(self, root: Path) -> bytes:
        is_published = (root / "404.html").is_file()
        return super()._error_page(root) if is_published else UNPUBLISHED_PAGE.replace(b"</body>", self._script(root))


def publish_of(release: Path) -> str:
    """Return the id of the publish of a release, empty without one."""
    try:
        return decode_bootstrap((release / PATH).read_bytes()).publish
    except (OSError, SealError):
        return ""
