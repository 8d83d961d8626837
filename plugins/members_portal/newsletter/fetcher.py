"""The only way from a document to a file: what may be on paper is served, everything else is refused and noted.

    content:PATH    a picture of the content folder, if the issue may show it
    theme:PATH      a style sheet, picture or font below the print theme
    font:NAME       a font that was named to us
    profile:NAME    a colour profile that was named to us
    data:           a picture, up to a size

There is no handler for the network, for files or for any other scheme. WeasyPrint swallows what a fetcher raises and
prints on without the picture; so `render`, and after drawing `check`, ask what was refused.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from members_portal.newsletter.print_error import PrintError

BASE = "portal:"  # no scheme of ours, so that relative addresses lead nowhere, least of all to the working folder
DATA_LIMIT = 4_000_000  # bytes of a picture inside a document; those of the house are files
SHOWN = 120  # characters of a refused address
LINKS = frozenset({"http", "https", "mailto", "tel"})  # what a reader of a PDF may be sent to

PICTURES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
FONTS = {".otf": "font/otf", ".ttf": "font/ttf", ".woff": "font/woff", ".woff2": "font/woff2"}
OF_THEME = PICTURES | FONTS | {".css": "text/css; charset=utf-8"}
SVG = PICTURES[".svg"]
BEGINS = {  # what is named a picture must be one: the library behind would open any other format too
    "image/gif": (b"GIF8",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
}


class Refused(ValueError):
    """Raised with the reason why an address isn't served."""


class BuildFetcher(URLFetcher):  # type: ignore[misc]
    """Serves one document, and keeps in `refused` what it didn't, in the order of asking."""

    def __init__(
        self,
        content: Path,
        files: frozenset[str],
        fonts: Mapping[str, Path],
        theme: Path,
        profiles: Mapping[str, Path] | None = None,
    ) -> None:
        """`files` are the paths below `content` that may be shown."""
        super(URLFetcher, self).__init__()  # past URLFetcher's own, which installs handlers for http, ftp and files
        self._fail_on_errors = False  # asked for by WeasyPrint
        self._content, self._files, self._theme = content.resolve(), files, theme.resolve()
        self._fonts, self._profiles = fonts, profiles or {}
        self._laid_out, self._data = False, True
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Serve an address; raise Refused, having noted it."""
        scheme, _, rest = url.partition(":")
        try:
            body, kind = self._serve(scheme.lower(), rest)
        except Refused as reason:
            self.refuse(url, str(reason))
            raise
        return URLFetcherResponse(url, body, {"Content-Type": kind})

    def refuse(self, url: str, reason: str) -> None:
        """Note an address that isn't served."""
        shown = url if len(url) <= SHOWN else f"{url[:SHOWN]}…"
        self.refused.append(f"{shown}: {reason}")

    def close_files(self, *, data: bool = False) -> None:
        """Serve no more files: what is asked for after the layout would be embedded as it is.

        Only a caller who has taken out attachments may go on with `data`, for pictures inside an SVG.
        """
        self._laid_out, self._data = True, data

    def check(self) -> None:
        """Raise PrintError naming what was refused, if anything was."""
        if self.refused:
            raise PrintError("the document asks for what it may not have: " + "; ".join(dict.fromkeys(self.refused)))

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


def render(html: str, fetcher: BuildFetcher, **options: Any) -> Document:
    """Lay out a document with nothing but what its fetcher serves; raise PrintError when it asks for anything else.

    Call `fetcher.check()` once more when the PDF is drawn: pictures inside pictures are asked for only then.
    """
    page = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    page.base_url = BASE
    _strip(page, fetcher)
    try:
        document = page.render(**options)
    except URLFetchingError as error:  # a colour profile is the one thing whose absence WeasyPrint doesn't swallow
        fetcher.check()
        raise PrintError(str(error)) from error
    fetcher.close_files(data=True)
    fetcher.check()
    return document


def _strip(page: HTML, fetcher: BuildFetcher) -> None:
    """Take out attachments, which would embed any file that is served, and what leads a reader anywhere but the web."""
    for element in page.etree_element.iter():
        url = element.get("href", "")
        if element.tag == "base":
            fetcher.refuse(url, "<base> has no place here")
        elif "attachment" in element.get("rel", "").lower().split():
            fetcher.refuse(url, "nothing is attached")
        elif element.tag == "a" and url and not _leads_on(url):
            fetcher.refuse(url, "a link on paper is an absolute one")
        else:
            continue
        element.attrib.pop("href", None)


def _leads_on(url: str) -> bool:
    scheme, colon, _ = url.strip().partition(":")
    return url.startswith("#") or (bool(colon) and scheme.lower() in LINKS)


def _below(folder: Path, path: str) -> Path:
    """Return the file a path leads to, links followed, if it lies in the folder."""
    try:
        file = (folder / path).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise Refused("there is no such file") from error
    if not file.is_relative_to(folder) or not file.is_file():
        raise Refused("it lies elsewhere")
    return file


def _picture_or_other(file: Path, kinds: Mapping[str, str]) -> tuple[bytes, str]:
    kind = kinds.get(file.suffix.lower())
    if not kind:
        raise Refused(f"files such as {file.suffix or file.name} are not served")
    return _genuine(file.read_bytes(), kind), kind


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
    return _genuine(body, kind), kind


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused("not base64") from error


def _genuine(body: bytes, kind: str) -> bytes:
    """Refuse a picture that isn't what its name says, and an SVG that defines entities or hides in an encoding."""
    if kind == SVG:
        plain = body.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not plain.startswith(b"<") or b"\0" in body or b"<!ENTITY" in body or not _is_utf8(body):
            raise Refused("not an SVG in UTF-8 without entities")
    elif not body.startswith(BEGINS.get(kind, b"")):
        raise Refused(f"not {kind}")
    return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
