"""The manifest of a print run, `run.csv`: a row per letter, in the order of printing and posting.

A row holds no name and no street: only the pages of the letter, its weight, its country and postcode, and hashes of its
content for the preflight. Cells are safe from formula injection in a spreadsheet.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from members_portal.loyalty.input.csv_cell import guarded, unguarded
from members_portal.newsletter.print_error import PrintError

READABLE = {"L", "EN"}  # bidirectional classes with reliable text extraction from a PDF; others may be reordered

LetterKind = Literal["letter", "seed"]


@dataclass(frozen=True)
class ManifestRow:
    """A letter of the run; pages are counted from 1.

    `window` is the hash of the address (`window_hash`), `sign_in` of the text of the QR code (`text_hash`), `sha256` of
    the pages' contents (`letter_hash`), all in hex; `grams` is the weight with the envelope, rounded up.
    """

    sequence: int
    kind: LetterKind
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


MANIFEST_COLUMNS = tuple(field.name for field in fields(ManifestRow))
COUNTS = {field.name for field in fields(ManifestRow) if field.type is int}


def window_hash(lines: Iterable[str]) -> str:
    """Hash the letters and digits of an address, sorted: independent of line breaks and text direction.

    Case is folded: a style sheet may set a line in capitals.
    """
    characters = (character for line in lines for character in unicodedata.normalize("NFKD", line.casefold()))
    seen = sorted(each for each in characters if each.isalnum() and unicodedata.bidirectional(each) in READABLE)
    return text_hash("".join(seen))


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()


def content_hash(content: bytes) -> bytes:
    """Return the SHA-256 of a page's decoded content stream; several streams are joined by line feeds."""
    return sha256(content).digest()


def letter_hash(pages: Iterable[bytes]) -> str:
    """Return the SHA-256 of the hashes of a letter's pages in order, in hex."""
    return sha256(b"".join(pages)).hexdigest()


def write_manifest(path: Path, rows: Iterable[ManifestRow]) -> None:
    """Write run.csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MANIFEST_COLUMNS)
        writer.writerows([guarded(value) for value in asdict(row).values()] for row in rows)


def read_run_manifest(path: Path) -> Iterator[ManifestRow]:
    """Read run.csv; raise PrintError with the line number of a malformed row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(next(reader, ())) != MANIFEST_COLUMNS:
            raise PrintError(f"{path}: the first line must be {','.join(MANIFEST_COLUMNS)}")
        for cells in reader:
            yield _parsed(cells, f"{path}:{reader.line_num}")


def _parsed(cells: list[str], where: str) -> ManifestRow:
    if len(cells) != len(MANIFEST_COLUMNS):
        raise PrintError(f"{where}: {len(cells)} cells, expected {len(MANIFEST_COLUMNS)}")
    values: dict[str, Any] = {name: unguarded(cell) for name, cell in zip(MANIFEST_COLUMNS, cells, strict=True)}
    for name in COUNTS:
        if not values[name].isdecimal():
            raise PrintError(f"{where}: {name} is {values[name]!r}, expected a number")
        values[name] = int(values[name])
    if values["kind"] not in get_args(LetterKind):
        raise PrintError(f"{where}: kind is {values['kind']!r}, expected one of {', '.join(get_args(LetterKind))}")
    return ManifestRow(**values)
