"""Relations: rows that a DuckDB query can read, from a file or from CSV in a pipe."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from members_portal.loyalty.engine.expression import quoted
from members_portal.loyalty.ledger.pipe import Write, piped

PIPED_LINE_END = r", new_line = '\n'"  # the line end of `csv_writer`; quoted cells may hold others


@dataclass(frozen=True)
class Relation:
    """A source of rows: the SQL after `from`, the SQL for the text of each column, and a condition for empty rows.

    A row for which `empty` holds is nothing: a spreadsheet writes such rows at the end.
    """

    sql: str
    texts: Mapping[str, str]
    empty: str = "false"


@contextmanager
def csv_relation(write: Write, columns: Sequence[str]) -> Iterator[Relation]:
    """Return a relation over CSV with these columns, without a header; it can be read once."""
    with piped(write) as path:
        yield Relation(read_csv(path, columns, ",", header=False), {name: quoted_name(name) for name in columns})


def read_csv(path: str, columns: Sequence[str], delimiter: str, *, header: bool) -> str:
    """Return the DuckDB call that reads CSV: strict, without detection, every cell as text."""
    named = ", ".join(f"{quoted(name)}: 'varchar'" for name in columns)
    return (
        f"read_csv({quoted(path)}, auto_detect = false, columns = {{{named}}}, header = {str(header).lower()},"
        f" delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = '', strict_mode = true,"
        f" null_padding = false, ignore_errors = false{'' if header else PIPED_LINE_END})"
    )


def quoted_name(name: str) -> str:
    """Return a column name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
