"""The people: what is known of a member, checked strictly against the programme, wherever it was read."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator

from members_portal.loyalty.input.located_yaml import Located, Path_, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, one_of
from members_portal.loyalty.input.schema import Count, Country, Day, Email, Flag, Record, Text, Words, form, parse
from members_portal.loyalty.programme.audience import STAFF
from members_portal.loyalty.programme.programme import Programme

LEAP_YEAR = 2000  # stands in where only day and month are known, so that 29 February is a day


@dataclass(frozen=True)
class Birthday:
    """Day and month; the year where the member gave it."""

    month: int
    day: int
    year: int | None = None


def _birthday(value: Any) -> Birthday:
    found = re.fullmatch(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})", value) if isinstance(value, str) else None
    try:
        if found:
            day = date(int(found[1] or LEAP_YEAR), int(found[2]), int(found[3]))
            return Birthday(day.month, day.day, day.year if found[1] else None)
    except ValueError:
        pass
    raise ValueError("a day that exists, as MM-DD or YYYY-MM-DD")


MemberId = Annotated[str, form(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", "up to 40 letters, digits and hyphens")]
Language = Annotated[str, form(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as ga or pt-BR (BCP 47)")]


class Address(Record):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    lines: Words
    postcode: str | None = None
    city: Text
    country: Country


class Member(Record):
    """One member. `edition` says which pages they read."""

    id: MemberId
    given_name: Text
    family_name: str | None = None
    formal_name: Text
    salutation: Literal["first-name", "formal"] = "first-name"
    email: Email | None = None
    phone: Text | None = None
    birthday: Annotated[Birthday, BeforeValidator(_birthday)] | None = None
    joined: Day
    left: Day | None = None
    tier: str | None = None
    tier_until: Day | None = None
    staff: Flag = False
    key_customer: Flag = False
    account_manager: str | None = None
    interests: Words = ()
    address: Address | None = None
    consent: Mapping[str, Flag] = {}
    code_version: Count = 1
    language: Language | None = None

    @property
    def edition(self) -> str:
        """The name of the edition this member reads."""
        return STAFF if self.staff else str(self.tier)

    def is_member(self, on: date) -> bool:
        """Tell whether somebody still is one on a day: `left` is the first on which they no longer are."""
        return self.left is None or on < self.left

    @property
    def looked_after_by(self) -> str | None:
        """Key of the account manager whose card this member gets: key customers only."""
        return self.account_manager if self.key_customer else None

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.given_name, self.family_name)))

    @property
    def called(self) -> str:
        """How this member is spoken to, everywhere the same."""
        return self.given_name if self.salutation == "first-name" else self.formal_name

    @property
    def dir(self) -> Literal["ltr", "rtl"]:
        """The direction the name is written in."""
        strong = (unicodedata.bidirectional(letter) for letter in self.full_name)
        return "rtl" if next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


class Entry(NamedTuple):
    """A member as written: where the parts stand, the path that leads there, the values, the line if it is known."""

    places: Located
    at: Path_
    value: Any
    line: int = 0


def check_members(entries: Iterable[Entry], programme: Programme, problems: list[Problem]) -> list[Member]:
    """Check members one by one and against each other; add what is wrong to `problems`."""
    members: list[Member] = []
    first: dict[str, dict[str, int]] = {"id": {}, "email": {}}
    for entry in entries:
        if member := parse(Member, entry.places, entry.value, entry.at, problems=problems):
            problems.extend(_unknown(entry, member, programme))
            members.append(member)
        problems.extend(_repeated(entry, first))
    return members


def members_in_yaml(path: Path, problems: list[Problem]) -> Iterator[Entry]:
    """Read a list of members; raise InvalidInput when it is none."""
    located = load_yaml(path, private=True)
    problems += located.problems
    if not isinstance(located.value, list):
        raise InvalidInput([located.problem((), "holds no list", "one `- id: …` a member")])
    for index, value in enumerate(located.value):
        yield Entry(located, (index,), value)


def _unknown(entry: Entry, member: Member, programme: Programme) -> Iterator[Problem]:
    """Find what is missing in this programme, and references to what it doesn't have."""
    located, at = entry.places, entry.at
    managers = [manager.key for manager in programme.account_managers]
    if member.tier is None and not member.staff and not programme.qualifying:
        yield located.problem(at, "`tier` is missing", one_of(programme.ladder))
    if member.left and member.left < member.joined:
        yield located.problem((*at, "left"), "left before joining", "a day on or after `joined`", key=True)
    if member.tier is None and member.tier_until:
        yield located.problem((*at, "tier_until"), "`tier until` without a `tier`", "both, or neither", key=True)
    references: list[tuple[str, Path_, str | None, Collection[str]]] = [
        ("tier", ("tier",), member.tier, programme.ladder),
        ("account manager", ("account_manager",), member.account_manager, managers),
        *(("interest", ("interests", i), word, programme.interests) for i, word in enumerate(member.interests)),
        *(("channel", ("consent", word), word, programme.channels) for word in member.consent),
    ]
    for noun, path, word, known in references:
        if word is not None and word not in known:
            what, key = f"unknown {noun} `{word}`", noun == "channel"
            yield located.problem((*at, *path), what, one_of(known), closest(word, known), key=key)
    if member.key_customer and not member.account_manager:
        yield located.problem((*at, "key_customer"), "a key customer has no account manager", "`account manager:`")


def _repeated(entry: Entry, first: dict[str, dict[str, int]]) -> Iterator[Problem]:
    """Find an id and an e-mail address that were read before; note on which line they are first."""
    for field, lines in first.items():
        value = entry.value.get(field) if isinstance(entry.value, dict) else None
        if not isinstance(value, str):
            continue
        path, word = (*entry.at, field), value.strip().lower()
        if (line := lines.get(word)) is not None:
            what = f"this {field} is used twice" + (f" (first on line {line})" if line else "")
            yield entry.places.problem(path, what, "one member each")
        else:
            lines[word] = entry.line or entry.places.mark(path)[0]
