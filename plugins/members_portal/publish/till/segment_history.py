"""The segments of members on past days, kept between publishes: without them each day costs a run of the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from members_portal.loyalty.member.member import Member
from members_portal.portal.inputs import Inputs
from members_portal.work_record import WorkRecord, digest_of

KIND = "segments"

# Each text has its length, so that no two lists of lines are the same text.
_LINES = """
    select member, sha256(string_agg(concat_ws(
        ' ', day, kind, coalesce(minor::varchar, '-'), coalesce(points::varchar, '-'),
        coalesce(length(reference) || ':' || reference, '-'), coalesce(length(item) || ':' || item, '-'),
        length(tags::varchar) || ':' || tags::varchar
    ), chr(10) order by n))
    from line where member in (select unnest(?)) group by member
"""


class SegmentHistory:
    """Segments by member and day, found in a work record or computed.

    `code` is the digest of the code that computes them.
    """

    def __init__(self, inputs: Inputs, members: Iterable[str], record: WorkRecord | None = None, code: bytes = b""):
        self._inputs, self._members = inputs, sorted(members)
        self._record, self._code = record or WorkRecord(), code

    def on_day(
        self,
        members: Iterable[Member],
        day: date,
        compute: Callable[[list[Member]], Mapping[str, set[str]]],
        *,
        by_tier: bool,
    ) -> dict[str, set[str]]:
        """Return the segments of members on a day. `compute` returns the segments that are not known yet.

        Without `by_tier`, a segment that depends on a tier may be wrong: the tier of the present day may count for it.
        """
        digests = {member.id: self._digest(member, day, by_tier=by_tier) for member in members}
        kept = {each: self._record.find(KIND, digest) for each, digest in digests.items()}
        known = {each: set(json.loads(data)) for each, data in kept.items() if data is not None}
        if missing := [member for member in members if member.id not in known]:
            found = compute(missing)
            for each, segments in found.items():
                self._record.keep(KIND, digests[each], json.dumps(sorted(segments)).encode())
            known |= found
        return known

    def _digest(self, member: Member, day: date, *, by_tier: bool) -> bytes:
        written = self._inputs.standings.by_hand[member.id]
        lines, asked = self._lines.get(member.id, ""), f"{day} {by_tier}"
        parts = (self._programme, member.model_dump_json(), written.model_dump_json(), lines, asked)
        return digest_of(self._code, *parts)

    @cached_property
    def _programme(self) -> str:
        return self._inputs.standings.programme.model_dump_json()

    @cached_property
    def _lines(self) -> dict[str, str]:
        """The digests of the ledger's lines by member."""
        if self._inputs.ledger is None:
            return {}
        return dict(self._inputs.ledger.rows(_LINES, [self._members]))
