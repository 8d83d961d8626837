"""Load or make the site secret: an environment variable, or a file that only its owner can read."""

from __future__ import annotations

import os
import re
import secrets
import stat
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from pathlib import Path

from members_portal.seal.key.secret import SECRET_SIZE, Secret
from members_portal.seal.seal_error import BadSecret

VARIABLE = "PORTAL_SECRET"
FOLDER = Path(".portal")
NAME = "secret"
MAX_SIZE = 1024  # bytes read of a secret file
MIN_DISTINCT = 12  # distinct bytes among 32; random bytes have fewer with probability 10^-20
HOW_TO_MAKE = "make one with `openssl rand -hex 32`"
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_BASE64 = re.compile(r"[A-Za-z0-9_-]{43}=?")


def load_secret(
    environ: Mapping[str, str],
    folder: Path = FOLDER,
    *,
    ci: bool = False,
    announce: Callable[[Path], None] = lambda path: None,
) -> Secret:
    """Return the site secret; make it on first use, and then call `announce` with the path of the new file.

    With `ci`, or `CI` in the environment, a missing secret raises BadSecret: a new one would change all access codes.
    """
    if text := environ.get(VARIABLE, "").strip():
        return parse_secret(text, VARIABLE)
    path = folder / NAME
    if not has_secret(environ, folder):
        if ci or environ.get("CI"):
            raise BadSecret(f"{VARIABLE} is not set", "copy your own machine's secret to this CI's secrets")
        if make_secret(folder):
            announce(path)
    return parse_secret(read_secret_file(path), str(path))


def has_secret(environ: Mapping[str, str], folder: Path = FOLDER) -> bool:
    """Return whether the environment or the folder holds a site secret, be it valid or not."""
    return bool(environ.get(VARIABLE, "").strip()) or os.path.lexists(folder / NAME)


def parse_secret(text: str, source: str) -> Secret:
    """Decode 64 hexadecimal digits or 43 characters of base64url; raise BadSecret for another text or a weak key."""
    if _HEX.fullmatch(text):
        key = bytes.fromhex(text)
    elif _BASE64.fullmatch(text):
        key = urlsafe_b64decode(text[:43] + "=")
    else:
        raise BadSecret(f"{source} is not 64 hexadecimal digits or 43 characters of base64url", HOW_TO_MAKE)
    if len(set(key)) < MIN_DISTINCT or all(32 <= byte < 127 for byte in key):  # repetitive, or typed text
        raise BadSecret(f"{source} is too easy to guess", HOW_TO_MAKE)
    return Secret(key)


def read_secret_file(path: Path, most: int = MAX_SIZE) -> str:
    """Return the text of a secret file, up to `most` bytes.

    Raise BadSecret if others can read or replace it, or if git tracks it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BadSecret(f"{path} cannot be read", "it has to be a plain file of your own") from error
    try:
        _check_private(path, os.fstat(descriptor))
        _check_untracked(path)
        return os.read(descriptor, most).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)


def make_secret(folder: Path) -> bool:
    """Make a secret file with mode 0600; return False if a concurrent call made it first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{NAME}-{secrets.token_hex(8)}"
    _write_private(draft, secrets.token_hex(SECRET_SIZE) + "\n")
    try:
        os.link(draft, folder / NAME)  # unlike a rename, a link never replaces an existing secret
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    _sync_folder(folder)
    return True


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) or status.st_uid not in (os.geteuid(), 0):
        raise BadSecret(f"{path} is not a plain file of your own", "put the secret there yourself")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise BadSecret(f"others can read {path}", f"run `chmod 600 {path}`, and think about a new secret")
    if stat.S_IMODE(path.parent.stat().st_mode) & 0o022:
        raise BadSecret(f"others can replace {path}", f"run `chmod 700 {path.parent}`")


def _check_untracked(path: Path) -> None:
    import subprocess  # imported late: few commands look for a file

    # Override the repository's configuration: it can start a program (fsmonitor) or refuse an owner (safe.directory).
    command = ["git", "-c", "core.fsmonitor=false", "-c", "safe.directory=*", "ls-files", "--", path.name]
    try:
        listed = subprocess.run(command, cwd=path.parent, capture_output=True, check=False).stdout
    except FileNotFoundError:
        return  # without git no file is tracked
    if listed:
        raise BadSecret(f"git tracks {path}", f"run `git rm --cached {path}`, and make a new secret")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        os.fchmod(descriptor, 0o600)
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
