"""Leaving: a former member who kept every key, code and file opens nothing new or changed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from members_portal.seal import (
    DamagedRelease,
    Enrolment,
    NotAMember,
    OpenedRelease,
    open_release,
    open_with_edition_key,
    record_set,
)
from members_portal.seal.format.blobs import blob_path, open_blob
from members_portal.seal.format.packs import read_place
from members_portal.seal.format.record import open_record
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import blob_id, member_root
from members_portal.seal.reader import read_bootstrap, read_card
from tests.seal.small_site import Site, secret_of

EDITIONS = ("silver", "gold", "staff")
PEOPLE = tuple(f"M-{number}" for number in range(6))
STEPS = 14


@dataclass
class Keeper:
    """An attacker who keeps every code, key and plaintext from the time of membership."""

    codes: set[str] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)

    def keep(self, code: str, opened: OpenedRelease) -> None:
        """Keep everything that a code opens at this publish."""
        self.codes.add(code)
        card = read_card(opened.folder, opened.bootstrap, member_root(read_code(code)))
        self.keys.add(card.slot.key)
        for path, entry in (*opened.edition_files.items(), *opened.own_files.items()):
            self.keys.add(entry.key)
            self.seen.add(opened.read(path))
        if card.record:
            self.keys.add(card.record.key)
            message = read_place(opened.folder, card.record.place)
            self.seen.add(open_record(card.record.key, message, site=opened.bootstrap.site))


def openable(release: Path, key: bytes, records: Iterable[bytes]) -> list[bytes]:
    """Try a key on its blob in a release, and on the messages of records; return the payloads that it opens."""
    site = read_bootstrap(release).site
    blob = release / blob_path(blob_id(key))
    tries = [partial(open_record, key, message, site=site) for message in records]
    if blob.exists():
        tries.append(partial(open_blob, key, blob.read_bytes(), site=site))
    found = []
    for attempt in tries:
        with suppress(DamagedRelease):
            found.append(attempt())
    return found


class Club:
    """A site with members who join and leave; each of them is a keeper."""

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.site = Site(root, files={}, roster=(), secret=secret_of(f"club {seed}"))
        self.keepers = {person: Keeper() for person in PEOPLE}
        self.versions = dict.fromkeys(PEOPLE, 1)
        self.count = 0
        self.rotated = False
        self.attempts = 0
        for edition in EDITIONS:
            for page in range(3):
                self.write(f"editions/{edition}/page-{page}.html")
        self.write("editions/silver/shared.css", "body {}")
        self.write("editions/gold/shared.css", "body {}")

    @property
    def enrolled(self) -> dict[str, Enrolment]:
        return {enrolment.member: enrolment for enrolment in self.site.roster}

    def write(self, path: str, text: str | None = None) -> None:
        self.count += 1
        self.site.files[path] = text or f"version {self.count} of {path}"

    def enrol(self, person: str, edition: str) -> None:
        others = tuple(one for one in self.site.roster if one.member != person)
        self.site.roster = (*others, Enrolment(person, edition, self.versions[person]))
        slots = {"greeting": [{"html": f"Hello {person}, {self.count}", "from": None, "until": None}]}
        self.write(f"members/{person}/slots.json", json.dumps(slots))
        self.write(f"members/{person}/letter.pdf")

    # What may happen

    def join(self) -> None:
        if gone := [person for person in PEOPLE if person not in self.enrolled]:
            self.enrol(self.chance.choice(gone), self.chance.choice(EDITIONS))

    def leave(self) -> None:
        if self.site.roster:
            person = self.chance.choice(self.site.roster).member
            self.site.roster = tuple(one for one in self.site.roster if one.member != person)
            for path in [path for path in self.site.files if path.startswith(f"members/{person}/")]:
                del self.site.files[path]

    def move(self) -> None:
        """Move a member to another edition."""
        if self.site.roster:
            self.enrol(self.chance.choice(self.site.roster).member, self.chance.choice(EDITIONS))

    def lose_the_code(self) -> None:
        person = self.chance.choice(PEOPLE)
        self.versions[person] += 1
        self.site.roster = tuple(
            replace(one, code_version=self.versions[person]) if one.member == person else one
            for one in self.site.roster
        )

    def edit(self) -> None:
        self.write(self.chance.choice([path for path in self.site.files if path.startswith("editions/")]))

    def add(self) -> None:
        self.write(f"editions/{self.chance.choice(EDITIONS)}/new-{self.count}.html")

    def rotate(self) -> None:
        self.site.generation += 1
        self.rotated = True

    def publish(self) -> None:
        self.site.publish()
        for enrolment in self.site.roster:
            self.check_the_entitled(enrolment)
        records = self.records()
        for person in PEOPLE:
            self.check_the_keeper(person, records)
        self.rotated = False

    # What must hold after every publish

    def check_the_entitled(self, enrolment: Enrolment) -> None:
        code = self.site.code(enrolment.member)
        opened = open_release(self.site.release, code)
        for prefix, files in (
            (f"editions/{enrolment.edition}/", opened.edition_files),
            (f"members/{enrolment.member}/", opened.own_files),
        ):
            sources = {path.removeprefix(prefix) for path in self.site.files if path.startswith(prefix)}
            assert set(files) == sources - {"slots.json"}
            assert all(opened.read(path).decode() == self.site.files[prefix + path] for path in files)
        self.keepers[enrolment.member].keep(code, opened)

    def check_the_keeper(self, person: str, records: list[bytes]) -> None:
        keeper, enrolment = self.keepers[person], self.enrolled.get(person)
        current = {self.site.code(person)} if enrolment else set()
        for code in keeper.codes - current:
            with pytest.raises(NotAMember):
                open_release(self.site.release, code)
        edition_keys = {key for key in keeper.keys if self.opens_a_manifest(key)}
        assert len(edition_keys) == (1 if enrolment else 0)
        opened = {text for key in keeper.keys for text in openable(self.site.release, key, records)}
        assert opened <= keeper.seen
        if self.rotated and not enrolment:
            assert not opened
        self.attempts += len(keeper.codes) + 10 * len(keeper.keys)

    def records(self) -> list[bytes]:
        """Return the messages of all records of the newest release."""
        release = self.site.release
        start = read_bootstrap(release)
        roots = [member_root(read_code(self.site.code(one.member))) for one in self.site.roster]
        cards = [read_card(release, start, root) for root in roots]
        return [read_place(release, card.record.place) for card in cards if card.record]

    def opens_a_manifest(self, key: bytes) -> bool:
        try:
            open_with_edition_key(self.site.release, key)
        except DamagedRelease:
            return False
        return True


def live(root: Path, seed: int) -> int:
    """Run random steps on a club; return the number of attempts by keepers."""
    club = Club(root, seed)
    happenings: list[Callable[[], None]] = [
        *(club.join, club.join, club.leave, club.move, club.lose_the_code, club.edit, club.edit, club.add),
        *(club.rotate, club.publish, club.publish, club.publish),
    ]
    club.join()
    for happening in club.chance.choices(happenings, k=STEPS):
        happening()
    club.publish()
    shutil.rmtree(root)
    return club.attempts


def run(root: Path, seeds: range) -> None:
    attempts = sum(live(root / str(seed), seed) for seed in seeds)
    print(f"leaving_sequences={len(seeds)}", f"attempts={attempts}", "opened_new_or_changed=0")


def test_who_left_opens_nothing_new_or_changed(tmp_path: Path) -> None:
    run(tmp_path, range(6))


@pytest.mark.long
def test_who_left_opens_nothing_new_or_changed_where_unchanged_records_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", 0)
    monkeypatch.setattr(record_set, "PACK", 2)  # no pack is too sparse to keep
    run(tmp_path, range(40, 60))


@pytest.mark.long
def test_who_left_opens_nothing_new_or_changed_in_2000_lives(tmp_path: Path) -> None:
    run(tmp_path, range(1000, 3000))
