"""The command `portal verify`: compare a live site, or a folder, with its signature."""

from pathlib import Path
from typing import Annotated
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import typer

from members_portal.publish.command.site_secret import SETTING, known_secret
from members_portal.publish.command.terminal import DebugOption, context_for, errors, reported, screen
from members_portal.publish.exit_code import LEAK
from members_portal.publish.publish_error import PublishError
from members_portal.publish.site_day import setting_text
from members_portal.seal import Secret, differences
from members_portal.seal.audit import FolderSource, ReleaseSource

DEADLINE = 60  # seconds for one file
NOT_FOUND = (404, 410)
BYTES = 32  # of a public key

app = typer.Typer()


class Website:
    """A release on a web server, which cannot list its files."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/") + "/"

    def read(self, path: str) -> bytes | None:
        """Fetch a file; None if the server has none. Raise PublishError if the server cannot be reached."""
        request = Request(self.root + quote(path), headers={"Cache-Control": "no-cache"})  # noqa: S310 - http(s) alone
        try:
            with urlopen(request, timeout=DEADLINE) as response:  # noqa: S310 - http(s) alone
                return bytes(response.read())
        except HTTPError as error:
            if error.code in NOT_FOUND:
                return None
            raise PublishError(f"{request.full_url}: the host answers {error.code} {error.reason}") from error
        except (URLError, OSError) as error:
            raise PublishError(f"{request.full_url}: {getattr(error, 'reason', error)}") from error

    def paths(self) -> None:
        """Return None: a web server does not list its files."""


@app.command()
def verify(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="The address of the site, or a folder.")],
    key: Annotated[str | None, typer.Option(help=f"The site's public key (hex). Default: {SETTING}.")] = None,
    debug: DebugOption = False,
) -> None:
    """Compare a live site or a folder with its signature; exit with 4 and name each difference."""
    with reported(debug, undone=""):
        context = context_for()
        source, secret = source_of(place), known_secret(context)
        public_key = chosen_key(key or setting_text(context.root, SETTING), secret)
        found = list(differences(source, public_key, secret))
        for difference in found:
            errors.print(difference, markup=False)
        if found:
            raise typer.Exit(LEAK)
        screen.print(f"{place} is as it was signed by {public_key.hex()}.", markup=False)
        if secret is None and source.paths() is None:
            screen.print("Sealed files were not compared: that needs the site secret, or a folder.")


def source_of(place: str) -> ReleaseSource:
    """Return the site at an address, or the release in a folder."""
    scheme = urlsplit(place).scheme
    if scheme in {"http", "https"}:
        return Website(place)
    if not Path(place).is_dir():
        raise PublishError(f"{place} is neither a folder nor an address that begins with https://")
    return FolderSource(Path(place))


def chosen_key(stated: str | None, secret: Secret | None) -> bytes:
    """Return the public key that is stated, or else that of the site secret; raise PublishError without either."""
    if not stated:
        if secret is None:
            raise PublishError(f"state the site's public key: --key or {SETTING}; `portal verify` prints it")
        return secret.public_key
    try:
        decoded = bytes.fromhex(stated)
    except ValueError:
        decoded = b""
    if len(decoded) != BYTES:
        raise PublishError(f"the public key has {2 * BYTES} hexadecimal digits, not {stated!r}")
    return decoded
