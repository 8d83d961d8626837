"""A source with the lines that answers brought: those of `inbox/ledger.csv` in the folder of members.

`inbox/taken.csv` is the commit: lines whose number it lacks are of a run that was killed, and are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from members_portal.loyalty.input.problem import Problem, check_regular, shown_path
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import RawMember
from members_portal.source.folder import file_sha256
from members_portal.source.people import Dropped, Source

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource

INBOX_LEDGER, INBOX_TAKEN = "inbox/ledger.csv", "inbox/taken.csv"


@dataclass(frozen=True)
class InboxSource:
    """Members of a source, and its ledger followed by that of the inbox, without lines of forgotten members."""

    source: Source
    file: Path
    taken: Path
    forgotten: Collection[str] = ()

    def members(self, problems: list[Problem], dropped: Dropped, rows: KnownRows | None = None) -> Iterator[RawMember]:
        """Yield the members of the source."""
        return self.source.members(problems, dropped, rows)

    def members_digest(self) -> str:
        """Return the digest (hex) of what the members of the source are read from."""
        return self.source.members_digest()

    def ledger(self) -> LedgerSource | None:
        """Return the lines of both ledgers."""
        from members_portal.source.chained_ledger import ChainedLedger
        from members_portal.source.taken_ledger import taken_ledger  # imported late: with DuckDB

        check_regular(self.file)
        own, first = taken_ledger(self.file, self.taken, self.forgotten), self.source.ledger()
        return ChainedLedger(first, own) if first else own

    def ledger_digest(self) -> str:
        """Return the digest (hex) of both ledgers and of the forgotten members; empty if a ledger has no digest."""
        found = [self.source.ledger_digest()]
        found += [file_sha256(file) for file in (self.file, self.taken) if file.exists()]
        whole = repr((found, shown_path(self.file), sorted(self.forgotten)))
        return sha256(whole.encode()).hexdigest() if all(found) else ""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield nothing: there is one."""
        yield from ()


def with_inbox(source: Source, folder: Path, forgotten: Collection[str] = ()) -> Source:
    """Return a source with the ledger of the inbox below the folder of members, if there is one."""
    file = folder / INBOX_LEDGER
    return InboxSource(source, file, folder / INBOX_TAKEN, forgotten) if file.exists() else source
