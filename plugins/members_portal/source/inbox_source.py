"""A source with the lines that answers brought: those of `inbox/ledger.csv` in the folder of members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from members_portal.loyalty.input.problem import Problem, check_regular
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.member.member import RawMember
from members_portal.source.people import Dropped, Source

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource

INBOX_LEDGER = "inbox/ledger.csv"


@dataclass(frozen=True)
class InboxSource:
    """Members of a source, and its ledger followed by that of the inbox."""

    source: Source
    file: Path

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[RawMember]:
        """Yield the members of the source."""
        return self.source.members(problems, dropped)

    def ledger(self) -> LedgerSource | None:
        """Return the lines of both ledgers."""
        from members_portal.loyalty.ledger.ledger_file import CsvLedger  # imported late: with DuckDB
        from members_portal.source.chained_ledger import ChainedLedger

        check_regular(self.file)
        own, first = CsvLedger(self.file, LEDGER_COLUMNS, LEDGER_REQUIRED), self.source.ledger()
        return ChainedLedger(first, own) if first else own

    def without_ledger(self) -> Iterator[Problem]:
        """Yield nothing: there is one."""
        yield from ()


def with_inbox(source: Source, folder: Path) -> Source:
    """Return a source with the ledger of the inbox below the folder of members, if there is one."""
    file = folder / INBOX_LEDGER
    return InboxSource(source, file) if file.exists() else source
