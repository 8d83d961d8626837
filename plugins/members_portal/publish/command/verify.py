"""The command `portal verify`: compare a live site, or a folder, with its signature."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import click

from members_portal.publish.command.site_secret import SETTING, known_secret
from members_portal.publish.command.terminal import (
    WholeNumber,
    a_date,
    context_for,
    debug_option,
    errors,
    reported,
    screen,
    shown,
    text_option,
)
from members_portal.publish.exit_code import LEAK
from members_portal.publish.live.host_settings import host_settings
from members_portal.publish.live.website import RUN_SECONDS, Website
from members_portal.publish.publish_error import PublishError
from members_portal.publish.site_day import setting_text
from members_portal.seal import DamagedRelease, Secret, differences
from members_portal.seal.audit import FolderSource, ReleaseSource, signed_bootstrap
from members_portal.seal.format.bootstrap import Bootstrap

BYTES = 32  # of a public key
UNKNOWN = 8  # random bytes in the name of an unknown address

app = click.Group()


@app.command()
@click.argument("place", metavar="PLACE", help="The address of the site, or a folder.")
@text_option("--key", "KEY", f"The site's public key (hex). Default: {SETTING}.")
@click.option("--since", type=a_date, metavar="YYYY-MM-DD", help="Name a release of an earlier day as a difference.")
@click.option(
    "--minutes",
    type=WholeNumber(min=1),
    default=RUN_SECONDS // 60,
    show_default=True,
    metavar="MINUTES",
    help="Give up on a live site after this time, with exit code 1.",
)
@debug_option
def verify(
    place: str,
    key: str | None,
    since: date | None,
    minutes: int,
    debug: bool,
) -> None:
    """Compare a live site or a folder with its signature; exit with 4 and name each difference."""
    with reported(debug, undone=""):
        context = context_for()
        source, secret = source_of(place, minutes), known_secret(context)
        public_key = chosen_key(key or setting_text(context.root, SETTING), secret)
        found = list(differences(source, public_key, secret))
        start, newest = bootstrap_of(source, public_key), bootstrap_of(FolderSource(context.output), public_key)
        found += rollbacks(start, newest, since, shown(context.output))
        for difference in found:
            errors.print(difference, markup=False)
        for line in host_settings(found):
            screen.print(line, markup=False)
        if start:
            screen.print(f"{place} has {described(start)}.", markup=False)
        if found:
            raise click.exceptions.Exit(LEAK)
        screen.print(f"{place} is as it was signed by {public_key.hex()}.", markup=False)
        if newest is None and since is None:
            screen.print("An older release is not found: that needs output/ or --since.")
        if secret is None and source.paths() is None:
            screen.print("Sealed files were not compared: that needs the site secret, or a folder.")


def bootstrap_of(source: ReleaseSource, public_key: bytes) -> Bootstrap | None:
    """Return the bootstrap of a release; None without one that this key signed."""
    try:
        return signed_bootstrap(source, public_key)
    except DamagedRelease:
        return None


def rollbacks(start: Bootstrap | None, newest: Bootstrap | None, since: date | None, output: Path) -> Iterator[str]:
    """Yield a difference for a release that is older than the one in `output`, or than the day `since`."""
    if start and newest and start.sequence < newest.sequence:
        yield f"{described(start)} is older than {described(newest)} in {output}"
    if start and since and start.date < since.isoformat():
        yield f"{described(start)} is older than the day of --since, {since}"


def described(start: Bootstrap) -> str:
    """Return the sequence number and the day of a release in words."""
    return f"release {start.sequence} of {start.date}"


def source_of(place: str, minutes: int) -> ReleaseSource:
    """Return the site at an address, or the release in a folder."""
    scheme = urlsplit(place).scheme
    if scheme in {"http", "https"}:
        return Website(place, f"{token_hex(UNKNOWN)}/", run_seconds=60 * minutes)
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
