"""CSV as customer databases export it: with or without a byte order mark, `,` `;` or tab, quotes, lines within quotes.

Every row must have as many cells as the header. Python's reader is the one that knows where a cell stands, also after
lines within quotes; DuckDB reads a ledger faster (`ledger_file.py`), and this one then says what is wrong.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.loyalty.input.table import NOT_UTF8, Header, Row, read_header

DELIMITERS = ",;\t"
BROKEN = "a quote isn't closed, or a cell goes on after its closing quote"


class CsvRecord(NamedTuple):
    """A row as it stands in the file: its first line, its text with all line ends, its cells."""

    line: int
    text: str
    cells: list[str]


@dataclass(frozen=True)
class CsvTable:
    """A CSV file read against a schema's columns."""

    path: Path
    known: Collection[str]
    required: Collection[str]

    @property
    def name(self) -> str:
        return shown_path(self.path)

    @cached_property
    def names(self) -> list[str]:
        """The columns as the file names them."""
        return self._first(self.delimiter)

    @cached_property
    def header(self) -> Header:
        return read_header(self.names, self.known, self.required, Problem(self.name, 1, 1, ""))

    @cached_property
    def delimiter(self) -> str:
        """The sign that parts the header into most columns of the schema, or else into most cells."""

        def fits(sign: str) -> tuple[int, int]:
            try:
                names = self._first(sign)
            except InvalidInput:  # quotes may make no sense with another sign
                return 0, 0
            return sum(normal_key(name) in self.known for name in names), len(names)

        return max(DELIMITERS, key=fits)

    def _first(self, delimiter: str) -> list[str]:
        return next((record.cells for record in self._all_records(delimiter)), [])

    def records(self, problems: list[Problem]) -> Iterator[CsvRecord]:
        """Give every row that has as many cells as the header; add the others to `problems`."""
        width = len(self.names)
        try:
            for record in islice(self._all_records(self.delimiter), 1, None):
                if len(record.cells) == width:
                    yield record
                else:
                    what = f"has {len(record.cells)} cells"
                    problems.append(Problem(self.name, record.line, 1, what, f"{width}, as the header has"))
        except InvalidInput as error:
            problems += error.problems

    def row(self, record: CsvRecord) -> Row:
        return Row(self.name, self.header.texts(record.cells), record.line, lambda column: self._mark(record, column))

    def _all_records(self, delimiter: str) -> Iterator[CsvRecord]:
        with self._open() as file:
            taken: list[str] = []
            reader = csv.reader(_noted(file, taken), delimiter=delimiter, strict=True)
            line = 1
            try:
                for cells in reader:
                    text = "".join(taken)
                    taken.clear()
                    self._check_text(text, line)
                    if cells:
                        yield CsvRecord(line, text, cells)
                    line = reader.line_num + 1
            except csv.Error:
                self._check_text("".join(taken), line)
                raise InvalidInput([Problem(self.name, line, 1, BROKEN, 'quotes within quotes doubled: ""')]) from None

    def _open(self) -> TextIO:
        try:
            return self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        except OSError as error:
            raise InvalidInput([Problem(self.name, 0, 0, f"can't be read: {error.strerror}")]) from None

    def _check_text(self, text: str, line: int) -> None:
        """Raise InvalidInput at the first byte that isn't UTF-8: what comes after it would be guessed."""
        if not text.isascii() and (found := NOT_UTF8.search(text)):
            what = f"byte 0x{ord(found[0]) - 0xDC00:02x} isn't UTF-8"
            place = _place(text, found.start(), line)
            raise InvalidInput([Problem(self.name, *place, what, "a file saved as UTF-8")])

    def _mark(self, record: CsvRecord, column: str) -> Mark:
        place = self.header.places.get(column)
        if place is None:
            return record.line, 1
        return _place(record.text, _starts(record.text, self.delimiter)[place], record.line)


def _noted(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Pass lines on, and keep them until somebody clears `taken`."""
    for line in lines:
        taken.append(line)
        yield line


def _starts(text: str, delimiter: str) -> list[int]:
    """Find where each cell of a row begins: after every delimiter that isn't within quotes."""
    starts, quoted = [0], False
    for index, sign in enumerate(text):
        if sign == '"' and (quoted or index == starts[-1]):
            quoted = not quoted
        elif sign == '"' and text[starts[-1]] == '"' == text[index - 1]:
            quoted = True  # the second of two quotes: the cell goes on
        elif sign == delimiter and not quoted:
            starts.append(index + 1)
    return starts


def _place(text: str, index: int, line: int) -> Mark:
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return line + before.count("\n"), len(before) - before.rfind("\n")
