"""The print run: all letters of an issue in one file for the printer, in the order of posting."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from members_portal.newsletter.cache import Cache, key_of
from members_portal.newsletter.issue import Sheet
from members_portal.newsletter.letter.job import Order
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.newsletter.letter.sheets import (
    Batch,
    LaidOut,
    RefusedSheet,
    Tools,
    make_sheets,
    press_sheets,
    separated,
)
from members_portal.newsletter.press.colour import Separation
from members_portal.newsletter.press.ink import DEFAULT_PROFILE
from members_portal.newsletter.press.pdfx import output_intent
from members_portal.newsletter.press.postage import LEAF, LETTER_BANDS, Stock, WeightBand, weight_class
from members_portal.newsletter.press.press_file import PlacedLetter, PressFile, PressPage
from members_portal.newsletter.press.run_manifest import LetterKind, ManifestRow, text_hash, window_hash
from members_portal.newsletter.print_error import PrintError

TOO_HEAVY = "a letter is too heavy"  # the beginning of a reason
PROOFS = 12  # maximum number of letters in the proofs


@dataclass(frozen=True)
class Letter:
    """A letter of the run: its sheet and its destination."""

    sheet: Sheet
    country: str
    postcode: str
    kind: LetterKind = "letter"


@dataclass(frozen=True)
class Press:
    """The printer's press and stock: paper and envelope, ICC profile, printing condition, weight bands of the post."""

    stock: Stock = field(default_factory=Stock)
    profile: Path = DEFAULT_PROFILE
    condition: str = ""
    bands: Sequence[WeightBand] = LETTER_BANDS

    def weight_fault(self, sheets: int) -> str:
        """Return why a letter of some sheets can't be posted; empty when it can."""
        grams, most = self.stock.grams(sheets), self.bands[-1].grams
        return f"{TOO_HEAVY}: {sheets} sheets weigh {grams} g, the post takes {most} g" if grams > most else ""


def posting_order(letter: Letter) -> tuple[str, str, str]:
    """Return the sort key of a letter: country, postcode, member."""
    return letter.country, letter.postcode, letter.sheet.member


def write_run(
    letters: Sequence[Letter],
    planner: Planner,
    layouts: Layouts,
    press: Press,
    folder: Path,
    made_at: datetime,
    tools: Tools,
) -> tuple[list[ManifestRow], dict[str, str]]:
    """Write run.pdf and proofs.pdf; return the manifest's rows, and the reasons of refused letters by member id.

    Letters and the planner's orders correspond. Raise PrintError when every letter is refused.
    """
    separation = Separation(press.profile)
    inked = in_inks(layouts, separation, tools.cache)
    jobs = planner.jobs(inked.masters, tagged=False)
    proofs = chosen_proofs(planner.orders)
    rows: list[ManifestRow] = []
    refused: dict[str, str] = {}
    with ExitStack() as stack:
        run, proof = (
            _Writer(PressFile(stack.enter_context((folder / name).open("wb"))), inked)
            for name in ("run.pdf", "proofs.pdf")
        )
        waiting = iter(letters)
        work = partial(press_sheets, jobs=jobs, profile=press.profile)
        for orders, batch in make_sheets(work, planner.orders, jobs, tools):
            for place, (order, letter) in enumerate(zip(orders, islice(waiting, len(orders)), strict=True)):
                sheet = batch.sheets[place]
                reason = sheet.reason if isinstance(sheet, RefusedSheet) else press.weight_fault(layouts.sheets(order))
                if reason:
                    refused[order.member] = reason
                    continue
                placed = run.add(order, batch, place)
                rows.append(_manifest_row(len(rows) + 1, letter, placed, press))
                if order.member in proofs:
                    proof.add(order, batch, place)
        if not rows:
            raise PrintError("; ".join(f"member {member}: {reason}" for member, reason in refused.items()))
        identity = key_of(*(row.sha256 for row in rows))
        intent, language = output_intent(separation.inks, press.condition), planner.templates.house.language
        title = next(iter(planner.issues.values())).title
        run.file.close(title, language, made_at, intent, identity)
        proof.file.close(f"{title}: proofs", language, made_at, intent, f"{identity} proofs")
    return rows, refused


def in_inks(layouts: Layouts, separation: Separation, cache: Cache) -> Layouts:
    """Return layouts separated into inks."""
    inks = f"{separation.inks.limit}".encode() + separation.inks.profile

    def converted(pdf: bytes) -> bytes:
        return cache.get(key_of("inks", pdf, inks), lambda: separated(pdf, separation))

    return Layouts(
        {edition: converted(pdf) for edition, pdf in layouts.editions.items()},
        {
            edition: [replace(master, pdf=converted(master.pdf)) for master in masters]
            for edition, masters in layouts.masters.items()
        },
    )


def chosen_proofs(orders: Sequence[Order]) -> frozenset[str]:
    """Choose the members of the proofs: alternately one with long values, and one for each distinct side."""
    sides = {(order.edition, side): order.member for order in reversed(orders) for side in order.sides}
    longest = sorted(orders, key=lambda order: -max(len(word) for words in order.values for word in words))
    one_of_each = cycle(dict.fromkeys(sides.values()))
    both = [member for order in longest for member in (order.member, next(one_of_each))]
    return frozenset(islice(dict.fromkeys(both), PROOFS))


class _Writer:
    """Writes letters to a file; pages of an edition and resources of a master's sides are shared."""

    def __init__(self, file: PressFile, layouts: Layouts) -> None:
        self.file, self.layouts = file, layouts
        self.pages: dict[str, list[PressPage]] = {}
        self.sides: dict[str, list[PressPage]] = {}
        self._batch: Batch | None = None
        self._taken: dict[int, dict[int, PressPage]] = {}

    def add(self, order: Order, batch: Batch, place: int) -> PlacedLetter:
        """Add the letter at an index of a batch."""
        if batch is not self._batch:
            self._batch, self._taken = batch, {}
        if order.edition not in self.pages:
            self._begin(order.edition)
        sheet = batch.sheets[place]
        assert not isinstance(sheet, RefusedSheet)  # noqa: S101 - skipped by `write_run`
        pages = self._laid_out(batch, sheet) if isinstance(sheet, LaidOut) else self._composed(order, sheet)
        return self.file.letter([*pages, *self.pages[order.edition]])

    def _begin(self, edition: str) -> None:
        self.pages[edition] = self.file.take(self.layouts.editions[edition])
        self.sides[edition] = [
            page
            for master in self.layouts.masters[edition]
            for page in self.file.take(master.pdf, master.pages, empty=True)
        ]

    def _composed(self, order: Order, contents: Sequence[bytes]) -> list[PressPage]:
        sides = self.sides[order.edition]
        return [self.file.page(sides[side], each) for side, each in zip(order.sides, contents, strict=True)]

    def _laid_out(self, batch: Batch, sheet: LaidOut) -> list[PressPage]:
        if sheet.pdf not in self._taken:
            same = [each for each in batch.sheets if isinstance(each, LaidOut) and each.pdf == sheet.pdf]
            wanted = [page for each in same for page in each.pages]
            self._taken[sheet.pdf] = dict(zip(wanted, self.file.take(batch.pdfs[sheet.pdf], wanted), strict=True))
        return [self._taken[sheet.pdf][page] for page in sheet.pages]


def _manifest_row(sequence: int, letter: Letter, placed: PlacedLetter, press: Press) -> ManifestRow:
    pages = placed.last - placed.first + 1
    grams = press.stock.grams(pages // LEAF)
    return ManifestRow(
        sequence=sequence,
        kind=letter.kind,
        member=letter.sheet.member,
        edition=letter.sheet.edition,
        first=placed.first,
        last=placed.last,
        pages=pages,
        sheets=pages // LEAF,
        grams=grams,
        weight=weight_class(grams, press.bands),
        country=letter.country,
        postcode=letter.postcode,
        window=window_hash(letter.sheet.address),
        sign_in=text_hash(letter.sheet.sign_in),
        sha256=placed.sha256,
    )
