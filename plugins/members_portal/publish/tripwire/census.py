"""A census: the members by edition, their points, and the ledger lines of each day, at one publish."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.standings import Standings, take_standings
from members_portal.portal.inputs import Inputs
from members_portal.publish.fingerprint import installed_version
from members_portal.seal import Secret

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

CENSUS_FORMAT = 2
COUNTS_ONLY = 1  # the format of earlier versions: without pseudonyms, points and currency
PSEUDONYM_BYTES = 8

Pseudonyms = frozenset[bytes]

# The digest of a line is a sum of two: one without the member, and one with the member. The second omits the columns of
# a refund that take their value from its order, because the lines of former numbers are stored before that.
_OWNED = "hash({}, day, kind, case when kind <> 'refund' then minor end, points, tags)::hugeint"
_DAYS = (
    f"select day, count(*), sum(hash(day, kind, minor, points, reference, item, tags)::hugeint + {_OWNED}),"  # noqa: S608
    " coalesce(sum(case kind when 'purchase' then minor when 'refund' then -minor end), 0)"
    " from line group by day order by day"
).format("member")
_FORMER = f"select day, sum({_OWNED.format('former')} - {_OWNED.format('present')}) from former_line group by day"  # noqa: S608


class LedgerDay(NamedTuple):
    """The lines of a day: their number, the sum of their digests, and purchases less refunds in the smallest unit.

    The sum of digests depends on the lines alone, not on their order. A line has the member's number as written:
    `formerly` changes no digest.
    """

    lines: int
    digest: int
    minor: int


@dataclass(frozen=True)
class Census:
    """Members by edition on a day, their points, and the lines of each day of the ledger.

    Digests of two censuses can be compared if both have the same `hashing`: another version of DuckDB may hash in
    another way. `leaving` are the members with a stated last day. `points` are the `usable` ones of the standings: a
    redemption or a refund changes nothing here; other rules do. A census of an
    earlier version has neither members nor points nor a currency.
    """

    on: date
    hashing: str
    members: Mapping[str, Pseudonyms]
    days: Mapping[date, LedgerDay] = field(default_factory=dict)
    leaving: Pseudonyms = frozenset()
    points: int | None = None
    currency: str = ""

    @property
    def newest(self) -> date | None:
        """The day of the newest line; None for a ledger without lines."""
        return max(self.days, default=None)

    @property
    def lines(self) -> int:
        return sum(day.lines for day in self.days.values())


def take_census(inputs: Inputs, secret: Secret) -> Census:
    """Count the members, the points and the ledger lines of the inputs."""
    key = pseudonym_key(secret)
    members: dict[str, set[bytes]] = defaultdict(set)
    for member in inputs.members:
        members[member.edition].add(pseudonym(key, member.id))
    is_renumbered = any(member.formerly for member in inputs.everyone)
    days = ledger_days(inputs.ledger, is_renumbered=is_renumbered) if inputs.ledger else {}
    return Census(
        inputs.on,
        f"DuckDB {installed_version('duckdb')}, format {CENSUS_FORMAT}",
        {edition: frozenset(own) for edition, own in members.items()},
        days,
        frozenset(pseudonym(key, member.id) for member in inputs.members if member.left),
        inputs.standings.usable,
        inputs.programme.currency,
    )


def pseudonym_key(secret: Secret) -> bytes:
    """Derive the key of pseudonyms."""
    return secret.derive("census pseudonyms")


def pseudonym(key: bytes, member_id: str) -> bytes:
    """Return the keyed digest of a member's number."""
    return hashlib.blake2b(member_id.encode(), key=key, digest_size=PSEUDONYM_BYTES).digest()


def ledger_days(ledger: Ledger, *, is_renumbered: bool) -> dict[date, LedgerDay]:
    """Return the figures of each day of the ledger; `is_renumbered`: some lines have a former number."""
    written = dict(ledger.rows(_FORMER)) if is_renumbered else {}
    return {
        day: LedgerDay(lines, int(digest) + int(written.get(day, 0)), int(minor))
        for day, lines, digest, minor in ledger.rows(_DAYS)
    }


def standings_on(inputs: Inputs, day: date) -> Standings:
    """Return the standings on another day, by the same ledger and rules."""
    con = inputs.ledger.con if inputs.ledger else None
    return take_standings(inputs.programme, inputs.everyone, con, day)


def numbers_of(member: Member) -> tuple[str, ...]:
    """Return the present number of a member and the former ones."""
    return member.id, *member.formerly


def as_record(census: Census) -> dict[str, Any]:
    """Return a census as a JSON object."""
    days = [[day.isoformat(), *figures] for day, figures in census.days.items()]
    return {
        "format": CENSUS_FORMAT,
        "on": census.on.isoformat(),
        "hashing": census.hashing,
        "members": {edition: _packed(own) for edition, own in census.members.items()},
        "leaving": _packed(census.leaving),
        "points": census.points,
        "currency": census.currency,
        "days": days,
    }


def from_record(record: Mapping[str, Any]) -> Census:
    """Return the census of a JSON object; raise ValueError, KeyError or TypeError for another object."""
    days = {date.fromisoformat(day): LedgerDay(*figures) for day, *figures in record["days"]}
    on, hashing = date.fromisoformat(record["on"]), record["hashing"]
    if record["format"] == COUNTS_ONLY:
        return Census(on, hashing, {}, days)
    if record["format"] != CENSUS_FORMAT:
        raise ValueError("another format")
    members = {edition: _unpacked(own) for edition, own in record["members"].items()}
    return Census(on, hashing, members, days, _unpacked(record["leaving"]), record["points"], record["currency"])


def _packed(pseudonyms: Iterable[bytes]) -> str:
    return b64encode(b"".join(sorted(pseudonyms))).decode()


def _unpacked(text: str) -> Pseudonyms:
    joined = b64decode(text)
    return frozenset(joined[at : at + PSEUDONYM_BYTES] for at in range(0, len(joined), PSEUDONYM_BYTES))
