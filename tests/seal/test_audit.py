"""The audit of a release: a release that differs from the signed one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from members_portal.seal import DamagedRelease, verify_release
from tests.seal.small_site import Site, secret_of


def test_a_release_as_it_was_sealed_passes(site: Site) -> None:
    verify_release(site.release, site.secret.public_key)


def change_the_public_edition(release: Path) -> None:
    (release / "index.html").write_text("<script>")


def change_the_bootstrap(release: Path) -> None:
    (release / "portal.json").write_bytes((release / "portal.json").read_bytes().replace(b"1", b"2", 1))


def change_the_digests(release: Path) -> None:
    (release / "release.json").write_bytes((release / "release.json").read_bytes() + b" ")


def cut_the_signature(release: Path) -> None:
    (release / "release.json.sig").write_text((release / "release.json.sig").read_text()[:-3])


def replace_the_signature(release: Path) -> None:
    (release / "release.json.sig").write_bytes(b"\xff\n")


def take_a_bucket_away(release: Path) -> None:
    next((release / "_/c").rglob("0000")).unlink()


def add_a_page(release: Path) -> None:
    (release / "gold.html").touch()


def add_a_hidden_file(release: Path) -> None:
    (release / "_/b/.secret").touch()


def add_a_blob_in_a_wrong_place(release: Path) -> None:
    (release / "_/b" / ("ab" * 16)).touch()


def add_a_link(release: Path) -> None:
    (release / "more").symlink_to("/")


CHANGES = [
    change_the_public_edition,
    change_the_bootstrap,
    change_the_digests,
    cut_the_signature,
    replace_the_signature,
    take_a_bucket_away,
    add_a_page,
    add_a_hidden_file,
    add_a_blob_in_a_wrong_place,
    add_a_link,
]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_refused_after(site: Site, change: Callable[[Path], None]) -> None:
    change(site.release)
    with pytest.raises(DamagedRelease):
        verify_release(site.release, site.secret.public_key)


def test_another_sites_signature_is_refused(site: Site) -> None:
    with pytest.raises(DamagedRelease):
        verify_release(site.release, secret_of("another").public_key)
