"""The next free id of a member, where ids have a number at their end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from members_portal.inbox.inbox_error import NotEditable

NUMBERED = re.compile(r"(.*?)([0-9]{1,18})")


def next_id(ids: Collection[str]) -> str:
    """Return the id after the greatest one with the most common beginning; raise NotEditable."""
    found = [match for each in ids if (match := NUMBERED.fullmatch(each))]
    if not found or len(found) * 2 < len(ids):
        raise NotEditable("the ids of members have no number at their end, expected --id with the new one")
    start = Counter(match[1] for match in found).most_common(1)[0][0]
    last = max((match[2] for match in found if match[1] == start), key=int)
    return f"{start}{int(last) + 1:0{len(last)}}"
