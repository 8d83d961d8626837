"""A small static web server: serves a release as GitHub Pages, nginx or S3 do.

It has a 404 page, content types, byte ranges, ETags, a caching header, and a site prefix such as /club/. It lists no
folders; addresses of folders without a final slash are redirected.
"""

import errno
import mimetypes
import os
import re
import sys
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from members_portal.publish.publish_error import PublishError

SERVED_TYPES = {".js": "text/javascript", ".webp": "image/webp", ".avif": "image/avif", ".woff2": "font/woff2"}
CACHING = "max-age=600"  # as GitHub Pages

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def serve(
    folder: Callable[[], Path], prefix: str = "/", *, port: int = 8000, kind: "type[StaticHandler] | None" = None
) -> ThreadingHTTPServer:
    """Return a server on 127.0.0.1 of the folder that `folder()` names at each request; port 0 picks a free one.

    Raise PublishError when the port can't be used.
    """

    class Handler(kind or StaticHandler):  # type: ignore[misc]
        pass

    Handler.folder, Handler.prefix = staticmethod(folder), prefix
    try:
        return Server(("127.0.0.1", port), Handler)
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"can't be used: {error.strerror}"
        raise PublishError(f"port {port} {reason}; state another one with --port") from error


class Server(ThreadingHTTPServer):
    """A server with one thread per request. A closed connection is not reported as an error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class StaticHandler(BaseHTTPRequestHandler):
    """A handler of GET and HEAD requests for files below `folder`."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body are sent together: apart, the body would wait for an acknowledgement, 40 ms
    caching = CACHING
    folder: Callable[[], Path]
    prefix: str

    def do_GET(self) -> None:
        address, root = unquote(urlsplit(self.path).path), self.folder().resolve()
        if address + "/" == self.prefix:
            self._redirect(self.prefix)
        elif not address.startswith(self.prefix):
            self._send_error_page(root)
        else:
            self._answer(root, address.removeprefix(self.prefix))

    def _answer(self, root: Path, path: str) -> None:
        file = Path(os.path.normpath(root / (path + "index.html" if path.endswith("/") or not path else path)))
        if "\0" in path or not file.is_relative_to(root):
            self._send_error_page(root)
        elif os.path.isdir(file) and not path.endswith("/"):
            self._redirect(f"{self.prefix}{path}/")
        elif os.path.isfile(file):
            self._send_file(file, root)
        else:
            self._send_error_page(root)

    do_HEAD = do_GET

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", quote(address))
        self._finish(b"")

    def _send_error_page(self, root: Path) -> None:
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self._finish(self._error_page(root))

    def _error_page(self, root: Path) -> bytes:
        page = root / "404.html"
        return self._content(page, root) if page.is_file() else b"Not found"

    def _content(self, file: Path, root: Path) -> bytes:
        """Return the content of an answer: a file of the release in `root`."""
        return file.read_bytes()

    def _tag(self, data: bytes, file: Path) -> str:
        """Return the ETag of a file, whose content is `data`."""
        return f'"{int(file.stat().st_mtime):x}-{len(data):x}-{file.stat().st_ino:x}"'

    def _send_file(self, file: Path, root: Path) -> None:
        data, changed = self._content(file, root), file.stat().st_mtime
        tag = self._tag(data, file)
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        span = self._range(len(data))
        self.send_response(HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK)
        self.send_header("Content-Type", content_type(file))
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", formatdate(changed, usegmt=True))
        self.send_header("Cache-Control", self.caching)
        self.send_header("Accept-Ranges", "bytes")
        if span:
            self.send_header("Content-Range", f"bytes {span[0]}-{span[1] - 1}/{len(data)}")
            data = data[span[0] : span[1]]
        self._finish(data)

    def _range(self, size: int) -> tuple[int, int] | None:
        """Return the requested byte range (end exclusive), None for the whole file.

        Invalid and multiple ranges get the whole file, as RFC 9110, section 14.2 allows."""
        found = _RANGE.fullmatch(self.headers.get("Range", ""))
        if not found or found[0] == "bytes=-" or not size:
            return None
        first, last = found.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        return (start, end) if start < end else None

    def _finish(self, data: bytes) -> None:
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Log nothing: addresses of pages are private."""


def content_type(file: Path) -> str:
    """Return the Content-Type of a file."""
    kind = SERVED_TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
