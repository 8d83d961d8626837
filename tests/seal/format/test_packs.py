"""Packs: every record is found at its place; the sizes and the number of the packs show only classes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from members_portal.seal import DamagedRelease
from members_portal.seal.format.packs import PACK, UNIT, PackWriter, RecordPlace, pack_path, padded_size, read_place
from members_portal.seal.format.padding import size_class
from members_portal.seal.release_folder import ReleaseFolder

PUBLISH = "5f" * 16


def written(root: Path, sizes: list[int], spare: int = 0) -> list[tuple[RecordPlace, bytes]]:
    """Write messages of these sizes into packs; return their places and bytes."""
    writer = PackWriter(ReleaseFolder(root), PUBLISH, spare)
    messages = [os.urandom(size) for size in sizes]
    found = [(writer.add(message), message) for message in messages]
    writer.close()
    return found


def sizes_of(root: Path) -> list[int]:
    """Return the sizes of the packs by number, in bytes."""
    return [path.stat().st_size for path in sorted((root / "_/r" / PUBLISH).iterdir())]


@pytest.mark.parametrize(
    ("records", "size"),
    [
        (0, 65_536),
        (1, 65_536),
        (65_536, 65_536),
        (65_537, 98_304),
        (98_305, 131_072),
        (131_073, 196_608),
        (196_609, PACK),
        (PACK - 1, PACK),
        (PACK, PACK),
    ],
)
def test_a_single_pack_has_a_class_of_units(tmp_path: Path, records: int, size: int) -> None:
    written(tmp_path / "release", [records] if records else [])
    assert sizes_of(tmp_path / "release") == [size]


@pytest.mark.parametrize(("records", "packs"), [(PACK + 1, 2), (2 * PACK + 1, 3), (3 * PACK + 1, 4), (4 * PACK + 1, 6)])
def test_several_packs_have_one_size_and_number_a_class(tmp_path: Path, records: int, packs: int) -> None:
    written(tmp_path / "release", [records])
    assert sizes_of(tmp_path / "release") == [PACK] * packs


def test_the_spare_moves_the_steps() -> None:
    steps = {spare: next(n for n in range(0, PACK, 64) if padded_size(n, spare) > 4 * UNIT) for spare in (0, 128, 255)}
    assert steps[0] > steps[128] > steps[255] > 4 * UNIT * 3 // 4
    for spare in (0, 77, 255):
        sizes = [padded_size(records, spare) for records in range(0, 6 * PACK, 4096)]
        assert sizes == sorted(sizes)
        assert all(size >= records for size, records in zip(sizes, range(0, 6 * PACK, 4096), strict=True))
        assert all(size % PACK == 0 and size_class(size // PACK) == size // PACK for size in sizes if size > PACK)


def test_a_spare_beyond_one_pack_makes_two(tmp_path: Path) -> None:
    ((place, message),) = written(tmp_path / "release", [PACK - 1000], spare=255)
    assert sizes_of(tmp_path / "release") == [PACK, PACK]
    assert read_place(tmp_path / "release", place) == message


@pytest.mark.parametrize(("size", "packs"), [(584, 2), (5_000, 2), (100_000, 2), (PACK, 1), (2 * PACK + 7, 3)])
def test_records_that_cross_packs_come_out_whole(tmp_path: Path, size: int, packs: int) -> None:
    found = written(tmp_path / "release", [size] * (3 * PACK // size + 2))
    assert max(len(place.numbers) for place, _ in found) == packs
    for place, message in found:
        assert read_place(tmp_path / "release", place) == message


def test_places_follow_each_other(tmp_path: Path) -> None:
    places = [place for place, _ in written(tmp_path / "release", [600, 700, PACK, 800])]
    assert [place.offset for place in places] == [0, 600, 1300, 1300 + PACK]
    assert [list(place.numbers) for place in places] == [[0], [0], [0, 1], [1]]
    assert {place.publish for place in places} == {PUBLISH}


def test_the_rest_of_a_pack_is_noise(tmp_path: Path) -> None:
    written(tmp_path / "release", [600])
    pack = (tmp_path / "release" / pack_path(PUBLISH, 0)).read_bytes()
    assert len(set(pack[600:])) == 256


@pytest.mark.parametrize("kept", [0, 100, PACK - 1])
def test_a_pack_that_is_cut_or_missing_is_refused(tmp_path: Path, kept: int) -> None:
    *_, (place, _) = written(tmp_path / "release", [PACK - 100, 600])
    pack = tmp_path / "release" / pack_path(PUBLISH, 0)
    pack.write_bytes(pack.read_bytes()[:kept])
    with pytest.raises(DamagedRelease, match="cut off"):
        read_place(tmp_path / "release", place)
    pack.unlink()
    with pytest.raises(DamagedRelease, match="missing"):
        read_place(tmp_path / "release", place)
