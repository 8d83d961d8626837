"""Loading the site secret: where it may be kept, when it is made, and which texts and files are refused."""

from __future__ import annotations

import os
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from members_portal.seal import BadSecret, load_secret
from members_portal.seal.key.secret import Secret

KEY = sha256(b"a good secret").digest()
TEXT = KEY.hex()
BASE64 = urlsafe_b64encode(KEY).decode()
SITE = Secret(KEY).site


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a folder with a valid secret file."""
    return keep(tmp_path / ".portal", TEXT)


def keep(folder: Path, text: str, mode: int = 0o600) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "secret").write_text(text)
    (folder / "secret").chmod(mode)
    return folder


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("text", [TEXT, TEXT.upper(), f" {TEXT}\n", BASE64, BASE64.rstrip("=")])
def test_the_environment_comes_first(tmp_path: Path, text: str) -> None:
    assert load_secret({"PORTAL_SECRET": text}, tmp_path / "none").site == SITE
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", [TEXT + "\n", BASE64, BASE64.rstrip("=")])
def test_the_file_comes_next(kept: Path, text: str) -> None:
    keep(kept, text)
    assert load_secret({}, kept).site == load_secret({"PORTAL_SECRET": ""}, kept).site == SITE


@pytest.mark.parametrize(
    "text",
    [
        TEXT[:-2],
        TEXT + "00",
        TEXT[:-1] + "g",
        BASE64[:-2],
        BASE64 + "A",
        "correct horse battery staple",
        "00" * 32,
        "ab" * 32,
        "A" * 43,
        "0123456789abcdef" * 4,
        b"a passphrase of thirty-two bytes".hex(),
    ],
)
def test_a_short_long_or_weak_secret_is_refused(tmp_path: Path, text: str) -> None:
    for environ, folder in (({"PORTAL_SECRET": text}, tmp_path), ({}, keep(tmp_path / ".portal", text))):
        with pytest.raises(BadSecret) as caught:
            load_secret(environ, folder)
        assert text not in str(caught.value)
        assert caught.value.hint


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_file_that_others_can_read_or_write_is_refused(kept: Path, mode: int) -> None:
    (kept / "secret").chmod(mode)
    with pytest.raises(BadSecret, match="chmod 600"):
        load_secret({}, kept)


def test_a_folder_in_which_others_can_replace_it_is_refused(kept: Path) -> None:
    kept.chmod(0o777)
    with pytest.raises(BadSecret, match="chmod 700"):
        load_secret({}, kept)


def test_a_link_a_pipe_or_a_folder_in_its_place_is_refused(kept: Path, tmp_path: Path) -> None:
    secret = kept / "secret"
    secret.rename(tmp_path / "elsewhere")
    ways: tuple[Callable[[], None], ...] = (
        lambda: secret.symlink_to(tmp_path / "elsewhere"),
        lambda: os.mkfifo(secret, 0o600),
        secret.mkdir,
    )
    for put in ways:
        put()
        with pytest.raises(BadSecret):
            load_secret({}, kept)
        secret.rmdir() if secret.is_dir() else secret.unlink()


def test_a_link_that_leads_nowhere_is_not_a_first_use(tmp_path: Path) -> None:
    (tmp_path / "secret").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadSecret):
        load_secret({}, tmp_path)


def test_a_secret_that_git_keeps_is_refused(kept: Path) -> None:
    git = ["git", "-C", str(kept.parent)]
    subprocess.run([*git, "init", "-q"], check=True)
    assert load_secret({}, kept).site == SITE
    subprocess.run([*git, "add", "-f", ".portal/secret"], check=True)
    with pytest.raises(BadSecret, match="git rm --cached"):
        load_secret({}, kept)


def test_the_first_use_makes_one_and_says_so_once(tmp_path: Path) -> None:
    told: list[Path] = []
    folder = tmp_path / "deep" / ".portal"
    umask = os.umask(0)
    try:
        first = load_secret({}, folder, announce=told.append)
    finally:
        os.umask(umask)
    assert load_secret({}, folder, announce=told.append).site == first.site
    assert told == [folder / "secret"]
    assert (mode_of(folder), mode_of(folder / "secret")) == (0o700, 0o600)
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_two_first_uses_at_once_agree(tmp_path: Path) -> None:
    for round_ in range(20):
        folder, told = tmp_path / str(round_), list[Path]()
        with ThreadPoolExecutor(4) as pool:
            loaded = [pool.submit(load_secret, {}, folder, announce=told.append) for _ in range(4)]
        assert len({secret.result().site for secret in loaded}) == 1
        assert len(told) == 1


def test_two_first_uses_at_two_places_differ(tmp_path: Path) -> None:
    assert load_secret({}, tmp_path / "a").site != load_secret({}, tmp_path / "b").site


def test_ci_never_makes_a_secret(tmp_path: Path) -> None:
    for environ in ({"CI": "true"}, {"CI": "0"}, {"CI": "1", "PORTAL_SECRET": ""}):
        with pytest.raises(BadSecret, match="PORTAL_SECRET is not set"):
            load_secret(environ, tmp_path / ".portal")
    with pytest.raises(BadSecret):
        load_secret({}, tmp_path / ".portal", ci=True)
    assert not (tmp_path / ".portal").exists()


def test_ci_may_use_one_that_is_there(kept: Path) -> None:
    assert load_secret({"CI": "true"}, kept).site == SITE
    assert load_secret({"CI": "true", "PORTAL_SECRET": TEXT}, Path("none")).site == SITE
