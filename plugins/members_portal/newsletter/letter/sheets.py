"""Sheets in batches: composed where the result equals WeasyPrint's, otherwise laid out by WeasyPrint.

A sheet that can't be laid out, such as one with a salutation that is too long, is refused. The others go on.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pikepdf

from members_portal.newsletter.cache import Cache, key_of
from members_portal.newsletter.layout import lay_out, sheet_pages, write_pdf
from members_portal.newsletter.letter.compositor import compose_side
from members_portal.newsletter.letter.job import Job, Order
from members_portal.newsletter.letter.qr_code import QrPictures
from members_portal.newsletter.press.colour import Separation
from members_portal.newsletter.print_error import PrintError
from members_portal.newsletter.print_templates import QrText, filled
from members_portal.workers.executor import Workers, run_batches

LETTER_PACKAGES = (
    "weasyprint",
    "pydyf",
    "fonttools",
    "uharfbuzz",
    "pikepdf",
    "pillow",
    "segno",
)  # they make the bytes of PDFs
LETTERS_PER_BATCH = 50  # letters on average: a changed letter invalidates one batch of the cache
SHEETS_PER_DOCUMENT = 20  # sheets in one WeasyPrint document: more need memory, fewer need time


@dataclass(frozen=True)
class Tools:
    """The executor, the cache, and the progress callback: it receives the number of letters just made."""

    workers: Workers
    cache: Cache
    done: Callable[[int], None]


@dataclass(frozen=True)
class LaidOut:
    """A sheet laid out by WeasyPrint: the index of its PDF in the batch, and its pages there."""

    pdf: int
    pages: tuple[int, ...]


@dataclass(frozen=True)
class RefusedSheet:
    """A sheet that can't be printed, and the reason."""

    reason: str


SheetDocument = tuple[bytes, list[tuple[int, ...]]]  # a PDF, and the pages of each sheet in it
Composed = tuple[bytes, ...]  # a content stream per side, compressed by zlib
FinishedSheet = Composed | LaidOut | RefusedSheet


@dataclass(frozen=True)
class Batch:
    """The finished sheets of a batch, in the order of the orders, and the PDFs of those that were laid out."""

    sheets: tuple[FinishedSheet, ...]
    pdfs: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """Serialise: a line of JSON, then the bytes. Unlike pickle, reading it executes no code."""
        parts = [*(content for sheet in self.sheets if isinstance(sheet, tuple) for content in sheet), *self.pdfs]
        shown = [_noted(sheet) for sheet in self.sheets]
        head = json.dumps({"sheets": shown, "lengths": [len(part) for part in parts]}).encode()
        return b"".join([head, b"\n", *parts])

    @classmethod
    def from_bytes(cls, data: bytes) -> Batch:
        """Parse the form of `to_bytes`; raise ValueError for any other bytes."""
        head, _, rest = data.partition(b"\n")
        try:
            note = json.loads(head)
            file = io.BytesIO(rest)
            parts = [file.read(length) for length in note["lengths"]]
            composed = sum(found for found in note["sheets"] if isinstance(found, int))
            if [len(part) for part in parts] != note["lengths"] or file.read() or composed > len(parts):
                raise ValueError("no whole batch of sheets")
            contents = iter(parts)
            sheets = tuple(_sheet(found, contents) for found in note["sheets"])
        except (KeyError, TypeError, IndexError, OverflowError) as error:
            raise ValueError("no batch of sheets") from error
        return cls(sheets, tuple(contents))


def _noted(sheet: FinishedSheet) -> int | dict[str, str] | tuple[int, tuple[int, ...]]:
    if isinstance(sheet, RefusedSheet):
        return {"refused": sheet.reason}
    return len(sheet) if isinstance(sheet, tuple) else (sheet.pdf, sheet.pages)


def _sheet(noted: Any, contents: Iterator[bytes]) -> FinishedSheet:
    """Return a sheet by its note in a serialised batch."""
    if isinstance(noted, dict):
        return RefusedSheet(noted["refused"])
    return LaidOut(noted[0], tuple(noted[1])) if isinstance(noted, list) else tuple(islice(contents, noted))


def press_sheets(orders: Sequence[Order], jobs: Mapping[str, Job], profile: Path) -> Batch:
    """Make the sheets of a print run, separated into inks."""
    return _made(orders, jobs, _separation(profile))


def portal_sheets(orders: Sequence[Order], jobs: Mapping[str, Job]) -> Batch:
    """Make the sheets of letters for the portal."""
    return _made(orders, jobs, None)


@lru_cache(maxsize=2)
def _separation(profile: Path) -> Separation:
    return Separation(profile)


@lru_cache(maxsize=8)
def _pictures(longest: tuple[QrText, ...]) -> QrPictures:
    return QrPictures(dict(longest))


def _pictures_of(job: Job) -> QrPictures:
    return _pictures(tuple(job.longest.items()))


def _made(orders: Sequence[Order], jobs: Mapping[str, Job], separation: Separation | None) -> Batch:
    sheets: list[FinishedSheet | None] = [_composed(order, jobs[order.edition]) for order in orders]
    waiting = sorted((order.edition, place) for place, order in enumerate(orders) if sheets[place] is None)
    pdfs: list[bytes] = []
    # fonts in a member's file must not hold characters of other names
    together = SHEETS_PER_DOCUMENT if separation else 1
    for edition, group in groupby(waiting, key=lambda pair: pair[0]):
        places = [place for _, place in group]
        for start in range(0, len(places), together):
            for chosen, made in _laid_out(places[start : start + together], orders, jobs[edition]):
                if isinstance(made, RefusedSheet):
                    sheets[chosen[0]] = made
                    continue
                pdf, pages = made
                for place, own in zip(chosen, pages, strict=True):
                    sheets[place] = LaidOut(len(pdfs), own)
                pdfs.append(separated(pdf, separation) if separation else pdf)
    return Batch(tuple(sheet for sheet in sheets if sheet is not None), tuple(pdfs))


def _composed(order: Order, job: Job) -> tuple[bytes, ...] | None:
    """Compose all sides of a sheet, or return None. Workers compress the content streams, in parallel."""
    pictures, sides = _pictures_of(job), list[bytes]()
    for side, values, codes in zip(order.sides, order.values, order.codes, strict=True):
        content = compose_side(job.formes[side], values, [pictures.bars(*code) for code in codes])
        if content is None:
            return None
        sides.append(zlib.compress(content))
    return tuple(sides)


def _laid_out(
    places: Sequence[int], orders: Sequence[Order], job: Job
) -> Iterator[tuple[Sequence[int], SheetDocument | RefusedSheet]]:
    """Yield documents with sheets: one if possible, otherwise one for each sheet, and the refused sheets alone."""
    try:
        yield places, _document([orders[place] for place in places], job)
    except PrintError as error:
        if len(places) == 1:
            yield places, RefusedSheet(str(error))
            return
        for place in places:
            yield from _laid_out([place], orders, job)


def _document(orders: Sequence[Order], job: Job) -> SheetDocument:
    html = job.shell.around(side for order in orders for side in sides_of(order, job))
    document = lay_out(html, job.materials, job.files)
    pages = iter(sheet_pages(document))
    found = []
    for order in orders:
        own = [next(pages) for _ in order.sides]
        if any(len(each) != 1 for each in own):
            raise PrintError("one side of the letter's sheet takes more than its page")
        found.append(tuple(each[0] for each in own))
    return write_pdf(document), found


def sides_of(order: Order, job: Job) -> list[str]:
    """Return the HTML of each side of a member's sheet, for WeasyPrint."""
    pictures = _pictures_of(job)
    placeholders = pictures.placeholders.values()
    return [
        filled(job.sides[side], values, placeholders, [pictures.picture(*code) for code in codes])
        for side, values, codes in zip(order.sides, order.values, order.codes, strict=True)
    ]


def separated(pdf: bytes, separation: Separation) -> bytes:
    """Return a PDF with its colours separated into inks."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        separation.convert(opened)
        file = io.BytesIO()
        opened.save(file, deterministic_id=True)
        return file.getvalue()


def make_sheets(
    work: Callable[[Sequence[Order]], Batch],
    orders: Sequence[Order],
    jobs: Mapping[str, Job],
    tools: Tools,
) -> Iterator[tuple[list[Order], Batch]]:
    """Yield the sheets of all orders in order, as (orders, batch); batches found in the cache are not made again."""
    todo = batches(orders)
    keys = [_key(batch, jobs) for batch in todo]
    missing = [batch for batch, key in zip(todo, keys, strict=True) if not tools.cache.has(key)]
    results = run_batches(tools.workers, work, missing, tools.done)
    for batch, key in zip(todo, keys, strict=True):
        data = tools.cache.find(key)
        if data is None:
            yield batch, _kept(next(results), key, tools.cache)
        else:
            tools.done(len(batch))
            yield batch, Batch.from_bytes(data)


def _kept(batch: Batch, key: str, cache: Cache) -> Batch:
    cache.keep(key, batch.to_bytes())
    return batch


def _key(batch: Sequence[Order], jobs: Mapping[str, Job]) -> str:
    editions = sorted({order.edition for order in batch})
    return key_of(*(jobs[edition].key for edition in editions), json.dumps([asdict(order) for order in batch]))


def batches(orders: Iterable[Order]) -> list[list[Order]]:
    """Cut orders into batches at members whose id has a certain hash: an added member changes one batch only."""
    found: list[list[Order]] = [[]]
    for order in orders:
        found[-1].append(order)
        ends = hashlib.sha256(order.member.encode()).digest()[0] * LETTERS_PER_BATCH < 256
        if len(found[-1]) >= 2 * LETTERS_PER_BATCH or ends:
            found.append([])
    return [batch for batch in found if batch]
