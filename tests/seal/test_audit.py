"""The audit of a release: a release that differs from the signed one is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from members_portal.seal import DamagedRelease, verify_release
from members_portal.seal.format.blobs import blob_path
from members_portal.seal.format.decoys import DecoyKind
from tests import independent_reader
from tests.independent_reader import Refused
from tests.seal.small_site import Site, secret_of


def test_a_release_as_it_was_sealed_passes(site: Site) -> None:
    verify_release(site.release, site.secret.public_key)


def change_the_public_edition(release: Path) -> None:
    (release / "index.html").write_text("<script>")


def change_the_bootstrap(release: Path) -> None:
    (release / "portal.json").write_bytes((release / "portal.json").read_bytes().replace(b"1", b"3", 1))


def change_a_card(release: Path) -> None:
    flip_a_bit(next((release / "_/c").glob("*/0000")))


def change_a_manifest(release: Path) -> None:
    flip_a_bit(next((release / "_/m").glob("*/5")))


def change_a_pack(release: Path) -> None:
    flip_a_bit(next((release / "_/r").glob("*/0000")))


def flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def cut_a_pack(release: Path) -> None:
    pack = next((release / "_/r").glob("*/0000"))
    pack.write_bytes(pack.read_bytes()[:-1])


def take_the_pack_away(release: Path) -> None:
    next((release / "_/r").glob("*/0000")).unlink()


def add_a_pack(release: Path) -> None:
    pack = next((release / "_/r").glob("*/0000"))
    pack.with_name("0001").write_bytes(pack.read_bytes())


def add_a_blob(release: Path) -> None:
    (release / "_/b/ab").mkdir(exist_ok=True)
    (release / "_/b/ab" / ("ab" * 16)).write_bytes(b"a" * 600)


def swap_two_blobs(release: Path) -> None:
    one, other, *_ = (release / "_/b").glob("*/*")
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def rename_a_blob(release: Path) -> None:
    blob = next((release / "_/b").glob("*/*"))
    blob.rename(blob.with_name(blob.name[:2] + "0" * 30))


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


def link_a_blob(release: Path) -> None:
    blob = next((release / "_/b").glob("*/*"))
    blob.rename(release.parent / "elsewhere")
    blob.symlink_to(release.parent / "elsewhere")


def replace_a_page_by_a_pipe(release: Path) -> None:
    (release / "index.html").unlink()
    os.mkfifo(release / "index.html")


def replace_the_digests_by_a_pipe(release: Path) -> None:
    (release / "release.json").unlink()
    os.mkfifo(release / "release.json")


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
    change_a_card,
    change_a_manifest,
    change_a_pack,
    cut_a_pack,
    take_the_pack_away,
    add_a_pack,
    add_a_blob,
    swap_two_blobs,
    rename_a_blob,
    link_a_blob,
    replace_a_page_by_a_pipe,
    replace_the_digests_by_a_pipe,
]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_refused_after(site: Site, change: Callable[[Path], None]) -> None:
    change(site.release)
    with pytest.raises(DamagedRelease):
        verify_release(site.release, site.secret.public_key)


@pytest.mark.parametrize("kind", [None, "absent", "cover"])
def test_it_is_refused_after_a_blob_or_decoy_is_changed_or_taken_away(site: Site, kind: DecoyKind | None) -> None:
    names = site.decoys(kind) if kind else site.blobs()
    for name, data in sorted(names.items())[:6]:
        blob = site.release / blob_path(name)
        for change in (partial(flip_a_bit, blob), blob.unlink):
            change()
            with pytest.raises(DamagedRelease, match="the sealed files are not as they were signed"):
                verify_release(site.release, site.secret.public_key)
            with pytest.raises(Refused):
                independent_reader.verify(site.release, site.secret.public_key)
        blob.write_bytes(data)
    verify_release(site.release, site.secret.public_key)


def test_digests_of_another_publish_are_refused(site: Site) -> None:
    first = site.release
    site.publish()
    for name in ("release.json", "release.json.sig"):
        (site.release / name).write_bytes((first / name).read_bytes())
    with pytest.raises(DamagedRelease):
        verify_release(site.release, site.secret.public_key)


def test_another_sites_signature_is_refused(site: Site) -> None:
    with pytest.raises(DamagedRelease):
        verify_release(site.release, secret_of("another").public_key)
