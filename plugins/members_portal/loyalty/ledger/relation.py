"""Rows in reach of a DuckDB query: a file it reads itself, or CSV that is written into a pipe while it reads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from members_portal.loyalty.engine.expression import quoted
from members_portal.loyalty.ledger.pipe import Write, piped

PIPED_ENDS = r", new_line = '\n'"  # what we write ends in this, whatever stands within its quotes


@dataclass(frozen=True)
class Relation:
    """What a query can read rows from: SQL to stand behind `from`, and SQL for the text of each column it has."""

    sql: str
    texts: Mapping[str, str]


@contextmanager
def csv_relation(write: Write, columns: Sequence[str]) -> Iterator[Relation]:
    """Make CSV of these columns, without a header, readable once."""
    with piped(write) as path:
        yield Relation(read_csv(path, columns, ",", header=False), {name: quoted_name(name) for name in columns})


def read_csv(path: str, columns: Sequence[str], delimiter: str, *, header: bool) -> str:
    """Write the call that reads CSV strictly and guesses nothing; every cell is text."""
    named = ", ".join(f"{quoted(name)}: 'varchar'" for name in columns)
    return (
        f"read_csv({quoted(path)}, auto_detect = false, columns = {{{named}}}, header = {str(header).lower()},"
        f" delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = '', strict_mode = true,"
        f" null_padding = false, ignore_errors = false{'' if header else PIPED_ENDS})"
    )


def quoted_name(name: str) -> str:
    """Write a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'
