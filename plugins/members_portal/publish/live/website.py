"""The files of a live site, and the addresses that lead to them. Each answer and the whole run have limits."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPException, HTTPResponse
from string import punctuation
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import Request

from members_portal.publish.live.answer_headers import SERVED_AS, file_fault, header_fault, suffix_of
from members_portal.publish.live.timed_http import SOCKET_SECONDS, timed_opener
from members_portal.publish.publish_error import PublishError
from members_portal.seal import DamagedRelease

FILE_SECONDS = 300  # for one answer
RUN_SECONDS = 1500  # for all answers; the nightly workflow ends after 30 minutes
MIB = 1 << 20  # bytes
MOST_TEXT, MOST_READ, MOST = 32 * MIB, 256 * MIB, 1024 * MIB  # bytes of a text, of a file in memory, of any file
BLOCK_READ = 1 << 16  # bytes read at a time
REDIRECTS = 2  # most of one address
FOUND, FORBIDDEN, NOT_FOUND, REDIRECTED = 200, (401, 403), (404, 410), (301, 302, 303, 307, 308)
DEFAULT_PORTS = {"http": 80, "https": 443}
TEXTS = (*SERVED_AS, ".json", ".sig")
INDEX, ERROR_PAGE, SERVICE_WORKER = "index.html", "404.html", "sw.js"


class Website:
    """A release on a web server, which cannot list its files. An address of its pages begins with a slash.

    `unknown` is a path that no release has. Methods raise DamagedRelease for an answer that no host of the release
    gives, and PublishError for a server that cannot be reached.
    """

    def __init__(
        self, root: str, unknown: str, seconds: float = FILE_SECONDS, run_seconds: float = RUN_SECONDS
    ) -> None:
        self.root, self.unknown = root.rstrip("/") + "/", f"/{unknown}"
        self.opener = timed_opener(seconds, run_seconds)

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
                if response.status in FORBIDDEN and path != self.unknown:
                    raise DamagedRelease(f"{path} is refused by the host ({response.status})")
                if response.status == FOUND and path == self.unknown:
                    raise DamagedRelease(f"{path} is answered with the status 200, as if it existed")
                is_file = response.status == FOUND or path == self.unknown
                if not is_file and response.status not in NOT_FOUND:
                    raise PublishError(f"{address}: the host answers {response.status} {response.reason}")
                if is_file:
                    _refuse(path, file_fault(path, response.headers))
                yield response if is_file else None
        except (OSError, HTTPException) as error:
            raise PublishError(f"{address}: {getattr(error, 'reason', error) or type(error).__name__}") from error

    def _followed(self, path: str, address: str) -> HTTPResponse:
        """Return the answer at an address, after redirects to the same page."""
        first = address
        for _ in range(REDIRECTS + 1):
            request = Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 - the opener knows no more
            response: HTTPResponse = self.opener.open(request, timeout=SOCKET_SECONDS)
            _refuse(path, header_fault(response.headers))
            target = response.headers.get("Location") if response.status in REDIRECTED else None
            if target is None:
                if path == SERVICE_WORKER and address != first:
                    raise DamagedRelease(f"{path} redirects, and browsers then refuse it")
                return response
            response.close()
            address = quote(urljoin(address, target), encoding="iso-8859-1", safe=punctuation)
            if fault := _redirect_fault(first, address):
                raise DamagedRelease(f"{path} redirects to {fault}")
        raise DamagedRelease(f"{path} redirects more than {REDIRECTS} times")


def _redirect_fault(address: str, target: str) -> str:
    """Return the fault of the target of a redirect, an empty text without one."""
    if _origin(target) != _origin(address):
        return f"another origin: {target:.200}"
    if urlsplit(target).fragment:
        return "an address with a fragment"
    return "" if _page(target) == _page(address) else f"another page: {target:.200}"


def _page(address: str) -> list[str]:
    """Return the folders of an address, and its file without `.html`.

    The links of a page are relative: in another folder they lead elsewhere.
    """
    *folders, name = map(unquote, urlsplit(address).path.split("/"))
    return [*folders, (name or INDEX).removesuffix(".html")]


def _refuse(path: str, fault: str) -> None:
    """Raise DamagedRelease for a fault; an empty text is none."""
    if fault:
        raise DamagedRelease(f"{path} {fault}")


def _blocks(path: str, response: HTTPResponse, most: int) -> Iterator[bytes]:
    """Yield the body of an answer; raise DamagedRelease when it is too long."""
    most = min(most, MOST_TEXT) if suffix_of(path) in TEXTS else most
    size = 0
    while block := response.read1(BLOCK_READ):
        size += len(block)
        if size > most:
            raise DamagedRelease(f"{path} is longer than {most // MIB} MiB")
        yield block


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    """Return scheme, host and port; None for an address that cannot be parsed."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
