"""Rows of publishes with random changes, around the number of members from which records are kept.

After each publish, both readers open the record, the own text and the letter of every member. A member has no others.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from members_portal.seal import Enrolment, open_release, record_set, verify_release
from members_portal.seal.format.packs import PACK
from members_portal.work_record import WorkRecord
from tests.independent_reader import Release, verify
from tests.long_cases import quick_and_long
from tests.seal.small_site import Site

MOST, FEWEST = 8, 3  # members of which all records are sealed anew, members of a site
STEPS = 5
EARLIER, LETTER = "slots/earlier.html", "letter.pdf"
SLOTS, TEXT, OWN = "members/{}/slots.json", "members/{}/own text:" + EARLIER, "members/{}/" + LETTER


class Club:
    """A site with random changes of members, texts and keys."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.site, self.chance, self.joined = Site(root, files={}, roster=()), chance, 0
        self.site.files |= {f"editions/{edition}/index.html": edition for edition in ("gold", "silver")}
        self.site.memory = chance.choice([None, WorkRecord()])
        for _ in range(chance.randint(FEWEST, 2 * MOST)):
            self.join()

    @property
    def changes(self) -> list[Callable[[], object]]:
        one = (self.join, self.leave, self.slots, self.text, self.text_vanishes, self.tier, self.code)
        return [*one, self.many_join, self.many_leave, self.generation, self.memory, self.damage]

    def anybody(self) -> Enrolment:
        return self.chance.choice(self.site.roster)

    def join(self) -> None:
        member = f"M-{self.joined}"
        self.joined += 1
        self.site.roster = (*self.site.roster, Enrolment(member, "gold", 1))
        if self.chance.random() < 0.8:
            self.slots(member)
        if self.chance.random() < 0.5:
            self.text(member)
        if self.chance.random() < 0.2:
            self.site.files[OWN.format(member)] = f"%PDF {member}"

    def leave(self) -> None:
        if len(self.site.roster) > FEWEST:
            gone = self.anybody()
            self.site.roster = tuple(one for one in self.site.roster if one != gone)
            for path in (SLOTS, TEXT, OWN):
                self.site.files.pop(path.format(gone.member), None)

    def many_join(self) -> None:
        for _ in range(MOST):
            self.join()

    def many_leave(self) -> None:
        for _ in range(MOST):
            self.leave()

    def tier(self) -> None:
        self._change(edition="silver")

    def code(self) -> None:
        self._change(code_version=2)

    def _change(self, **changed: object) -> None:
        other = self.anybody()
        self.site.roster = tuple(
            replace(one, **changed) if one == other else one  # type: ignore[arg-type]
            for one in self.site.roster
        )

    def slots(self, member: str = "") -> None:
        html = self.chance.choice(["", "é€𝄞" * 20, "<p>same</p>" * 5_000, self.noise(100), self.noise(100_000)])
        slots = {"greeting": [{"html": html, "from": None, "until": None}]} if self.chance.random() < 0.8 else {}
        self.site.files[SLOTS.format(member or self.anybody().member)] = json.dumps(slots)

    def text(self, member: str = "") -> None:
        member = member or self.anybody().member
        self.site.files.setdefault(SLOTS.format(member), "{}")
        texts = ["", "same for all", "ä" * 70_000, self.noise(30), self.noise(20_000), self.noise(3 * PACK)]
        self.site.files[TEXT.format(member)] = self.chance.choice(texts)

    def text_vanishes(self) -> None:
        self.site.files.pop(TEXT.format(self.anybody().member), None)

    def generation(self) -> None:
        self.site.generation += 1

    def memory(self) -> None:
        self.site.memory = self.chance.choice([None, WorkRecord()])

    def damage(self) -> None:
        """Change, cut or remove a pack of the release in force; with a memory, only verified releases are given."""
        if self.site.memory or not self.site.sequence:
            return
        packs = sorted((self.site.release / "_/r").glob("*/*"))
        if packs:
            pack = self.chance.choice(packs)
            data = bytearray(pack.read_bytes())
            pack.unlink()  # other releases have it, too
            data[self.chance.randrange(len(data))] ^= 1
            if cut := self.chance.choice([0, len(data) // 2, len(data)]):
                pack.write_bytes(data[:cut])

    def noise(self, size: int) -> str:
        return hashlib.shake_256(str(self.chance.random()).encode()).hexdigest(size // 2)

    def check(self) -> None:
        site = self.site
        verify_release(site.release, site.secret.public_key)
        verify(site.release, site.secret.public_key)
        for one in site.roster:
            ours = open_release(site.release, site.code(one.member))
            expected = {
                path: site.files[source.format(one.member)]
                for path, source in ((EARLIER, TEXT), (LETTER, OWN))
                if source.format(one.member) in site.files
            }
            slots = site.files.get(SLOTS.format(one.member), "{}")
            assert set(ours.own_files) == set(expected)
            if ours.record:
                theirs = Release(site.release, site.code(one.member))
                assert theirs.record["slots"] == json.loads(slots)
                assert set(theirs.record["files"]) == set(expected)
                for path, content in expected.items():
                    assert ours.read(path).decode() == theirs.read(path).decode() == content
            else:
                assert SLOTS.format(one.member) not in site.files


@pytest.mark.parametrize("seed", quick_and_long(range(20), {7}))
def test_members_open_what_is_theirs_after_any_row_of_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(record_set, "MOST_SEALED_ANEW", MOST)
    monkeypatch.setattr(record_set, "PACK", chance.choice([2, PACK]))  # with 2, no pack is too sparse to keep
    club = Club(tmp_path, chance)
    for _ in range(STEPS):
        club.site.publish()
        club.check()
        for change in chance.choices(club.changes, k=chance.choice([0, 1, 1, 3])):
            change()
