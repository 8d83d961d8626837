"""Work lists: the members that one reader should talk to, and what members said, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.standings import Standings
from members_portal.portal.answering.waiting_answer import WaitingAnswer
from members_portal.portal.desk.heard_answer import FEEDBACK, NOTE, THEME, HeardAnswer
from members_portal.portal.desk.sheet import SheetFacts
from members_portal.portal.desk.week_ahead import ComingOccasion, week_ahead

CLOSE_SHARE = Decimal("0.15")  # of the threshold may be missing, where the programme names no segments
FEEDBACK_DAYS = 365  # of what members said
MOST_LISTED = 100  # members on a list, and answers about a theme: nobody rings up more in a week


@dataclass(frozen=True)
class Listed:
    """A member on a work list, with the facts and the newest note about them."""

    member: Member
    facts: SheetFacts
    note: str = ""


@dataclass(frozen=True)
class Said:
    """What a member said: the theme, and the words."""

    member: Member
    theme: str
    answer: HeardAnswer


@dataclass(frozen=True)
class Overdue:
    """A member whose feedback waits longer than promised: the oldest, and how many more there are."""

    member: Member
    answer: WaitingAnswer
    more: int = 0


@dataclass(frozen=True)
class WorkLists:
    """The lists of one reader: the first MOST_LISTED of each, and how many there are.

    `said` is by theme, newest first. `overdue` are those whose feedback waits longer than promised, the longest
    wait first.
    """

    week: tuple[ComingOccasion, ...]
    close: tuple[Listed, ...]
    quiet: tuple[Listed, ...]
    said: Mapping[str, tuple[Said, ...]]
    all_close: int
    all_quiet: int
    overdue: tuple[Overdue, ...] = ()
    all_overdue: int = 0


def work_lists(
    members: Sequence[Member],
    facts: Mapping[str, SheetFacts],
    heard: Mapping[str, Sequence[HeardAnswer]],
    standings: Standings,
    waiting: Iterable[WaitingAnswer] = (),
) -> WorkLists:
    """Return the lists for a reader of the sheets of these members."""
    close, quiet = _close(members, facts, standings), _quiet(members, facts, standings)
    overdue = _overdue(members, waiting)
    return WorkLists(
        tuple(week_ahead(members, standings.on)),
        tuple(Listed(member, facts[member.id]) for member in close[:MOST_LISTED]),
        tuple(_quiet_one(member, facts, heard) for member in quiet[:MOST_LISTED]),
        _said_by_theme(members, heard, standings.on),
        len(close),
        len(quiet),
        tuple(overdue[:MOST_LISTED]),
        len(overdue),
    )


def _overdue(members: Sequence[Member], waiting: Iterable[WaitingAnswer]) -> list[Overdue]:
    found: dict[str, list[WaitingAnswer]] = defaultdict(list)
    for each in waiting:
        if each.is_late:
            found[each.member].append(each)
    own = {member.id: member for member in members}
    return [Overdue(own[member], late[0], len(late) - 1) for member, late in found.items() if member in own]


def _quiet(members: Sequence[Member], facts: Mapping[str, SheetFacts], standings: Standings) -> list[Member]:
    """Return the members of segments with `lapsed days`, those who spent most first."""
    found = _in_segments(members, _lapsed_segments(standings.programme), standings)
    return sorted(found, key=lambda member: (-facts[member.id].spent, member.id))


def _close(members: Sequence[Member], facts: Mapping[str, SheetFacts], standings: Standings) -> list[Member]:
    """Return the members of the segments that the programme names, else those who miss CLOSE_SHARE at most."""
    if named := standings.programme.staff.close_segments:
        found = [member for member in _in_segments(members, named, standings) if facts[member.id].goal]
    else:
        found = [member for member in members if 0 < facts[member.id].share <= CLOSE_SHARE]
    return sorted(found, key=lambda member: (facts[member.id].share, member.id))


def _lapsed_segments(programme: Programme) -> list[str]:
    return [segment.key for segment in programme.segments if segment.lapsed_days is not None]


def _in_segments(members: Sequence[Member], keys: Sequence[str], standings: Standings) -> list[Member]:
    return [member for member in members if not set(keys).isdisjoint(standings.segments.get(member.id, ()))]


def _quiet_one(member: Member, facts: Mapping[str, SheetFacts], heard: Mapping[str, Sequence[HeardAnswer]]) -> Listed:
    notes = [" · ".join(each.values.values()) for each in heard.get(member.id, ()) if each.kind == NOTE]
    return Listed(member, facts[member.id], notes[0] if notes else "")


def _said_by_theme(
    members: Sequence[Member], heard: Mapping[str, Sequence[HeardAnswer]], on: date
) -> dict[str, tuple[Said, ...]]:
    """Return the feedback of the last year by theme; the theme with the newest answer comes first."""
    first = on - timedelta(days=FEEDBACK_DAYS)
    found = [
        Said(member, answer.values.get(THEME, ""), answer)
        for member in members
        for answer in heard.get(member.id, ())
        if answer.kind == FEEDBACK and answer.received > first
    ]
    found.sort(key=lambda said: (-said.answer.received.toordinal(), said.answer.number))
    themes = dict.fromkeys(said.theme for said in found)
    return {theme: tuple([said for said in found if said.theme == theme][:MOST_LISTED]) for theme in themes}
