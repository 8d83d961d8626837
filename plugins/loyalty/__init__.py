"""The loyalty domain: programme, members, audiences, the gate, occasions.

Pure functions over frozen records: no Pelican, no clock, no network. The date is always an argument.

    problem     what is wrong with an input, where, and what was expected
    yaml_source strict YAML: strings only, every value with its line and column
    schema      from YAML to typed records, all problems at once
    programme   tiers, account managers, interests, channels
    member      the people
    audience    `public`, `members`, `gold`, `gold+`, `[gold, staff]`
    gate        the one answer to "may this reader see this on this date?"
    occasion    birthdays and anniversaries
"""

from plugins.loyalty.audience import Audience
from plugins.loyalty.gate import Window, may_see, visible_since
from plugins.loyalty.member import Member, load_members
from plugins.loyalty.problem import InvalidInput, Problem
from plugins.loyalty.programme import PUBLIC, STAFF, Programme, Tier, load_programme

__all__ = [
    "PUBLIC",
    "STAFF",
    "Audience",
    "InvalidInput",
    "Member",
    "Problem",
    "Programme",
    "Tier",
    "Window",
    "load_members",
    "load_programme",
    "may_see",
    "visible_since",
]
