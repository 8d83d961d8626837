"""A checked ledger of an earlier publish: its warnings and the rows of queries are kept.

The digest of a ledger covers all that it is read from and checked against. With the same digest, its warnings and the
rows of a query are the same. The ledger is read only for a query whose rows are not kept, or for an account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.ledger.ledger import Ledger
from members_portal.work_record import WorkRecord, digest_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHECKED_LEDGER, LEDGER_ROWS = "checked ledger", "rows of the ledger"

_DAY = "day"  # the key of a date in JSON


@dataclass(frozen=True)
class KeptLedger(Ledger):
    """A ledger with a digest. The work record keeps the rows of its queries under the digest."""

    record: WorkRecord | None = None
    digest: bytes = b""

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the view `line`: numbers, texts, days and None."""
        if self.record is None:
            return super().rows(query, parameters)
        asked = digest_of(self.digest, query, repr(parameters))
        if (data := self.record.find(LEDGER_ROWS, asked)) is not None:
            return rows_from(data)
        found = super().rows(query, parameters)
        self.record.keep(LEDGER_ROWS, asked, rows_as_json(found))
        return found


def kept_ledger(
    record: WorkRecord | None, checked_by: bytes, load: Callable[[], Ledger], source_digest: Callable[[], str]
) -> KeptLedger:
    """Return a checked ledger, loaded if it is not known.

    `checked_by` is the digest of all that it is checked against. `source_digest` returns that of its source (hex),
    which is empty for one that may change at any time.
    """
    source = source_digest() if record else ""
    digest = digest_of(checked_by, source)
    if record and source and (data := record.find(CHECKED_LEDGER, digest)):
        name, dropped, warnings = json.loads(data)
        told = tuple(Problem(*each) for each in warnings)

        def late() -> DuckDBPyConnection:
            con = load().con
            if source_digest() != source:
                raise InvalidInput([Problem(name, 0, 0, "has changed during the publish", "the same until it ends")])
            return con

        return KeptLedger(late, name, tuple(dropped), told, record, digest)
    found = load()
    if record is None or not source or source_digest() != source:
        return KeptLedger(found.load, found.name, found.dropped, found.warnings)
    about = [found.name, found.dropped, [astuple(each) for each in found.warnings]]
    record.keep(CHECKED_LEDGER, digest, json.dumps(about).encode())
    return KeptLedger(found.load, found.name, found.dropped, found.warnings, record, digest)


def rows_as_json(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Return rows of numbers, texts, lists, days and None as JSON."""
    return json.dumps(rows, default=_written_day).encode()


def rows_from(data: bytes) -> list[tuple[Any, ...]]:
    """Return the rows of `rows_as_json`."""
    return [tuple(row) for row in json.loads(data, object_hook=_read_day)]


def _written_day(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    raise TypeError(f"rows are kept with numbers, texts and days only, not {type(value).__name__}")


def _read_day(value: dict[str, str]) -> date:
    return date.fromisoformat(value[_DAY])
