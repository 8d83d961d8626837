"""The people: members.yaml, read strictly against the programme."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StringConstraints

from plugins.loyalty.audience import STAFF
from plugins.loyalty.problem import InvalidInput, Problem, closest
from plugins.loyalty.programme import Programme
from plugins.loyalty.schema import Count, Day, Flag, Key, Record, Text, Words, parse
from plugins.loyalty.yaml_source import Located, load_yaml

LEAP_YEAR = 2000  # stands in where only day and month are known, so that 29 February is a day


@dataclass(frozen=True)
class Birthday:
    """Day and month; the year where the member gave it."""

    month: int
    day: int
    year: int | None = None


def _birthday(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(?:(\d{4})-)?(\d{2})-(\d{2})", value)
    try:
        if not found:
            raise ValueError
        year, month, day = found[1], int(found[2]), int(found[3])
        date(int(year or LEAP_YEAR), month, day)
    except ValueError:
        raise ValueError(f"`{value}` isn't a birthday|MM-DD or YYYY-MM-DD") from None
    return Birthday(month, day, int(year) if year else None)


MemberId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", max_length=254)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


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
    tier: str | None = None
    staff: Flag = False
    key_customer: Flag = False
    account_manager: str | None = None
    interests: Words = ()
    address: Address | None = None
    consent: Mapping[Key, Flag] = {}
    code_version: Count = 1
    language: Language | None = None

    @property
    def edition(self) -> str:
        """The name of the edition this member reads."""
        return STAFF if self.staff else str(self.tier)

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


def load_members(folder: Path, programme: Programme) -> list[Member]:
    """Read members.yaml of a members folder; raise InvalidInput with every problem."""
    located = load_yaml(folder / "members.yaml", private=True)
    problems = list(located.problems)
    if not isinstance(located.value, list):
        raise InvalidInput([*problems, located.problem((), "holds no list", "one `- id: …` a member")])
    members: list[Member] = []
    for index, value in enumerate(located.value):
        if member := parse(Member, located, value, (index,), problems=problems):
            problems.extend(_unknown(located, (index,), member, programme))
            members.append(member)
    problems.extend(_repeated(located))
    if problems:
        raise InvalidInput(problems)
    return members


def _unknown(located: Located, at: tuple[int], member: Member, programme: Programme) -> Iterator[Problem]:
    """Find references to what the programme doesn't have."""
    managers = [manager.key for manager in programme.account_managers]
    if member.tier is None and not member.staff:
        yield located.problem(at, "`tier` is missing", f"one of {', '.join(programme.ladder)}")
    references = [
        (("tier",), [member.tier] if member.tier else [], programme.ladder),
        (("account_manager",), [member.account_manager] if member.account_manager else [], managers),
        (("interests",), member.interests, programme.interests),
        (("consent",), list(member.consent), programme.channels),
    ]
    for path, used, known in references:
        for position, word in enumerate(used):
            if word not in known:
                parts: dict[str, str | int] = {"interests": position, "consent": word}
                place = (*at, *path, parts[path[0]]) if path[0] in parts else (*at, *path)
                what = f"unknown {path[0].replace('_', ' ')} `{word}`"
                yield located.problem(place, what, "one of " + ", ".join(known), closest(word, known))
    if member.key_customer and not member.account_manager:
        yield located.problem((*at, "key_customer"), "a key customer has no account manager", "`account manager:`")


def _repeated(located: Located) -> Iterator[Problem]:
    """Find ids and e-mail addresses that two members share."""
    for field in ("id", "email"):
        first: dict[str, int] = {}
        for index, record in enumerate(located.value):
            value = record.get(field) if isinstance(record, dict) else None
            if not isinstance(value, str):
                continue
            line = first.setdefault(value.lower(), located.mark((index, field))[0])
            if line != located.mark((index, field))[0]:
                what = f"this {field} is used twice (first on line {line})"
                yield located.problem((index, field), what, "one member each")
