"""The next free id of a member, where ids have a number at their end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from members_portal.inbox.inbox_error import NotEditable

NUMBERED = re.compile(r"(.*?)([0-9]{1,18})")


def greatest_id(ids: Collection[str]) -> str:
    """Return the greatest id with the most common beginning; empty where most ids have no number at their end."""
    found = [match for each in ids if (match := NUMBERED.fullmatch(each))]
    if not found or len(found) * 2 < len(ids):
        return ""
    start = Counter(match[1] for match in found).most_common(1)[0][0]
    return start + max((match[2] for match in found if match[1] == start), key=int)


def is_used_up(new_id: str, ids: Collection[str]) -> bool:
    """Tell whether a number is not after the greatest one: a member who was forgotten may have had it."""
    found, last = NUMBERED.fullmatch(new_id), NUMBERED.fullmatch(greatest_id(ids))
    return bool(found and last and found[1] == last[1] and int(found[2]) <= int(last[2]))


def next_id(ids: Collection[str]) -> str:
    """Return the id after the greatest one with the most common beginning; raise NotEditable."""
    found = NUMBERED.fullmatch(greatest_id(ids))
    if not found:
        raise NotEditable("the ids of members have no number at their end, expected --id with the new one")
    return f"{found[1]}{int(found[2]) + 1:0{len(found[2])}}"
