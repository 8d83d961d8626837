"""The site secret of a command: it must be the one that signed the release in force.

A new or wrong secret would change every access code, and a publish would lock all members out. Therefore a secret is
made only where no release exists, and `portal publish --new-secret` is the one way to replace it. The setting
PORTAL_PUBLIC_KEY names the secret on machines that have no release, such as a fresh clone.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from members_portal.publish.command.terminal import errors, shown
from members_portal.publish.context import PublishContext
from members_portal.publish.publish_error import PublishError
from members_portal.publish.releases import whole_releases
from members_portal.publish.site_day import PUBLIC_KEY, site_key
from members_portal.seal import SealError, Secret, load_secret
from members_portal.seal.audit import FolderSource
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, verify
from members_portal.seal.key.secret_file import NAME, VARIABLE, has_secret
from members_portal.settings_file import public_key_of

SETTING = PUBLIC_KEY
SHOWN = 16  # hexadecimal digits of a public key in messages
GOING_ON = "`portal publish --new-secret` goes on with another secret: all access codes change"


def secret_for(context: PublishContext, *, is_new: bool = False) -> Secret:
    """Load the site secret, and print a message when it was just created.

    Raise PublishError when a release of any output or PORTAL_PUBLIC_KEY names another secret, unless `is_new`.
    """
    folder = context.root / ".portal"
    stated = site_key(context.root)
    exists = has_secret(context.environ, folder)
    if not (exists or is_new or context.environ.get("CI")):
        _check_first(context, folder / NAME, stated)
    secret = load_secret(context.environ, folder, announce=_announce)
    if not is_new:
        _check_key(context, secret, folder / NAME, stated)
    if (is_new and stated not in {b"", secret.public_key}) or not exists:
        line = f'{SETTING} = "{secret.public_key.hex()}"'
        errors.print(f"Add this line to pelicanconf.py, so that commands refuse any other site secret: {line}")
    return secret


def known_secret(context: PublishContext) -> Secret | None:
    """Return the site secret; None without one. None is made."""
    folder = context.root / ".portal"
    return load_secret(context.environ, folder) if has_secret(context.environ, folder) else None


def checked_secret(context: PublishContext) -> Secret | None:
    """Return the known site secret, None without one.

    Raise PublishError when a release or PORTAL_PUBLIC_KEY names another one.
    """
    secret = known_secret(context)
    if secret:
        _check_key(context, secret, context.root / ".portal" / NAME, site_key(context.root))
    return secret


def fitting_secret(context: PublishContext) -> Secret | None:
    """Return the known site secret; None if a release or PORTAL_PUBLIC_KEY names another one."""
    with suppress(PublishError):
        return checked_secret(context)
    return None


def _announce(path: Path) -> None:
    errors.print(f"Made the site secret in {path}. Keep a copy in a safe place: without it every code changes.")


def _check_first(context: PublishContext, file: Path, stated: bytes) -> None:
    """Raise PublishError for a missing secret where a release exists or a public key is stated."""
    release = next(_signed(context.output, *context.build.glob("releases*/*")), None)
    if release or stated:
        needed = f"{shown(release)} is a release that needs it" if release else f"{SETTING} names it"
        raise PublishError(
            f"the site secret is missing, and {needed}. Restore {shown(file)} or set {VARIABLE}. {GOING_ON}"
        )


def _check_key(context: PublishContext, secret: Secret, file: Path, stated: bytes) -> None:
    """Raise PublishError when the setting has another key; without it, when the releases have another one.

    The setting counts alone: a release may be planted, in a cache of CI for example.
    """
    signed = {SETTING: stated} if stated else _release_keys(context)
    if signed and secret.public_key not in signed.values():
        what, key = next(iter(signed.items()))
        where = VARIABLE if context.environ.get(VARIABLE, "").strip() else str(shown(file))
        raise PublishError(
            f"{where} is not the site secret of {what}, whose public key is {key.hex()[:SHOWN]}…"
            f" Restore that secret in {where}. {GOING_ON}"
        )


def _release_keys(context: PublishContext) -> dict[str, bytes]:
    """Return public keys by release: that of the release in force, or without one of the newest.

    Where the output has no release, the newest release of each other output counts.
    """
    own = _newest_key(context.releases, context.output)
    others = (_newest_key(folder) for folder in sorted(context.build.glob("releases*")))
    return own or {path: key for found in others for path, key in found.items()}


def _newest_key(releases: Path, *in_force: Path) -> dict[str, bytes]:
    """Return path and public key of the release in force, or of the newest in a folder; empty without any."""
    newest = reversed(whole_releases(releases)) if releases.is_dir() else ()
    release = next(_signed(*in_force, *newest), None)
    return {str(shown(release)): _signer(release)} if release else {}


def _signed(*folders: Path) -> Iterator[Path]:
    """Yield the releases that state a public key."""
    return (folder for folder in folders if _signer(folder))


def _signer(release: Path) -> bytes:
    """Return the public key that signed a release, empty without a genuine signature."""
    source = FolderSource(release)
    try:
        signature = source.read(SIGNATURE) or b""
        key = public_key_of(signature.decode("ascii").partition("\n")[0])
        verify(key, source.read(DIGESTS) or b"", signature)
    except (OSError, ValueError, SealError):
        return b""
    return key
