"""The checked members of a table, kept between publishes in the work record.

If the files have not changed and had no problem and no warning, all members are taken as they are. Otherwise the table
is read again, as that of a database always is. A row with a known digest is not checked again.

An entry is a line of JSON, then a digest for each row, then the members (`kept_members.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

from members_portal.loyalty.member.kept_members import decode_members, encode_members
from members_portal.loyalty.member.known_rows import ROW_DIGEST, KnownRows
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.work_record import WorkRecord, digest_of

KEPT_TABLE = "checked members"
Dropped = dict[str, tuple[str, ...]]  # the columns that were not read, by table


class KeptTable:
    """The members of a source in a work record. `code` is the digest of the code that reads and checks them.

    `source_digest` returns the digest (hex) of all that the members are read from; empty if only reading them can tell.

    `rules` is the digest of code, programme and zone, `files` that of the files, empty where it is unknown.
    `rows` are the members of the rows that are known; those of this run are added while they are read.
    """

    def __init__(
        self,
        record: WorkRecord | None,
        code: bytes,
        source_digest: Callable[[], str],
        programme: Programme,
        zone: ZoneInfo | None,
    ) -> None:
        self._record, self._source_digest = record, source_digest
        self.rules = digest_of(code, f"{zone}", programme.model_dump_json())
        self.files = source_digest() if record else ""
        self._whole: tuple[list[Member], Dropped] | None = None
        self.rows = KnownRows()
        if record and (data := record.find(KEPT_TABLE, self.rules)):
            self._read(data)

    def find(self) -> tuple[list[Member], Dropped] | None:
        """Return the members, and the columns that were not read; None if they must be read."""
        return self._whole

    def keep(self, members: list[Member], dropped: Dropped, *, is_faultless: bool) -> None:
        """Keep the members that were read; of a table with problems or warnings, only those of rows without any."""
        if self._record is None:
            return
        is_whole = is_faultless and bool(self.files) and self._source_digest() == self.files
        if not is_whole and self.rows.is_same:
            return
        kept, digests = [*self.rows.found.values()], b"".join(self.rows.found)
        if is_whole and len(kept) != len(members):  # a list in YAML has no rows
            kept, digests = members, b""
        about = json.dumps([self.files if is_whole else "", dropped, len(digests)])
        self._record.keep(KEPT_TABLE, self.rules, about.encode() + b"\n" + digests + encode_members(kept))

    def _read(self, data: bytes) -> None:
        about, _, rest = data.partition(b"\n")
        files, dropped, size = json.loads(about)
        members = decode_members(rest[size:])
        digests = (rest[start : start + ROW_DIGEST] for start in range(0, size, ROW_DIGEST))
        self.rows = KnownRows(dict(zip(digests, members, strict=False)))
        if files and files == self.files:
            self._whole = members, {name: tuple(columns) for name, columns in dropped.items()}
