"""Blobs: an unchanged file keeps its name and its bytes; a changed file gets new ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from members_portal.seal import open_release
from tests.seal.small_site import Site, files_of

ALWAYS_NEW = ("portal.json", "release.json", "release.json.sig")


def blobs_of(release: Path) -> dict[str, bytes]:
    return {path: data for path, data in files_of(release).items() if path.startswith("_/b/")}


def test_an_unchanged_tree_keeps_every_blob_byte_for_byte(site: Site) -> None:
    before = files_of(site.release)
    report = site.publish()
    after = files_of(site.release)
    assert (report.new, report.reused, report.removed) == (0, 7, 0)
    assert {p for p in before if p.startswith("_/b/")} == {p for p in after if p.startswith("_/b/")}
    for path in before.keys() & after.keys() - set(ALWAYS_NEW):
        assert before[path] == after[path]


def test_one_edit_changes_its_blob_the_cards_the_manifests_and_the_bootstrap_only(site: Site) -> None:
    before = files_of(site.release)
    site.files["editions/gold/offers/tasting/index.html"] = "<h1>Another tasting</h1>"
    report = site.publish()
    after = files_of(site.release)
    assert (report.new, report.reused, report.removed) == (1, 6, 1)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path.split("/")[1] for path in changed if path.startswith("_/")} == {"b", "c", "m"}
    assert {path for path in changed if not path.startswith("_/")} == set(ALWAYS_NEW)
    assert len([path for path in changed if path.startswith("_/b/")]) == 2


def test_a_kept_blob_is_the_same_file(site: Site) -> None:
    inodes = {path.name: path.stat().st_ino for path in (site.release / "_/b").rglob("*") if path.is_file()}
    site.publish()
    for path in (site.release / "_/b").rglob("*"):
        assert path.is_dir() or path.stat().st_ino == inodes[path.name]


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_blob_is_sealed_anew_and_not_handed_on(site: Site, damage: bytes | None) -> None:
    victim = next(path for path in (site.release / "_/b").rglob("*") if path.is_file())
    good = victim.read_bytes()
    victim.write_bytes(good[:-1] + bytes([good[-1] ^ 1]) if damage is None else damage)
    report = site.publish()
    assert (report.new, report.reused, report.removed) == (1, 6, 0)
    opened = open_release(site.release, site.code("M-1001"))
    for path in (*opened.edition_files, *opened.own_files):
        opened.read(path)


def test_a_raised_generation_keeps_no_blob(site: Site) -> None:
    before = set(blobs_of(site.release))
    site.generation = 2
    report = site.publish()
    assert (report.new, report.reused, report.removed) == (7, 0, 7)
    assert not before & set(blobs_of(site.release))


def test_a_release_of_another_site_lends_nothing(site: Site, tmp_path: Path) -> None:
    from tests.seal.small_site import secret_of

    site.secret = secret_of("another")
    assert site.publish().reused == 0


def test_where_the_disk_cannot_link_blobs_are_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = blobs_of(site.release)

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert site.publish().reused == 7
    assert blobs_of(site.release) == before
