"""The files of a live site, and the addresses that lead to them. Each answer has limits of size and time."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPException, HTTPResponse
from posixpath import splitext
from string import punctuation
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request

from members_portal.publish.live.timed_http import SOCKET_SECONDS, timed_opener
from members_portal.publish.publish_error import PublishError
from members_portal.seal import DamagedRelease

FILE_SECONDS = 300  # for one answer
MIB = 1 << 20  # bytes
MOST_TEXT, MOST_READ, MOST = 32 * MIB, 256 * MIB, 1024 * MIB  # bytes of a text, of a file in memory, of any file
BLOCK_READ = 1 << 16  # bytes read at a time
REDIRECTS = 2  # most of one address
FOUND, NOT_FOUND, REDIRECTED = 200, (404, 410), (301, 302, 303, 307, 308)
DEFAULT_PORTS = {"http": 80, "https": 443}
SCRIPT_TYPES = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})
SERVED_AS = {".html": frozenset({"text/html"}), ".css": frozenset({"text/css"}), ".js": SCRIPT_TYPES}
TEXTS = (*SERVED_AS, ".json", ".sig")
INDEX, ERROR_PAGE = "index.html", "404.html"


class Website:
    """A release on a web server, which cannot list its files. An address of its pages begins with a slash.

    `unknown` is a path that no release has. Methods raise DamagedRelease for an answer that no host of the release
    gives, and PublishError for a server that cannot be reached.
    """

    def __init__(self, root: str, unknown: str, seconds: float = FILE_SECONDS) -> None:
        self.root, self.unknown = root.rstrip("/") + "/", f"/{unknown}"
        self.opener = timed_opener(seconds)

    def read(self, path: str) -> bytes | None:
        """Fetch a file; None if the server has none."""
        with self._answer(path) as response:
            return b"".join(_blocks(path, response, MOST_READ)) if response else None

    def digest(self, path: str) -> str:
        """Return the SHA-256 (hex) of a file; an empty text if the server has none."""
        with self._answer(path) as response:
            if response is None:
                return ""
            digest = sha256()
            for block in _blocks(path, response, MOST):
                digest.update(block)
            return digest.hexdigest()

    def paths(self) -> None:
        """Return None: a web server does not list its files."""

    def aliases(self, paths: Collection[str]) -> dict[str, str]:
        """Return the addresses of folders, and an unknown address, with the file that answers each."""
        folders = {f"/{path.removesuffix(INDEX)}": path for path in paths if f"/{path}".endswith(f"/{INDEX}")}
        return folders | ({self.unknown: ERROR_PAGE} if ERROR_PAGE in paths else {})

    @contextmanager
    def _answer(self, path: str) -> Iterator[HTTPResponse | None]:
        """Yield the answer with a file; None if the server has none."""
        address = self.root + quote(path.removeprefix("/"))
        try:
            with self._followed(path, address) as response:
                is_file = response.status == FOUND or path == self.unknown
                if not is_file and response.status not in NOT_FOUND:
                    raise PublishError(f"{address}: the host answers {response.status} {response.reason}")
                if is_file:
                    _check_headers(path, response)
                yield response if is_file else None
        except (OSError, HTTPException) as error:
            raise PublishError(f"{address}: {getattr(error, 'reason', error) or type(error).__name__}") from error

    def _followed(self, path: str, address: str) -> HTTPResponse:
        """Return the answer at an address, after redirects within the origin."""
        for _ in range(REDIRECTS + 1):
            request = Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 - the opener knows no more
            response: HTTPResponse = self.opener.open(request, timeout=SOCKET_SECONDS)
            target = response.headers.get("Location") if response.status in REDIRECTED else None
            if target is None:
                return response
            response.close()
            address = quote(urljoin(address, target), encoding="iso-8859-1", safe=punctuation)
            if fault := self._redirect_fault(address):
                raise DamagedRelease(f"{path} redirects to {fault}")
        raise DamagedRelease(f"{path} redirects more than {REDIRECTS} times")

    def _redirect_fault(self, address: str) -> str:
        """Return the fault of the target of a redirect, an empty text without one."""
        if _origin(address) != _origin(self.root):
            return f"another origin: {address:.200}"
        return "an address with a fragment" if urlsplit(address).fragment else ""


def _blocks(path: str, response: HTTPResponse, most: int) -> Iterator[bytes]:
    """Yield the body of an answer; raise DamagedRelease when it is too long."""
    most = min(most, MOST_TEXT) if _suffix(path) in TEXTS else most
    size = 0
    while block := response.read1(BLOCK_READ):
        size += len(block)
        if size > most:
            raise DamagedRelease(f"{path} is longer than {most // MIB} MiB")
        yield block


def _check_headers(path: str, response: HTTPResponse) -> None:
    """Raise DamagedRelease for headers that change what a browser makes of a page, a style or a script."""
    expected = SERVED_AS.get(_suffix(path))
    if expected is None:
        return
    found, charset = response.headers.get_content_type(), response.headers.get_content_charset() or "utf-8"
    if found not in expected:
        stated = found if "Content-Type" in response.headers else "no type"
        raise DamagedRelease(f"{path} is served as {stated:.60}, expected {min(expected, key=len)}")
    if charset != "utf-8":
        raise DamagedRelease(f"{path} is served in the character set {charset:.60}, expected utf-8")
    if "Refresh" in response.headers:
        raise DamagedRelease(f"{path} is served with the header Refresh, which opens another page")


def _suffix(path: str) -> str:
    """Return the suffix of a file; an address of a folder answers with a page."""
    return ".html" if path.endswith("/") else splitext(path)[1]


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    """Return scheme, host and port; None for an address that cannot be parsed."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
