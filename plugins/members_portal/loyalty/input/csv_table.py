"""CSV tables: with or without a byte order mark; delimiter `,`, `;` or tab; quotes, and line ends within quotes.

Excel's first line `sep=;` states the delimiter. Every row must have as many cells as the header; rows of empty cells
are skipped. DuckDB reads a ledger faster (`ledger_file.py`), but only Python's reader knows the line and column of a
cell, so this module locates the problems.
"""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO

from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.loyalty.input.table_columns import NOT_UTF8, Header, RawRow, Row, read_header

DELIMITERS = ",;\t"
MOST_UNEVEN_ROWS_SHOWN = 10  # rows with another number of cells than the header; all are counted
MOST_CELL = 16_000_000  # characters: Python's own limit, 131,072, would refuse a long note in a column that is not read
UNCLOSED_QUOTE = "a quote isn't closed, or a cell goes on after its closing quote"

_STATED = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

csv.field_size_limit(MOST_CELL)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file with the columns of a schema. `RawRow.number` is the first line of a row."""

    path: Path
    known: Collection[str]
    required: Collection[str]

    @cached_property
    def name(self) -> str:
        return shown_path(self.path)

    @cached_property
    def names(self) -> list[str]:
        """The column names of the file."""
        return self._column_names(self.delimiter)

    @cached_property
    def header(self) -> Header:
        return read_header(self.names, self.known, self.required, Problem(self.name, 1, 1, ""))

    @cached_property
    def delimiter(self) -> str:
        """The stated delimiter, else that which splits the header into the most schema columns, then cells."""

        def fits(delimiter: str) -> tuple[int, int]:
            try:
                names = self._column_names(delimiter)
            except InvalidInput:  # a wrong delimiter may break the quoting
                return 0, 0
            return sum(normal_key(name) in self.known for name in names), len(names)

        return self.stated_delimiter or max(DELIMITERS, key=fits)

    @cached_property
    def stated_delimiter(self) -> str:
        """The delimiter in Excel's first line `sep=;`; empty without this line."""
        with self._open() as file:
            return delimiter_of(file.readline(len("sep=;") + 4))

    def _column_names(self, delimiter: str) -> list[str]:
        return next(([cell or "" for cell in raw.cells] for raw in self._all_rows(delimiter)), [])

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield every row with as many cells as the header; add the others to `problems`."""
        width, uneven = len(self.names), 0
        try:
            for raw in islice(self._all_rows(self.delimiter), 1, None):
                if len(raw.cells) == width:
                    yield raw
                    continue
                uneven += 1
                if uneven <= MOST_UNEVEN_ROWS_SHOWN:
                    what = f"has {len(raw.cells)} cells"
                    problems.append(Problem(self.name, raw.number, 1, what, f"{width}, as the header has"))
        except InvalidInput as error:
            problems += error.problems
        if uneven > MOST_UNEVEN_ROWS_SHOWN:
            what = f"{uneven} rows don't have {width} cells; these are the first {MOST_UNEVEN_ROWS_SHOWN}"
            problems.append(Problem(self.name, 0, 0, what))

    def row(self, raw: RawRow) -> Row:
        return Row(self.name, self.header.texts(raw.cells), raw.number, lambda column: self._mark(raw, column))

    def _all_rows(self, delimiter: str) -> Iterator[RawRow]:
        with self._open() as file:
            lines: list[str] = []  # the lines of the present row
            reader = csv.reader(_recorded(file, lines), delimiter=delimiter, strict=True)
            before = 1 if self.stated_delimiter else 0  # lines before the header
            for _ in range(before):
                next(file)
            line = before + 1
            try:
                for cells in reader:
                    text = "".join(lines)
                    lines.clear()
                    self._check_text(text, line)
                    if any(cell.strip(" ") for cell in cells):  # a spreadsheet exports empty rows as `;;;;`
                        yield RawRow(line, cells, text)
                    line = before + reader.line_num + 1
            except csv.Error as error:
                self._check_text("".join(lines), line)
                is_long = "field larger" in str(error)
                what = f"a cell has more than {MOST_CELL} characters" if is_long else UNCLOSED_QUOTE
                raise InvalidInput([Problem(self.name, line, 1, what, 'quotes within quotes doubled: ""')]) from None

    def _open(self) -> TextIO:
        try:
            return self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        except OSError as error:
            raise InvalidInput([Problem(self.name, 0, 0, f"can't be read: {error.strerror}")]) from None

    def _check_text(self, text: str, line: int) -> None:
        """Raise InvalidInput at the first byte that isn't UTF-8."""
        if not text.isascii() and (found := NOT_UTF8.search(text)):
            what = f"byte 0x{ord(found[0]) - 0xDC00:02x} isn't UTF-8"
            place = _place(text, found.start(), line)
            raise InvalidInput([Problem(self.name, *place, what, "a file saved as UTF-8")])

    def _mark(self, raw: RawRow, column: str) -> Mark:
        place = self.header.places.get(column)
        if place is None:
            return raw.number, 1
        return _place(raw.text, _cell_starts(raw.text, self.delimiter)[place], raw.number)


def delimiter_of(first_line: str) -> str:
    """Return the delimiter that a first line `sep=;` states; empty for any other line."""
    found = _STATED.fullmatch(first_line.removeprefix("\ufeff"))
    return found[1] if found else ""


def _recorded(lines: Iterator[str], record: list[str]) -> Iterator[str]:
    """Yield the lines and append each to `record`, which the caller clears."""
    for line in lines:
        record.append(line)
        yield line


def _cell_starts(text: str, delimiter: str) -> list[int]:
    """Return the index of each cell of a row: after every delimiter outside quotes."""
    starts, quoted = [0], False
    for index, character in enumerate(text):
        if character == '"' and (quoted or index == starts[-1]):
            quoted = not quoted
        elif character == '"' and text[starts[-1]] == '"' == text[index - 1]:
            quoted = True  # an escaped quote: the quoted cell continues
        elif character == delimiter and not quoted:
            starts.append(index + 1)
    return starts


def _place(text: str, index: int, line: int) -> Mark:
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return line + before.count("\n"), len(before) - before.rfind("\n")
