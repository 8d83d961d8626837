"""The records of one publish: up to 10,000 members all are sealed anew; with more, unchanged records are kept."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from members_portal.seal import (
    BadTree,
    BatchRunner,
    DamagedRelease,
    Enrolment,
    open_release,
    record_batch,
    record_set,
    verify_release,
)
from members_portal.seal.format.packs import PACK, RecordPlace, pack_path
from members_portal.seal.format.padding import size_class
from members_portal.seal.key.keys import member_root
from members_portal.seal.member_slots import PIECES_FILE
from members_portal.seal.reader import read_bootstrap, read_card
from members_portal.work_record import WorkRecord
from tests.independent_reader import Release, verify
from tests.long_cases import quick_and_long
from tests.seal.small_site import Site, write_tree
from tests.workers.same_process import SameProcess

MEMBERS = 120
LARGE = 6_000  # characters of a record: 120 records fill three packs
EARLIER = "slots/earlier.html"
TEXT = "members/{}/own text:" + EARLIER


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat more than 50 members as too many to seal all records anew."""
    monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", 50)


@pytest.fixture
def large(tmp_path: Path, few: None) -> Site:
    """Return a site with 120 members and large records, published once."""
    site = Site(tmp_path, files={"editions/gold/index.html": "gold"}, roster=())
    site.roster = tuple(Enrolment(f"M-{n}", "gold", 1) for n in range(MEMBERS))
    for enrolment in site.roster:
        write_slots(site, enrolment.member, enrolment.member)
    site.publish()
    return site


@pytest.fixture
def dense(large: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return the site with large records, of which no pack is too sparse to keep."""
    monkeypatch.setattr(record_set, "PACK", 2)
    return large


def write_slots(site: Site, member: str, text: str) -> None:
    """Write a record that cannot be deflated much."""
    noise = hashlib.shake_256(text.encode()).hexdigest(LARGE // 2)
    slots = {"greeting": [{"html": f"{text} {noise}", "from": None, "until": None}]}
    site.files[f"members/{member}/slots.json"] = json.dumps(slots)


def write_texts(site: Site, kind: str = "") -> set[str]:
    """Give every other member an own text of a few to 60,000 bytes; return the members."""
    members = [one.member for one in site.roster[::2]]
    for place, member in enumerate(members):
        noise = hashlib.shake_256(f"{member} {kind}".encode()).hexdigest(500 * place)
        site.files[TEXT.format(member)] = f"{member} in 2023 {kind} {noise}"
    return set(members)


def check_texts(site: Site) -> None:
    """Check that each member with an own text reads it, with both readers, and that no other member has one."""
    for enrolment in site.roster:
        code, text = site.code(enrolment.member), site.files.get(TEXT.format(enrolment.member))
        ours, theirs = open_release(site.release, code), Release(site.release, code)
        assert (EARLIER in ours.own_files) == (EARLIER in theirs.record["files"]) == (text is not None)
        if text is not None:
            assert ours.read(EARLIER).decode() == theirs.read(EARLIER).decode() == text


def places_of(site: Site) -> dict[str, RecordPlace]:
    """Return the places of all records, read from the members' cards."""
    start = read_bootstrap(site.release)
    found = {}
    for enrolment in site.roster:
        root = member_root(site.secret.code(enrolment.member, enrolment.code_version))
        record = read_card(site.release, start, root).record
        if record:
            found[enrolment.member] = record.place
    return found


def packs_of(release: Path) -> set[str]:
    """Return the paths of all packs."""
    return {path.relative_to(release).as_posix() for path in (release / "_/r").glob("*/*")}


def sealed_anew(site: Site) -> set[str]:
    """Return the members whose records are in packs of the newest publish."""
    publish = read_bootstrap(site.release).publish
    return {member for member, place in places_of(site).items() if place.publish == publish}


def check(site: Site) -> None:
    """Check the release, and every member's record with both readers."""
    verify_release(site.release, site.secret.public_key)
    verify(site.release, site.secret.public_key)
    for enrolment in site.roster:
        theirs = Release(site.release, site.code(enrolment.member)).record["slots"]
        source = site.files.get(f"members/{enrolment.member}/slots.json", "{}")
        assert isinstance(source, str)
        assert theirs == json.loads(source)
        ours = open_release(site.release, site.code(enrolment.member)).record
        assert (ours.slots if ours else {}).keys() == theirs.keys()


def test_a_small_club_seals_all_records_anew(site: Site) -> None:
    site.files |= {f"members/{one.member}/slots.json": "{}" for one in site.roster}
    site.publish()
    before = packs_of(site.release)
    report = site.publish()
    assert sealed_anew(site) == {one.member for one in site.roster}
    assert not before & packs_of(site.release)
    assert report.removed >= len(before)
    check(site)


def test_the_progress_of_the_records_is_told(large: Site) -> None:
    told: list[tuple[int, int]] = []
    large.done = lambda done, of: told.append((done, of))
    large.generation = 2  # all records are sealed anew
    large.publish()
    assert told == [(0, MEMBERS), (100, MEMBERS)]


@pytest.mark.long
def test_records_stand_in_another_order_at_each_publish(large: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", 10_000)
    orders = set()
    for _ in range(3):
        large.publish()
        places = places_of(large)
        orders.add(tuple(sorted(places, key=lambda member: places[member].offset)))
    assert len(orders) == 3
    assert tuple(sorted(places)) not in orders
    check(large)


@pytest.mark.long
def test_a_large_club_keeps_unchanged_records_and_links_their_packs(dense: Site) -> None:
    before, places = packs_of(dense.release), places_of(dense)
    inodes = {path: (dense.release / path).stat().st_ino for path in before}
    dense.publish()
    fresh = sealed_anew(dense)
    assert len(fresh) == size_class(max(1, MEMBERS // record_set.SMALLEST_SHARE))
    after = places_of(dense)
    assert {member: after[member] for member in after.keys() - fresh} == {
        member: places[member] for member in places.keys() - fresh
    }
    kept = {pack_path(place.publish, n) for place in after.values() for n in place.numbers} & before
    assert kept == packs_of(dense.release) & before
    assert {path: (dense.release / path).stat().st_ino for path in kept} == {path: inodes[path] for path in kept}
    check(dense)


def test_a_pack_without_a_current_record_is_left_out(large: Site) -> None:
    assert len(packs_of(large.release)) > len({n for place in places_of(large).values() for n in place.numbers})
    noise = packs_of(large.release) - {pack_path(p.publish, n) for p in places_of(large).values() for n in p.numbers}
    large.publish()
    assert not noise & packs_of(large.release)


@pytest.mark.long
def test_the_covers_of_changed_records_are_chosen_at_random(dense: Site) -> None:
    chosen = set()
    for _ in range(4):
        dense.publish()
        chosen |= sealed_anew(dense)
    assert len(chosen) > 4


@pytest.mark.parametrize("changed", quick_and_long([1, 3, 5, 10], {3}))
def test_changed_records_are_sealed_anew_with_covers(dense: Site, changed: int) -> None:
    members = {f"M-{n}" for n in range(changed)}
    for member in members:
        write_slots(dense, member, f"{member}, later")
    dense.publish()
    fresh = sealed_anew(dense)
    assert members <= fresh
    assert len(fresh) == size_class(max(changed, MEMBERS // record_set.SMALLEST_SHARE))
    check(dense)


def test_who_joins_and_who_leaves(large: Site) -> None:
    large.roster = (*large.roster[1:], Enrolment("M-new", "gold", 1), Enrolment("M-none", "gold", 1))
    del large.files["members/M-0/slots.json"]
    write_slots(large, "M-new", "new")
    large.publish()
    assert "M-new" in sealed_anew(large)
    assert "M-none" not in places_of(large)
    check(large)


@pytest.mark.long
def test_sparse_packs_are_compacted(large: Site) -> None:
    (pack,) = {place.numbers[0] for place in places_of(large).values() if place.numbers[0] == 1}
    inside = sorted(member for member, place in places_of(large).items() if place.numbers[0] == pack)
    for member in inside[: len(inside) * 2 // 3]:
        write_slots(large, member, f"{member}, later")
    publish = read_bootstrap(large.release).publish
    large.publish()
    assert set(inside) <= sealed_anew(large)
    crossing = any(place.publish == publish and pack in place.numbers for place in places_of(large).values())
    assert (pack_path(publish, pack) in packs_of(large.release)) == crossing
    check(large)


@pytest.mark.long
def test_packs_of_several_earlier_publishes_are_kept(dense: Site) -> None:
    for n in range(2):
        for member in [f"M-{k}" for k in range(40 * n, 40 * n + 40)]:
            write_slots(dense, member, f"{member}, later")
        dense.publish()
        check(dense)
    assert len({place.publish for place in places_of(dense).values()}) == 3
    dense.publish()
    check(dense)


@pytest.mark.parametrize("least", [PACK // 2 - 1, PACK // 2])
def test_a_pack_is_sparse_below_half_of_its_size(least: int) -> None:
    places = {str(n): RecordPlace("5f" * 16, n * PACK, least) for n in range(3)}
    assert record_set.in_full_packs(places) == ([] if least < PACK // 2 else ["0", "1", "2"])


@pytest.mark.long
def test_a_raised_generation_keeps_no_record(large: Site) -> None:
    before = packs_of(large.release)
    large.generation += 1
    large.publish()
    assert len(sealed_anew(large)) == MEMBERS
    assert not before & packs_of(large.release)
    check(large)


@pytest.mark.long
def test_a_raised_code_version_seals_the_members_record_anew(large: Site) -> None:
    first, *rest = large.roster
    large.roster = (Enrolment(first.member, "gold", 2), *rest)
    large.publish()
    assert first.member in sealed_anew(large)
    check(large)


@pytest.mark.long
def test_a_damaged_pack_is_sealed_anew(large: Site) -> None:
    publish = read_bootstrap(large.release).publish
    damaged = pack_path(publish, 0)
    inside = {member for member, place in places_of(large).items() if 0 in place.numbers}
    (large.release / damaged).write_bytes(os.urandom(PACK))
    large.publish()
    assert inside <= sealed_anew(large)
    assert damaged not in packs_of(large.release)
    check(large)


@pytest.mark.long
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_pack_that_is_cut_or_missing_is_sealed_anew(large: Site, damage: str) -> None:
    pack = large.release / pack_path(read_bootstrap(large.release).publish, 1)
    inside = {member for member, place in places_of(large).items() if 1 in place.numbers}
    if damage == "cut":
        pack.write_bytes(b"")
    else:
        pack.unlink()
    large.publish()
    assert inside <= sealed_anew(large)
    check(large)


def test_one_damaged_record_is_sealed_anew_with_its_pack(large: Site) -> None:
    place = places_of(large)["M-7"]
    pack = large.release / pack_path(place.publish, place.numbers[0])
    data = bytearray(pack.read_bytes())
    data[place.offset % PACK + 100] ^= 1
    pack.write_bytes(data)
    large.publish()
    assert "M-7" in sealed_anew(large)
    check(large)


@pytest.mark.long
def test_damaged_cards_keep_no_record(large: Site) -> None:
    for bucket in (large.release / "_/c").glob("*/*"):
        bucket.write_bytes(os.urandom(bucket.stat().st_size))
    large.publish()
    assert len(sealed_anew(large)) == MEMBERS
    check(large)


def test_the_owned_files_of_a_kept_record_are_kept(large: Site) -> None:
    large.files["members/M-9/letter.pdf"] = "%PDF a letter"
    large.publish()
    large.publish()
    assert open_release(large.release, large.code("M-9")).read("letter.pdf") == b"%PDF a letter"


@pytest.fixture
def remembered(dense: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return the site with large records, published with a memory; no record can be opened from now on."""
    dense.memory = WorkRecord()
    dense.publish()
    monkeypatch.setattr(record_set, "PreviousCards", None)
    return dense


def test_unchanged_records_are_found_without_opening_any(remembered: Site) -> None:
    before = places_of(remembered)
    write_slots(remembered, "M-3", "later")
    remembered.files["members/M-4/letter.pdf"] = "%PDF a letter"
    remembered.publish()
    after, fresh = places_of(remembered), sealed_anew(remembered)
    assert {"M-3", "M-4"} <= fresh
    assert len(fresh) == size_class(max(2, MEMBERS // record_set.SMALLEST_SHARE))
    assert all(after[member] == before[member] for member in after.keys() - fresh)
    check(remembered)


@pytest.mark.parametrize(
    "change", quick_and_long(["code version", "generation", "file", "slots", "leaves and returns"], {"slots"})
)
def test_a_remembered_record_is_sealed_anew_when_its_content_or_keys_change(remembered: Site, change: str) -> None:
    remembered.files["members/M-0/letter.pdf"] = "%PDF a letter"
    remembered.publish()
    first, *rest = remembered.roster
    if change == "code version":
        remembered.roster = (Enrolment("M-0", "gold", 2), *rest)
    elif change == "generation":
        remembered.generation += 1
    elif change == "file":
        remembered.files["members/M-0/letter.pdf"] = "%PDF another letter"
    elif change == "slots":
        write_slots(remembered, "M-0", "later")
    else:
        left = {path: remembered.files.pop(path) for path in list(remembered.files) if "/M-0/" in path}
        remembered.roster = tuple(rest)
        remembered.publish()
        remembered.files |= left
        remembered.roster = (first, *rest)
    remembered.publish()
    assert "M-0" in sealed_anew(remembered)
    check(remembered)


@pytest.mark.long
def test_a_memory_of_another_publish_is_not_used(dense: Site) -> None:
    dense.memory = WorkRecord()
    dense.publish()
    dense.memory, places = WorkRecord(), places_of(dense)
    dense.publish()
    after = places_of(dense)
    assert len(sealed_anew(dense)) == size_class(max(1, MEMBERS // record_set.SMALLEST_SHARE))
    assert all(after[member] == places[member] for member in after.keys() - sealed_anew(dense))


def total_of(places: Iterable[RecordPlace]) -> int:
    return sum(place.length for place in places)


@pytest.mark.long
def test_a_row_of_publishes_keeps_the_packs_in_bounds(large: Site) -> None:
    for _ in range(6):
        large.publish()
    size = sum((large.release / path).stat().st_size for path in packs_of(large.release))
    assert size <= 4 * total_of(places_of(large).values())
    check(large)


def test_the_own_texts_of_a_large_club_follow_the_records(large: Site) -> None:
    blobs = len(large.blobs())
    write_texts(large)
    large.publish()
    assert len(large.blobs()) == blobs, "no text is a file of the release"
    check(large)
    check_texts(large)


def test_the_own_texts_of_kept_records_are_kept(remembered: Site) -> None:
    write_texts(remembered)
    remembered.publish()
    before = places_of(remembered)
    for _ in range(2):
        remembered.publish()
        after = places_of(remembered)
        assert any(after[member] == before[member] for member in write_texts(remembered))
        check(remembered)
        check_texts(remembered)


def test_a_changed_own_text_is_sealed_anew_with_its_record(remembered: Site) -> None:
    write_texts(remembered)
    remembered.publish()
    remembered.files[TEXT.format("M-8")] = "another"
    remembered.publish()
    assert "M-8" in sealed_anew(remembered)
    assert len(sealed_anew(remembered)) == size_class(max(1, MEMBERS // record_set.SMALLEST_SHARE))
    check_texts(remembered)


def test_an_own_text_that_is_damaged_in_its_pack_is_sealed_anew(dense: Site) -> None:
    write_texts(dense)
    dense.publish()
    place = places_of(dense)["M-118"]
    text = place.after(open_release(dense.release, dense.code("M-118")).own_files[EARLIER].packed)
    pack = dense.release / pack_path(text.publish, text.numbers[0])
    data = bytearray(pack.read_bytes())
    data[text.offset % PACK + 100] ^= 1
    pack.write_bytes(data)
    with pytest.raises(DamagedRelease):
        open_release(dense.release, dense.code("M-118")).read(EARLIER)
    dense.publish()
    assert "M-118" in sealed_anew(dense)
    check_texts(dense)


def test_a_pack_is_not_sparse_because_of_long_own_texts(large: Site) -> None:
    write_texts(large)
    large.publish()
    before = places_of(large)
    large.publish()
    assert len([member for member, place in places_of(large).items() if place == before[member]]) > MEMBERS // 2


def test_the_own_texts_of_a_club_that_grows_and_shrinks(large: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with_text = write_texts(large)
    for most, blobs in ((MEMBERS, len(with_text)), (MEMBERS - 1, 0), (MEMBERS, len(with_text))):
        monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", most)
        before = len([path for path in large.files if path.startswith("editions/")])
        large.publish()
        assert len(large.blobs()) == before + blobs
        check_texts(large)


@pytest.mark.parametrize("runner", [None, SameProcess()], ids=["one process", "batches"])
@pytest.mark.parametrize("damage", ["of another member", "not zlib"])
def test_an_own_text_with_another_digest_is_refused(
    large: Site, damage: str, runner: BatchRunner | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_batch, "FEWEST_RECORDS", 1)
    large.files[TEXT.format("M-0")] = "a" * 30
    large.files[TEXT.format("M-1")] = "c" * 30
    tree = write_tree(large.root / "damaged", large.files)
    own, other = zlib.compress(b"a" * 30), zlib.compress(b"c" * 30)
    pieces = (tree / PIECES_FILE).read_bytes()
    assert pieces.count(own) == 1
    (tree / PIECES_FILE).write_bytes(pieces.replace(own, other if damage == "of another member" else bytes(len(own))))
    large.files = {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    large.runner = runner
    what = "has another SHA-256" if damage == "of another member" else "does not unpack"
    with pytest.raises(BadTree, match=f"slots.z, member M-0: an own text of a member {what}"):
        large.publish()


def test_the_packs_of_a_long_own_text_are_kept_with_its_record(remembered: Site) -> None:
    text = hashlib.shake_256(b"long").hexdigest(3 * PACK)
    remembered.files |= {TEXT.format(f"M-{n}"): f"{n} {text}" for n in range(3)}
    remembered.publish()
    before = places_of(remembered)
    remembered.publish()
    after = places_of(remembered)
    assert any(after[f"M-{n}"] == before[f"M-{n}"] for n in range(3))
    check_texts(remembered)
