"""The input folder: three folders of plain files, and a roster that matches them."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from members_portal.seal import BadRoster, BadTree, Enrolment
from members_portal.seal.roster import check_roster
from members_portal.seal.seal_error import ForeignSlots
from members_portal.seal.tree import read_tree
from tests.seal.small_site import GREETING, ROSTER, SITE, Site, write_tree

EMPTY = hashlib.sha256(b"").hexdigest()
OWN = b"M-1\0{}"  # the id of a member and the slots


def test_files_are_listed_by_the_path_they_get(tmp_path: Path) -> None:
    tree = read_tree(write_tree(tmp_path, SITE))
    assert set(tree.public) == {"index.html", "theme/portal.css"}
    assert set(tree.editions["gold"]) == {"index.html", "offers/tasting/index.html", "images/roast.png"}
    assert set(tree.members["M-1001"]) == {"letter.pdf"}
    assert dict(tree.slots) == {"M-1001": json.dumps(GREETING).encode()}
    assert tree.slots.piece("M-1002").unpack("M-1002") == b"{}"


def test_a_tree_may_lack_any_folder(tmp_path: Path) -> None:
    tree = read_tree(tmp_path)
    assert (tree.public, tree.editions, tree.members, dict(tree.slots)) == ({}, {}, {}, {})


def another_top_folder(root: Path) -> None:
    (root / "drafts").mkdir()


def a_file_at_the_top(root: Path) -> None:
    (root / "notes.txt").touch()


def a_file_in_place_of_public(root: Path) -> None:
    (root / "public").touch()


def a_file_among_the_editions(root: Path) -> None:
    write_tree(root, {"editions/index.html": ""})


def a_file_among_the_members(root: Path) -> None:
    write_tree(root, {"members/M-1.json": ""})


def a_folder_in_place_of_the_slots(root: Path) -> None:
    write_tree(root, {"slots.tsv/M-1": "{}"})


def a_link_in_place_of_the_slots(root: Path) -> None:
    write_tree(root, {"members/M-1/slots.json": "{}"})
    (root / "slots.tsv").rename(root.parent / "slots")
    (root / "slots.tsv").symlink_to(root.parent / "slots")


def slots_without_a_member(root: Path) -> None:
    write_tree(root, {"slots.tsv": "{}\n", "slots.z": ""})


def slots_without_pieces(root: Path) -> None:
    write_tree(root, {"slots.tsv": ""})


def pieces_that_are_too_long(root: Path) -> None:
    write_tree(root, {"slots.tsv": f"M-1\t{EMPTY}\t1\n", "slots.z": "ab"})


def slots_of_no_member(root: Path) -> None:
    write_tree(root, {"slots.tsv": f"../M-1\t{EMPTY}\t0\n", "slots.z": ""})


def slots_twice(root: Path) -> None:
    write_tree(root, {"slots.tsv": f"M-1\t{EMPTY}\t0\n" * 2, "slots.z": ""})


def a_link_to_a_file(root: Path) -> None:
    write_tree(root, {"public/a": ""})
    (root / "public/b").symlink_to("a")


def a_link_to_a_folder(root: Path) -> None:
    write_tree(root, {"editions/gold/index.html": ""})
    (root / "editions/silver").symlink_to("gold")


def a_link_to_nowhere(root: Path) -> None:
    write_tree(root, {"editions/gold/index.html": ""})
    (root / "editions/gold/b").symlink_to("nowhere")


def a_pipe(root: Path) -> None:
    write_tree(root, {"members/M-1/letter.pdf": "%PDF"})
    os.mkfifo(root / "members/M-1/pipe")


def the_bootstrap_in_public(root: Path) -> None:
    write_tree(root, {"public/portal.json": "{}"})


def the_digests_in_public(root: Path) -> None:
    write_tree(root, {"public/release.json": "{}"})


def the_signature_in_other_case(root: Path) -> None:
    write_tree(root, {"public/Release.JSON.sig": ""})


def a_sealed_path_in_public(root: Path) -> None:
    write_tree(root, {"public/_/b/00/0": ""})


def nine_editions(root: Path) -> None:
    write_tree(root, {f"editions/{number}/index.html": "" for number in range(9)})


def a_name_with_a_backslash(root: Path) -> None:
    write_tree(root, {"public/a\\b": ""})


def a_name_with_a_line_break(root: Path) -> None:
    write_tree(root, {"editions/gold/a\nb": ""})


def a_name_that_is_not_utf_8(root: Path) -> None:
    (root / "public").mkdir()
    (Path(os.fsdecode(bytes(root / "public") + b"/\xff"))).touch()


BROKEN: list[Callable[[Path], None]] = [
    another_top_folder,
    a_file_at_the_top,
    a_file_in_place_of_public,
    a_file_among_the_editions,
    a_file_among_the_members,
    a_folder_in_place_of_the_slots,
    a_link_in_place_of_the_slots,
    slots_without_a_member,
    slots_of_no_member,
    slots_twice,
    slots_without_pieces,
    pieces_that_are_too_long,
    a_link_to_a_file,
    a_link_to_a_folder,
    a_link_to_nowhere,
    a_pipe,
    the_bootstrap_in_public,
    the_digests_in_public,
    the_signature_in_other_case,
    a_sealed_path_in_public,
    nine_editions,
    a_name_with_a_backslash,
    a_name_with_a_line_break,
    a_name_that_is_not_utf_8,
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_tree_is_refused_with(tmp_path: Path, broken: Callable[[Path], None]) -> None:
    broken(tmp_path)
    with pytest.raises(BadTree) as caught:
        read_tree(tmp_path)
    str(caught.value).encode()  # can be shown on any terminal


@pytest.mark.parametrize(
    ("enrolment", "why"),
    [
        (Enrolment("M-1001", "gold", 1), "enrolled twice"),
        (Enrolment("M-9", "platinum", 1), "no edition 'platinum'"),
        (Enrolment("M-9", "gold", 0), "1 or more"),
        (Enrolment("M/9", "gold", 1), "one part of a path"),
        (Enrolment("..", "gold", 1), "one part of a path"),
        (Enrolment("", "gold", 1), "one part of a path"),
        (Enrolment("M\0", "gold", 1), "one part of a path"),
    ],
)
def test_an_enrolment_is_refused(tmp_path: Path, enrolment: Enrolment, why: str) -> None:
    tree = read_tree(write_tree(tmp_path, SITE))
    with pytest.raises(BadRoster, match=why):
        check_roster((*ROSTER, enrolment), tree)


def test_a_folder_of_someone_who_is_not_enrolled_is_refused(tmp_path: Path) -> None:
    tree = read_tree(write_tree(tmp_path, SITE))
    with pytest.raises(BadRoster, match="not enrolled"):
        check_roster(ROSTER[1:], tree)


def test_what_is_refused_leaves_no_release(tmp_path: Path) -> None:
    site = Site(tmp_path, roster=ROSTER[1:])
    with pytest.raises(BadRoster):
        site.publish()
    assert not site.release.exists()


@pytest.mark.parametrize("data", [b"not zlib", zlib.compress(b'{"badge-0":[]}')], ids=["damaged", "another"])
def test_slots_that_are_not_those_of_their_digest_are_refused(tmp_path: Path, data: bytes) -> None:
    line = f"M-1\t{hashlib.sha256(OWN).hexdigest()}\t{len(data)}\n"
    write_tree(tmp_path, {"slots.tsv": line, "slots.z": data})
    slots = read_tree(tmp_path).slots
    assert list(slots) == ["M-1"]
    with pytest.raises(BadTree):
        slots["M-1"]
    assert "M-1" in slots  # whether a member has slots is known without unpacking them
    assert "M-2" not in slots


@pytest.mark.parametrize("member", ["M-1", "M-2"])
def test_slots_are_read_under_the_id_that_they_were_made_for_alone(member: str, tmp_path: Path) -> None:
    line = f"{member}\t{hashlib.sha256(OWN).hexdigest()}\t{len(zlib.compress(b'{}'))}\n"
    slots = read_tree(write_tree(tmp_path, {"slots.tsv": line, "slots.z": zlib.compress(b"{}")})).slots
    if member == "M-1":
        assert slots[member] == b"{}"
    else:
        with pytest.raises(ForeignSlots, match="member M-2: the slots are not those"):
            slots[member]
