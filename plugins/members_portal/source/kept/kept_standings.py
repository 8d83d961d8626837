"""The standings of an earlier publish, for the same day and for members, ledger and rules that have not changed.

Accounts of a publish are not kept: they are computed when one of them is asked for. Of an issue's day they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.segment_membership import segments_of_day
from members_portal.loyalty.standings import CauseTotal, Standings, take_standings
from members_portal.source.kept.late_accounts import KeptAccounts, LateAccounts
from members_portal.source.people import People
from members_portal.work_record import WorkRecord, digest_of

if TYPE_CHECKING:
    from members_portal.loyalty.engine.account import Account

KEPT_STANDINGS = "standings"


def kept_standings(
    programme: Programme, people: People, on: date, record: WorkRecord | None, *, with_accounts: bool = False
) -> Standings:
    """Return the standings of people on a day: those in the work record, or computed ones.

    They are kept for people with a digest, which covers the code. `with_accounts` keeps the accounts, too.
    """

    def compute() -> Standings:
        return take_standings(programme, people.members, people.ledger.con if people.ledger else None, on)

    if record is None or not people.digest or people.ledger is None:
        return compute()
    digest = digest_of(people.digest, programme.model_dump_json(), on.isoformat())
    if data := record.find(KEPT_STANDINGS, digest):
        found = _read(json.loads(data), programme, people.members, on, lambda: compute().accounts)
    else:
        found = compute()
        if programme.segments:
            booked = segments_of_day(found, (one for one in found.members if one.id in found.booked))
            found = replace(found, day_segments={one: tuple(sorted(keys)) for one, keys in booked.items()})
        record.keep(KEPT_STANDINGS, digest, json.dumps(_written(found)).encode())
    if not with_accounts:
        return found
    accounts = found.accounts
    late = accounts.compute if isinstance(accounts, LateAccounts) else lambda: accounts
    return replace(found, accounts=KeptAccounts(people.members, late, on, digest, record))


def standings_of_some(
    programme: Programme, people: People, record: WorkRecord | None, members: list[Member], on: date
) -> Standings:
    """Return the standings of some of the people on another day, for a few accounts."""
    ids = json.dumps([member.id for member in members])
    some = replace(people, members=members, digest=people.digest and digest_of(people.digest, ids))
    return kept_standings(programme, some, on, record, with_accounts=True)


def _written(standings: Standings) -> dict[str, Any]:
    """Return standings as JSON; lists by member are in the order of the members."""
    ids, kinds = [member.id for member in standings.members], dict[tuple[str, ...], int]()
    return {
        "tiers": [member.tier for member in standings.members],
        "segments": [kinds.setdefault(standings.segments[one], len(kinds)) for one in ids],
        "kinds": list(kinds),
        "facts": [standings.facts[one] for one in ids],
        "causes": [[cause.points, str(cause.total)] for cause in standings.causes],
        "used": dict(standings.used),
        "booked": sorted(standings.booked),
        "earlier": sorted(standings.earlier),
        "undone": sorted(standings.undone),
        "overdrawn": standings.overdrawn,
        "usable": standings.usable,
        "day": dict(standings.day_segments),
    }


def _read(
    data: Mapping[str, Any],
    programme: Programme,
    everyone: Sequence[Member],
    on: date,
    accounts: Callable[[], Mapping[str, Account]],
) -> Standings:
    present = [member for member in everyone if member.is_member(on)]
    ids, kinds = [member.id for member in present], [tuple(keys) for keys in data["kinds"]]
    totals = zip(programme.causes, data["causes"], strict=True)
    return Standings(
        on,
        programme,
        members=[
            member if member.tier == tier else member.changed(tier=tier)
            for member, tier in zip(present, data["tiers"], strict=True)
        ],
        accounts=LateAccounts(everyone, accounts),
        segments={one: kinds[kind] for one, kind in zip(ids, data["segments"], strict=True)},
        causes=tuple(
            CauseTotal(each.key, each.name, each.summary, points, Decimal(total)) for each, (points, total) in totals
        ),
        used=data["used"],
        by_hand={member.id: member for member in present},
        facts=dict(zip(ids, data["facts"], strict=True)),
        booked=frozenset(data["booked"]),
        earlier=frozenset(data["earlier"]),
        undone=frozenset(data["undone"]),
        overdrawn=tuple(data["overdrawn"]),
        usable=data["usable"],
        day_segments={one: tuple(keys) for one, keys in data["day"].items()},
    )
