"""The paths of the desk's files: the list of members in the staff edition, and sheets among a reader's own files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from members_portal.loyalty.desk_reach import customers_of, sheets_for
from members_portal.loyalty.member.member import Member
from members_portal.portal.desk.search_word import initials_of

DESK_URL = "desk/"
WHOLE_LIST = "desk/members.json"
OWN_DESK = "desk/own.json"
MOST_IN_ONE_LIST = 20_000  # members; a longer list is split by the first letter of each word of a name
MOST_AT_THE_DESK = 100_000  # members; with more, the staff edition has no list, and managers have no sheets
SHEETS_PER_FILE = 128  # members


def has_desk(members: Sequence[Member]) -> bool:
    """Return whether there is a desk: somebody is on the staff."""
    return any(member.staff for member in members)


def listed_members(members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members in the list for all staff; none if there are too many."""
    customers = customers_of(members)
    return customers if len(customers) <= MOST_AT_THE_DESK else ()


def readable_sheets(reader: Member, members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members whose sheets are in the own files of a reader; none if there are too many."""
    sheets = sheets_for(reader, members)
    return sheets if len(sheets) <= MOST_AT_THE_DESK else ()


def list_names(members: Sequence[Member]) -> dict[str, tuple[Member, ...]]:
    """Map the paths of the files with the list to their members."""
    if len(members) <= MOST_IN_ONE_LIST:
        return {WHOLE_LIST: tuple(members)}
    found: dict[str, list[Member]] = {}
    for member in members:
        for letter in sorted(initials_of((member.full_name, member.id))):
            found.setdefault(f"desk/members-{ord(letter):x}.json", []).append(member)
    return {path: tuple(some) for path, some in sorted(found.items())}


def sheet_parts(members: Sequence[Member]) -> Iterator[tuple[str, Sequence[Member]]]:
    """Yield the paths of the files with sheets, and the members in each."""
    for start in range(0, len(members), SHEETS_PER_FILE):
        yield f"desk/sheets-{start // SHEETS_PER_FILE}.json", members[start : start + SHEETS_PER_FILE]


def desk_edition_files(members: Sequence[Member]) -> frozenset[str]:
    """Return the desk's files in the staff edition."""
    return (
        frozenset({f"{DESK_URL}index.html", *list_names(listed_members(members))}) if has_desk(members) else frozenset()
    )


def desk_own_files(reader: Member, members: Sequence[Member]) -> frozenset[str]:
    """Return the desk's files among the own files of a member; members who are not on the staff have none."""
    if not reader.staff:
        return frozenset()
    return frozenset({OWN_DESK, *(path for path, _ in sheet_parts(readable_sheets(reader, members)))})


def is_desk_path(path: str) -> bool:
    """Return whether a path among the own files of a member is one of the desk."""
    return path.startswith(DESK_URL)
