"""Members: the member record, and its validation against the programme for every source."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator

from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.input.located_yaml import Located, Path_
from members_portal.loyalty.input.parsing import parse
from members_portal.loyalty.input.problem import Problem, one_of
from members_portal.loyalty.input.schema import Count, Country, Day, Flag, MembersEmail, Record, Text, Words, matching
from members_portal.loyalty.member.given_tier import GivenTier
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.mail_fault import expects_mail, mail_fault
from members_portal.loyalty.programme.audience import MANAGERS, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.yearly_day import LEAP_YEAR


@dataclass(frozen=True)
class Birthday:
    """Month and day; the year is optional."""

    month: int
    day: int
    year: int | None = None


_BIRTHDAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")


def _birthday(value: Any) -> Birthday:
    if isinstance(value, str) and (born := _birthday_of(value)):
        return born
    raise ValueError("a day that exists, as MM-DD or YYYY-MM-DD")


@lru_cache(maxsize=1 << 14)  # many members share a birthday
def _birthday_of(text: str) -> Birthday | None:
    found = _BIRTHDAY.fullmatch(text)
    try:
        day = date(int(found[1] or LEAP_YEAR), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
    return Birthday(day.month, day.day, day.year if found and found[1] else None) if day else None


MemberId = Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", "up to 40 letters, digits and hyphens")]
FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})  # languages with the family name first
Language = Annotated[str, matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as ga or pt-BR (BCP 47)")]


class Address(Record):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    lines: Words
    postcode: str | None = None
    city: Text
    country: Country


class Member(Record):
    """One member. `formerly` are earlier numbers of the member: the ledger lines of these numbers are the member's.

    `desk` names whose sheets a member of staff reads: `managers` for all, or keys of account managers.
    """

    id: MemberId
    given_name: Text
    family_name: str | None = None
    formal_name: Text
    salutation: Literal["first-name", "formal"] = "first-name"
    name_order: Literal["given-first", "family-first"] | None = None
    email: MembersEmail | None = None
    phone: Text | None = None
    birthday: Annotated[Birthday, BeforeValidator(_birthday)] | None = None
    formerly: tuple[MemberId, ...] = ()
    joined: Day
    left: Day | None = None
    tier: str | None = None
    tier_from: Day | None = None
    tier_until: Day | None = None
    tiers_given: tuple[GivenTier, ...] = ()
    staff: Flag = False
    desk: Words = ()
    key_customer: Flag = False
    account_manager: str | None = None
    interests: Words = ()
    address: Address | None = None
    consent: Mapping[str, Flag] = {}
    code_version: Count = 1
    language: Language | None = None

    @property
    def edition(self) -> str:
        """The name of the edition that this member reads: `staff`, or the tier."""
        return STAFF if self.staff else str(self.tier)

    def is_member(self, on: date) -> bool:
        """Return whether the membership holds on a day; it ends before the day `left`."""
        return self.left is None or on < self.left

    @property
    def manager_key(self) -> str | None:
        """The key of the account manager, for key customers only."""
        return self.account_manager if self.key_customer else None

    @property
    def full_name(self) -> str:
        if not self.family_name:
            return self.given_name
        if not self.has_family_name_first:
            return f"{self.given_name} {self.family_name}"
        is_joined = _is_han_or_hangul(self.family_name) and _is_han_or_hangul(self.given_name)
        return f"{self.family_name}{'' if is_joined else ' '}{self.given_name}"

    @property
    def has_family_name_first(self) -> bool:
        """The order of the name: `name order`, otherwise that of the member's language."""
        if self.name_order:
            return self.name_order == "family-first"
        return bool(self.language) and str(self.language).partition("-")[0] in FAMILY_FIRST

    @property
    def called(self) -> str:
        """The name in salutations, by `salutation`."""
        return self.given_name if self.salutation == "first-name" else self.formal_name

    @property
    def dir(self) -> Literal["ltr", "rtl"]:
        """The writing direction of the name: that of its first strong character (UAX #9, P2)."""
        classes = (unicodedata.bidirectional(character) for character in self.full_name)
        return "rtl" if next((kind for kind in classes if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


def _is_han_or_hangul(name: str) -> bool:
    """Tell whether a name is in the Chinese or the Korean script, which joins both names."""
    return all(unicodedata.name(each, "").startswith(("CJK UNIFIED", "HANGUL SYLLABLE")) for each in name)


class RawMember(NamedTuple):
    """A member before validation: `value` is at the path `at` of `located`; `line` is 0 if unknown.

    `row` is the digest of a row in a table, empty elsewhere. `known` is the member of a row that was checked before.
    """

    located: Located
    at: Path_
    value: Any
    line: int = 0
    row: bytes = b""
    known: Member | None = None


def check_members(
    raw_members: Iterable[RawMember], programme: Programme, problems: list[Problem], rows: KnownRows | None = None
) -> list[Member]:
    """Validate members and return the valid ones; add problems, repeated ids and e-mail addresses to `problems`.

    A repeated id is an error. A repeated e-mail address is a warning: a household may share one. An address or a name
    that no message can be sent to leaves out its member. Rows without any problem of their own are added to `rows`.
    """
    members: list[Member] = []
    rows = rows or KnownRows()
    first: dict[str, dict[str, int]] = {"id": {}, "email": {}}
    taken: list[tuple[str, RawMember, int]] = []
    told = len(problems)
    for raw in raw_members:
        if member := raw.known or _checked(raw, programme, problems):
            members.append(member)
            if raw.row and len(problems) == told:
                rows.add(raw.row, member)
        problems.extend(_repeated(raw, first))
        told = len(problems)
        taken.extend((former, raw, index) for index, former in enumerate(member.formerly if member else ()))
    problems.extend(_former_problems(taken, {member.id for member in members}))
    return members


def _checked(raw: RawMember, programme: Programme, problems: list[Problem]) -> Member | None:
    """Return a valid member; None for an invalid one."""
    if member := parse(Member, raw.located, raw.value, raw.at, problems=problems):
        problems.extend(_programme_problems(raw, member, programme))
        problems.extend(_left_out_of_mail(raw, member))
    return member


def present_ids(members: Iterable[Member]) -> dict[str, str]:
    """Return the present ids of members by their former ids."""
    return {former: member.id for member in members for former in member.formerly}


def _former_problems(taken: Iterable[tuple[str, RawMember, int]], ids: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each former number that is a member's number, or a former number twice."""
    seen: set[str] = set()
    for former, raw, index in taken:
        if former in ids or former in seen:
            what = "this number belongs to a member" if former in ids else "this number is used twice"
            yield raw.located.problem((*raw.at, "formerly", index), what, "a former number of this member alone")
        seen.add(former)


def _programme_problems(raw: RawMember, member: Member, programme: Programme) -> Iterator[Problem]:
    """Yield problems with keys that this programme requires, and with unknown words."""
    located, at = raw.located, raw.at
    if member.tier is None and not member.staff and not programme.qualifying:
        yield located.problem(at, "`tier` is missing", one_of(programme.ladder))
    if member.left and member.left < member.joined:
        yield located.problem((*at, "left"), "left before joining", "a day on or after `joined`", key=True)
    for name, day in (("tier_from", member.tier_from), ("tier_until", member.tier_until)):
        if member.tier is None and day:
            what = f"`{name.replace('_', ' ')}` without a `tier`"
            yield located.problem((*at, name), what, "both, or neither", key=True)
    if member.tier_from and member.tier_until and member.tier_until < member.tier_from:
        what = "`tier until` before `tier from`"
        yield located.problem((*at, "tier_until"), what, "a day on or after `tier from`", key=True)
    yield from _repeated_first_days(raw, member)
    yield from _unknown_words(raw, member, programme)
    if member.desk and not member.staff:
        yield located.problem((*at, "desk"), "`desk` without `staff`", "`staff: true`", key=True)
    if member.key_customer and not member.account_manager:
        yield located.problem((*at, "key_customer"), "a key customer has no account manager", "`account manager:`")


def _unknown_words(raw: RawMember, member: Member, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for each word that the programme does not know."""
    located, at = raw.located, raw.at
    if member.tier is not None:
        yield from located.unknown((*at, "tier"), "tier", member.tier, programme.ladder)
    for i, given in enumerate(member.tiers_given):
        yield from located.unknown((*at, "tiers_given", i, "tier"), "tier", given.tier, programme.ladder)
    if member.account_manager is not None and programme.manager(member.account_manager) is None:
        managers = [manager.key for manager in programme.account_managers]
        yield from located.unknown((*at, "account_manager"), "account manager", member.account_manager, managers)
    for i, word in enumerate(member.desk):
        known = [MANAGERS, *(manager.key for manager in programme.account_managers)]
        yield from located.unknown((*at, "desk", i), "word", word, known)
    for i, word in enumerate(member.interests):
        yield from located.unknown((*at, "interests", i), "interest", word, programme.interests)
    for word in member.consent:
        yield from located.unknown((*at, "consent", word), "channel", word, programme.channels, key=True)


def _left_out_of_mail(raw: RawMember, member: Member) -> Iterator[Problem]:
    """Yield the fault that leaves a present member out of e-mail."""
    if not member.left and expects_mail(member) and (fault := mail_fault(member)):
        what = f"no e-mail to member {member.id}, who {fault.reason}"
        yield raw.located.problem((*raw.at, fault.field), what).as_left_out()


def _repeated_first_days(raw: RawMember, member: Member) -> Iterator[Problem]:
    """Yield a problem for each tier by hand that has the first day of another."""
    seen = {member.tier_from} - {None}
    for index, given in enumerate(member.tiers_given):
        if given.from_ in seen:
            what = f"two tiers by hand from {given.from_}"
            yield raw.located.problem((*raw.at, "tiers_given", index, "from"), what, "another first day for each")
        seen.add(given.from_)


def _repeated(raw: RawMember, first: dict[str, dict[str, int]]) -> Iterator[Problem]:
    """Yield a problem for a repeated id or e-mail address; `first` stores the line of the first use."""
    if not isinstance(raw.value, dict):
        return
    for field, lines in first.items():
        if not isinstance(value := raw.value.get(field), str):
            continue
        path, word = (*raw.at, field), address_key(value) if field == "email" else value.strip().lower()
        if (line := lines.get(word)) is not None:
            what = f"this {field} is used twice" + (f" (first on line {line})" if line else "")
            problem = raw.located.problem(path, what, "one member each")
            yield problem if field == "id" else problem.as_warning()
        else:
            lines[word] = raw.line or raw.located.mark(path)[0]
