"""The slot table in the tree, and the slots that the next run finds in the cache."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.period import DAY
from members_portal.portal.personal.kept_slots import KeptSlots
from members_portal.portal.personal.slot_table import PIECES, Piece, own_text, piece_of, read_slots, write_slots
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.seal.member_slots import MemberSlots
from members_portal.work_record import WorkRecord, digest_of

ON = date(2026, 11, 29)
EARLIER = "slots/earlier-0.html"
TEXTS = {"M-2": "In 2023, ten beans; Zoë"}
SLOTS = {"M-1": '{"badge-0":[]}', "M-2": '{"badge-0":[{"from":null,"html":"Zoë","until":null}]}', "M-3": "{}"}


def pieces() -> dict[str, Piece]:
    """Return the pieces of all members; one has an own text."""
    texts = {member: own_text(EARLIER, text) for member, text in TEXTS.items()}
    return {member: piece_of(member, slots, texts.get(member)) for member, slots in SLOTS.items()}


def write(folder: Path) -> RenderedTree:
    tree = RenderedTree(folder)
    write_slots(tree, pieces().items())
    return tree


def keep(folder: Path, record: WorkRecord) -> None:
    """Keep the slots of all members, on two days."""
    kept, tree = KeptSlots(record, folder / "cache", EARLIER), write(folder / "tree")
    for member, piece in pieces().items():
        kept.keep(digest_of(member), piece, ON, ON + DAY)
    kept.save(folder / "tree" / PIECES, tree.digests[PIECES])


def found(folder: Path, record: WorkRecord, on: date = ON) -> dict[str, Piece]:
    kept = KeptSlots(record, folder / "cache", EARLIER)
    found_ones = {member: kept.find(digest_of(member), on) for member in (*SLOTS, "M-4")}
    return {member: piece for member, piece in found_ones.items() if piece}


def test_the_seal_reads_the_table_that_is_written(tmp_path: Path) -> None:
    write(tmp_path)
    assert read_slots(tmp_path) == SLOTS
    sealed = MemberSlots(tmp_path)
    assert {member: slots.decode() for member, slots in sealed.items()} == SLOTS
    assert {member: sealed.digest(member) for member in sealed} == {
        member: piece.digest.hex() for member, piece in pieces().items()
    }
    assert {member: place.read().decode() for member, place in sealed.texts.items()} == TEXTS
    assert {(place.path, place.size) for place in sealed.texts.values()} == {(EARLIER, len(TEXTS["M-2"].encode()))}


def test_slots_are_found_on_their_days_alone(tmp_path: Path) -> None:
    keep(tmp_path, record := WorkRecord())
    assert [found(tmp_path, record, ON + days * DAY) for days in (-1, 0, 1, 2)] == [{}, pieces(), pieces(), {}]


def test_slots_are_found_after_the_tree_was_removed(tmp_path: Path) -> None:
    keep(tmp_path, record := WorkRecord())
    (tmp_path / "tree" / PIECES).unlink()
    assert found(tmp_path, record) == pieces()


def test_slots_are_copied_where_a_file_has_one_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError("this file system has no hard links")

    monkeypatch.setattr(os, "link", refuse)
    keep(tmp_path, record := WorkRecord())
    assert found(tmp_path, record) == pieces()


def test_another_record_finds_nothing(tmp_path: Path) -> None:
    keep(tmp_path, WorkRecord())
    assert found(tmp_path, WorkRecord()) == {}
