"""Desk reach: the members whose full sheets a member of staff may read.

Managers read all sheets. Others read those of the account managers that their entry names. Staff without such a word
read none: the short list of the staff edition is all they have.
"""

from collections.abc import Sequence

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import MANAGERS


def customers_of(members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members who have a sheet, by number. Staff have none: colleagues do not read their purchases."""
    return tuple(sorted((member for member in members if not member.staff), key=lambda member: member.id))


def sheets_for(reader: Member, members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members whose full sheets a reader may read, by number."""
    if not reader.staff or not reader.desk:
        return ()
    customers = customers_of(members)
    if MANAGERS in reader.desk:
        return customers
    return tuple(member for member in customers if member.account_manager in reader.desk)
