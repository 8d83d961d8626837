"""The input folder: three folders of plain files, and a roster that matches them."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from members_portal.seal import BadRoster, BadTree, Enrolment, open_release
from members_portal.seal.format.manifest import encode_json
from members_portal.seal.member_slots import PIECES_FILE, SLOTS_FILE
from members_portal.seal.roster import check_roster
from members_portal.seal.seal_error import ForeignSlots
from members_portal.seal.tree import read_tree
from tests.independent_reader import Release
from tests.seal.small_site import GREETING, ROSTER, SITE, Site, files_of, write_tree

EMPTY = hashlib.sha256(b"").hexdigest()
OWN = b"M-1\0{}"  # the id of a member and the slots


def test_files_are_listed_by_the_path_they_get(tmp_path: Path) -> None:
    tree = read_tree(write_tree(tmp_path, SITE))
    assert set(tree.public) == {"index.html", "theme/portal.css"}
    assert set(tree.editions["gold"]) == {"index.html", "offers/tasting/index.html", "images/roast.png"}
    assert set(tree.members["M-1001"]) == {"letter.pdf"}
    assert dict(tree.slots) == {"M-1001": encode_json(GREETING)}
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


def an_own_text_outside_the_folder(root: Path) -> None:
    line = f"M-1\t{EMPTY}\t0\t../page.html\t{EMPTY}\t0\t0\n"
    write_tree(root, {"slots.tsv": line, "slots.z": ""})


def an_own_text_without_a_size(root: Path) -> None:
    write_tree(root, {"slots.tsv": f"M-1\t{EMPTY}\t0\tpage.html\t{EMPTY}\t0\n", "slots.z": ""})


def an_own_text_that_is_a_file_too(root: Path) -> None:
    files = {"members/M-1/slots.json": "{}", "members/M-1/own text:page.html": "a", "members/M-1/page.html": "b"}
    write_tree(root, files)


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
    an_own_text_outside_the_folder,
    an_own_text_without_a_size,
    an_own_text_that_is_a_file_too,
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


TEXT = "members/M-1001/own text:slots/earlier.html"


def test_an_own_text_becomes_a_file_of_the_member(tmp_path: Path) -> None:
    site = Site(tmp_path, files={**SITE, TEXT: "In 2023: ten beans"})
    site.publish()
    opened = open_release(site.release, site.code("M-1001"))
    assert set(opened.own_files) == {"letter.pdf", "slots/earlier.html"}
    assert opened.read("slots/earlier.html") == b"In 2023: ten beans"
    assert Release(site.release, site.code("M-1001")).record["slots"] == GREETING
    before = set(site.blobs())
    site.publish()
    assert set(site.blobs()) == before, "the file is not sealed again"
    site.files[TEXT] = "In 2023: eleven beans"
    site.publish()
    assert open_release(site.release, site.code("M-1001")).read("slots/earlier.html") == b"In 2023: eleven beans"


def own_text_of_another_member(lines: list[bytes], data: bytes) -> tuple[list[bytes], bytes]:
    (first, second), a, c = (line.split(b"\t") for line in lines), zlib.compress(b"a" * 30), zlib.compress(b"c" * 30)
    swapped = data.replace(a, b"-").replace(c, a).replace(b"-", c)
    return [b"\t".join([*first[:3], *second[3:]]), b"\t".join([*second[:3], *first[3:]])], swapped


def own_text_that_is_changed(lines: list[bytes], data: bytes) -> tuple[list[bytes], bytes]:
    changed = zlib.compress(b"b" * 30)
    assert lines[0].endswith(b"\t%d" % len(changed))
    return lines, data.replace(zlib.compress(b"a" * 30), changed)


def own_text_that_does_not_unpack(lines: list[bytes], data: bytes) -> tuple[list[bytes], bytes]:
    return lines, data.replace(zlib.compress(b"a" * 30), b"!" * len(zlib.compress(b"a" * 30)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (own_text_of_another_member, "the slots are not those that were made for this member"),
        (own_text_that_is_changed, "an own text of a member has another SHA-256"),
        (own_text_that_does_not_unpack, "an own text of a member does not unpack"),
    ],
)
def test_an_own_text_that_is_not_the_members_is_refused(
    change: Callable[[list[bytes], bytes], tuple[list[bytes], bytes]], message: str, tmp_path: Path
) -> None:
    files = {name: data for name, data in SITE.items() if not name.startswith("members/")}
    files |= {f"members/{member}/slots.json": "{}" for member in ("M-1001", "M-1002")}
    texts = {"M-1001": "a" * 30, "M-1002": "c" * 30}  # their streams have equal sizes
    site = Site(tmp_path, files={**files, **{f"members/{who}/own text:page.html": text for who, text in texts.items()}})
    site.publish()
    tree = tmp_path / "tree-1"
    lines, data = change((tree / SLOTS_FILE).read_bytes().splitlines(), (tree / PIECES_FILE).read_bytes())
    (tree / SLOTS_FILE).write_bytes(b"".join(line + b"\n" for line in lines))
    (tree / PIECES_FILE).write_bytes(data)
    changed = Site(tmp_path / "changed", files=dict(files_of(tree)))
    with pytest.raises(BadTree, match=message):
        changed.publish()


@pytest.mark.parametrize("member", ["M-1", "M-2"])
def test_slots_are_read_under_the_id_that_they_were_made_for_alone(member: str, tmp_path: Path) -> None:
    line = f"{member}\t{hashlib.sha256(OWN).hexdigest()}\t{len(zlib.compress(b'{}'))}\n"
    slots = read_tree(write_tree(tmp_path, {"slots.tsv": line, "slots.z": zlib.compress(b"{}")})).slots
    if member == "M-1":
        assert slots[member] == b"{}"
    else:
        with pytest.raises(ForeignSlots, match="member M-2: the slots are not those"):
            slots[member]
