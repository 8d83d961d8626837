"""The manifest of a print run, `run.csv`: a row per letter, in the order in which they are printed and posted.

A row holds no name and no address, only what the printer and the preflight need: where the letter lies in the run,
what it weighs, where it goes, and by hashes what must be seen on it. Cells are safe in a spreadsheet.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from members_portal.newsletter.print_error import PrintError

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet takes a cell for one
QUOTE = "'"  # in front of such a cell, and of one that begins with it
READABLE = {"L", "EN"}  # bidirectional classes of letters that a PDF names one by one; joined scripts are reordered

Kind = Literal["letter", "seed"]


@dataclass(frozen=True)
class ManifestRow:
    """A letter of the run; pages are counted from 1, `window`, `sign_in` and `sha256` are hashes in hex.

    `window` is that of the address (`window_hash`), `sign_in` that of what the QR code says (`text_hash`), `sha256`
    that of the pages' contents (`letter_hash`); `grams` is the letter in its envelope, rounded up.
    """

    sequence: int
    kind: Kind
    member: str
    edition: str
    first: int
    last: int
    pages: int
    sheets: int
    grams: int
    weight: str
    country: str
    postcode: str
    window: str
    sign_in: str
    sha256: str


COLUMNS = tuple(field.name for field in fields(ManifestRow))
COUNTS = {field.name for field in fields(ManifestRow) if field.type is int}


def posting_order(country: str, postcode: str, member: str) -> tuple[str, str, str]:
    """Return the key by which letters are sorted for the post."""
    return country, postcode, member


def window_hash(lines: Iterable[str]) -> str:
    """Hash an address by its letters and digits, however they are broken into lines and whichever way they run.

    Capitals are as good as small letters: a style sheet may set a line in them.
    """
    letters = (letter for line in lines for letter in unicodedata.normalize("NFKD", line.casefold()))
    seen = sorted(each for each in letters if each.isalnum() and unicodedata.bidirectional(each) in READABLE)
    return text_hash("".join(seen))


def text_hash(text: str) -> str:
    """Hash a text."""
    return sha256(text.encode()).hexdigest()


def content_hash(content: bytes) -> bytes:
    """Hash what a page's content stream holds, decoded; of several streams, joined by line feeds."""
    return sha256(content).digest()


def letter_hash(pages: Iterable[bytes]) -> str:
    """Hash a letter by the hashes of its pages' contents, in their order."""
    return sha256(b"".join(pages)).hexdigest()


def write_manifest(path: Path, entries: Iterable[ManifestRow]) -> None:
    """Write run.csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([safe(value) for value in asdict(entry).values()] for entry in entries)


def read_manifest(path: Path) -> Iterator[ManifestRow]:
    """Read run.csv; raise PrintError with the line of a row that isn't as it was written."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(next(reader, ())) != COLUMNS:
            raise PrintError(f"{path}: the first line must be {','.join(COLUMNS)}")
        for row in reader:
            yield _entry(row, f"{path}:{reader.line_num}")


def safe(value: Any) -> Any:
    """Keep a text from being taken for a formula."""
    return QUOTE + value if isinstance(value, str) and value.startswith((*FORMULAS, QUOTE)) else value


def _unsafe(cell: str) -> str:
    return cell.removeprefix(QUOTE)


def _entry(row: list[str], where: str) -> ManifestRow:
    if len(row) != len(COLUMNS):
        raise PrintError(f"{where}: {len(row)} cells, expected {len(COLUMNS)}")
    cells: dict[str, Any] = {name: _unsafe(cell) for name, cell in zip(COLUMNS, row, strict=True)}
    for name in COUNTS:
        if not cells[name].isdecimal():
            raise PrintError(f"{where}: {name} is {cells[name]!r}, expected a number")
        cells[name] = int(cells[name])
    if cells["kind"] not in get_args(Kind):
        raise PrintError(f"{where}: kind is {cells['kind']!r}, expected one of {', '.join(get_args(Kind))}")
    return ManifestRow(**cells)
