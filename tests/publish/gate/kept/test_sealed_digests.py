"""Digests of sealed files: a file that is linked from the verified release has the signed one, any other is read."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from members_portal.publish.gate.kept.sealed_digests import SealedDigests
from members_portal.seal import Secret
from members_portal.seal.seal_error import DamagedRelease
from tests.publish.project import SECRET, Project

KEY = Secret(bytes.fromhex(SECRET))


@pytest.fixture
def previous(harbour: Project, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harbour.release, tmp_path / "previous"))


@pytest.fixture
def release(previous: Path, tmp_path: Path) -> Path:
    """Return a release. Its files are links to the files of the previous release."""
    return Path(shutil.copytree(previous, tmp_path / "release", copy_function=os.link))


def a_blob(release: Path) -> str:
    return min(path for path in (release / "_/b").rglob("*") if path.is_file()).relative_to(release).as_posix()


def test_a_linked_file_is_not_read_again(previous: Path, release: Path) -> None:
    path = a_blob(release)
    signed = sha256((release / path).read_bytes()).hexdigest()
    with (release / path).open("r+b") as file:  # both names: a publish that read the file would find other bytes
        file.write(b"other bytes")
    assert SealedDigests(release, previous, KEY).of(path) == signed


def test_any_other_file_is_read(previous: Path, release: Path) -> None:
    path = a_blob(release)
    (release / path).unlink()
    shutil.copyfile(previous / path, release / path)
    with (release / path).open("r+b") as file:
        file.write(b"other bytes")
    found = sha256((release / path).read_bytes()).hexdigest()
    for before, secret in ((previous, KEY), (None, KEY), (previous, Secret(bytes(32)))):
        assert SealedDigests(release, before, secret).of(path) == found


def test_a_linked_file_is_read_where_no_listing_of_this_site_names_it(previous: Path, release: Path) -> None:
    path = a_blob(release)
    with (release / path).open("r+b") as file:
        file.write(b"other bytes")
    found = sha256((release / path).read_bytes()).hexdigest()
    for before, secret in ((None, KEY), (previous, Secret(bytes(32)))):
        assert SealedDigests(release, before, secret).of(path) == found


def test_a_missing_file_is_an_error(previous: Path, release: Path) -> None:
    (release / (path := a_blob(release))).unlink()
    with pytest.raises(DamagedRelease, match="is missing"):
        SealedDigests(release, previous, KEY).of(path)
