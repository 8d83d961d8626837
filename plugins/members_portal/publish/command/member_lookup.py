"""Members, for commands that need neither items nor a release."""

from dataclasses import replace

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.publish.context import PublishContext
from members_portal.publish.publish_error import UnknownMember
from members_portal.publish.site_day import site_zone
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_members, load_people


def members_of(context: PublishContext) -> tuple[Programme, list[Member]]:
    """Return the programme and its current members; raise InvalidInput."""
    programme = load_programme(context.members)
    with open_source(context.members, context.database, site_zone(context.root)) as source:
        return programme, [member for member in load_members(source, programme) if member.is_member(context.on)]


def people_of(context: PublishContext) -> People:
    """Return the current members and their ledger; raise InvalidInput."""
    with open_source(context.members, context.database, site_zone(context.root)) as source:
        found = load_people(source, load_programme(context.members), context.today)
    return replace(found, members=[member for member in found.members if member.is_member(context.on)])


def find_member(context: PublishContext, member_id: str) -> Member:
    """Return a member by id; raise UnknownMember when there is none."""
    found = {member.id: member for member in members_of(context)[1]}
    if member_id not in found:
        raise UnknownMember(member_id, found)
    return found[member_id]
