"""The URL fetcher for WeasyPrint: it serves the allowed resources, and refuses and records everything else.

    content:PATH    a picture of the content folder, if the issue may show it
    theme:PATH      a style sheet, picture or font below the print theme
    font:NAME       a font given by name
    profile:NAME    a colour profile given by name
    data:           a picture up to a size limit

Raster pictures are encoded anew: upright, in sRGB, without metadata, AVIF and WebP as JPEG or PNG.
There is no handler for the network, for files or for any other scheme. WeasyPrint ignores a fetcher's exceptions and
omits the picture; therefore `render_html`, and `check` after drawing, raise for every refused URL.
"""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from members_portal.newsletter.print_error import PrintError
from members_portal.picture_file import UnreadablePicture, printed_picture

BASE = "portal:"  # a scheme that isn't served: relative URLs resolve to nothing, not to the working folder
DATA_LIMIT = 4_000_000  # bytes of a picture in a data: URL
URL_SHOWN = 120  # characters of a refused URL in messages
LINKS = frozenset({"http", "https", "mailto", "tel"})  # schemes of links in a PDF

PICTURES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
FONT_TYPES = {".otf": "font/otf", ".ttf": "font/ttf", ".woff": "font/woff", ".woff2": "font/woff2"}
OF_THEME = PICTURES | FONT_TYPES | {".css": "text/css; charset=utf-8"}
SVG = PICTURES[".svg"]
RASTER = frozenset(PICTURES.values()) - {SVG}
KEPT_PICTURES = 32  # encoded pictures in memory: an issue shows the same ones in each edition


class Refused(ValueError):
    """Raised with the reason for refusing a URL."""


class BuildFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the resources of one document; `refused` lists the refused URLs in order of request."""

    def __init__(
        self,
        content: Path,
        files: frozenset[str],
        fonts: Mapping[str, Path],
        theme: Path,
        profiles: Mapping[str, Path] | None = None,
    ) -> None:
        """`files` are the allowed paths below `content`."""
        super(URLFetcher, self).__init__()  # skips URLFetcher.__init__, which installs handlers for http, ftp and files
        self._fail_on_errors = False  # an attribute that WeasyPrint reads
        self._content, self._files, self._theme = content.resolve(), files, theme.resolve()
        self._fonts, self._profiles = fonts, profiles or {}
        self._laid_out, self._data = False, True
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return the resource of a URL; record a refused URL and raise Refused."""
        scheme, _, rest = url.partition(":")
        try:
            body, kind = self._serve(scheme.lower(), rest)
        except Refused as reason:
            self.refuse(url, str(reason))
            raise
        return URLFetcherResponse(url, body, {"Content-Type": kind})

    def refuse(self, url: str, reason: str) -> None:
        """Record a refused URL."""
        shown = url if len(url) <= URL_SHOWN else f"{url[:URL_SHOWN]}…"
        self.refused.append(f"{shown}: {reason}")

    def close_files(self, *, data: bool = False) -> None:
        """Refuse all further files: a file requested after the layout would be attached unchanged.

        `data` allows data: URLs of pictures inside an SVG; use it only when attachments have been removed.
        """
        self._laid_out, self._data = True, data

    def check(self) -> None:
        """Raise PrintError with the refused URLs, if any."""
        if self.refused:
            refused = "; ".join(dict.fromkeys(self.refused))
            raise PrintError(f"the document requests resources that are not allowed: {refused}")

    def _serve(self, scheme: str, rest: str) -> tuple[bytes, str]:
        if self._laid_out and not (scheme == "data" and self._data):
            raise Refused("nothing is served after the layout")
        if scheme == "data":
            return _data(rest)
        if scheme == "content":
            return self._shown(unquote(rest))
        if scheme == "theme":
            return _picture_or_other(_below(self._theme, unquote(rest)), OF_THEME)
        if scheme == "font":
            return _named(self._fonts, unquote(rest)), "font/sfnt"
        if scheme == "profile":
            return _named(self._profiles, unquote(rest)), "application/vnd.iccprofile"
        raise Refused("only content:, theme:, font: and data: are served")

    def _shown(self, path: str) -> tuple[bytes, str]:
        if path not in self._files:
            raise Refused("not among the files that this edition may show")
        return _picture_or_other(_below(self._content, path), PICTURES)


def render_html(html: str, fetcher: BuildFetcher, **options: Any) -> Document:
    """Lay out a document with the resources of its fetcher; raise PrintError for a refused URL.

    Call `fetcher.check()` again after drawing the PDF: pictures inside an SVG are requested only then.
    """
    page = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    page.base_url = BASE
    _strip(page, fetcher)
    try:
        document = page.render(**options)
    except URLFetchingError as error:  # raised for colour profiles only
        fetcher.check()
        raise PrintError(str(error)) from error
    fetcher.close_files(data=True)
    fetcher.check()
    return document


def _strip(page: HTML, fetcher: BuildFetcher) -> None:
    """Remove and record attachments, <base>, and links with a scheme that isn't allowed."""
    for element in page.etree_element.iter():
        url = element.get("href", "")
        if element.tag == "base":
            fetcher.refuse(url, "<base> is not allowed")
        elif "attachment" in element.get("rel", "").lower().split():
            fetcher.refuse(url, "attachments are not allowed")
        elif element.tag == "a" and url and not _leads_on(url):
            fetcher.refuse(url, "links must be absolute")
        else:
            continue
        element.attrib.pop("href", None)


def _leads_on(url: str) -> bool:
    scheme, colon, _ = url.strip().partition(":")
    return url.startswith("#") or (bool(colon) and scheme.lower() in LINKS)


def _below(folder: Path, path: str) -> Path:
    """Return the file of a path, symlinks resolved; refuse a file outside the folder."""
    try:
        file = (folder / path).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise Refused("there is no such file") from error
    if not file.is_relative_to(folder) or not file.is_file():
        raise Refused("it is outside the folder")
    return file


def _picture_or_other(file: Path, kinds: Mapping[str, str]) -> tuple[bytes, str]:
    kind = kinds.get(file.suffix.lower())
    if not kind:
        raise Refused(f"files such as {file.suffix or file.name} are not served")
    return _genuine(file.read_bytes(), kind)


def _named(files: Mapping[str, Path], name: str) -> bytes:
    if name not in files:
        raise Refused(f"no such name, expected {', '.join(sorted(files))}")
    return files[name].read_bytes()


def _data(rest: str) -> tuple[bytes, str]:
    head, comma, payload = rest.partition(",")
    kind, *parameters = head.lower().split(";")
    if not comma or kind not in PICTURES.values():
        raise Refused("only pictures may be part of a document")
    if len(payload) > 3 * DATA_LIMIT:
        raise Refused(f"larger than {DATA_LIMIT} bytes")
    body = unquote_to_bytes(payload)
    if "base64" in parameters:
        body = _decoded(body)
    if len(body) > DATA_LIMIT:
        raise Refused(f"larger than {DATA_LIMIT} bytes")
    return _genuine(body, kind)


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused("not base64") from error


def _genuine(body: bytes, kind: str) -> tuple[bytes, str]:
    """Return a file and its type, pictures encoded anew; refuse no pictures, and SVG with entities or not in UTF-8."""
    if kind == SVG:
        plain = body.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not plain.startswith(b"<") or b"\0" in body or b"<!ENTITY" in body or not _is_utf8(body):
            raise Refused("not an SVG in UTF-8 without entities")
    return _encoded(body) if kind in RASTER else (body, kind)


@lru_cache(maxsize=KEPT_PICTURES)
def _encoded(body: bytes) -> tuple[bytes, str]:
    try:
        return printed_picture(body)
    except UnreadablePicture as error:
        raise Refused(f"the file {error.what}") from error


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
