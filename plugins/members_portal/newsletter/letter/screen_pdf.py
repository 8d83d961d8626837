"""The PDFs for the portal: one per edition, and one letter per member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from members_portal.newsletter.letter.assembly import Assembly, EditionFile, TaggedPdf, assemble, write_edition
from members_portal.newsletter.letter.job import Order
from members_portal.newsletter.letter.master import Master
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.newsletter.letter.sheets import (
    FinishedSheet,
    LaidOut,
    RefusedSheet,
    Tools,
    make_sheets,
    portal_sheets,
)
from members_portal.newsletter.print_error import PrintError

NO_KEYS: Mapping[str, str] = {}


def edition_pdf(pages: bytes, inputs: str = "") -> bytes:
    """Return the PDF of an edition; `inputs` is the cache key written into it."""
    return assemble(write_edition(pages)).complete(inputs=inputs)


def letters(
    planner: Planner,
    layouts: Layouts,
    tools: Tools,
    inputs: Mapping[str, str] = NO_KEYS,
    refused: dict[str, str] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield each member's letter as (member id, PDF); `inputs` are the cache keys written into them, by member id.

    A refused sheet raises PrintError; with a dict `refused`, the reason is added to it by the member's id, and the
    letter consists of the pages of the edition.
    """
    jobs = planner.jobs(layouts.masters)
    assemblers = {edition: _Assembler(layouts.editions[edition], layouts.masters[edition]) for edition in jobs}
    for orders, batch in make_sheets(partial(portal_sheets, jobs=jobs), planner.orders, jobs, tools):
        sources = [TaggedPdf(pdf) for pdf in batch.pdfs]
        for place, order in enumerate(orders):
            key, sheet = inputs.get(order.member, ""), batch.sheets[place]
            if isinstance(sheet, RefusedSheet):
                if refused is None:
                    raise PrintError(f"member {order.member}: {sheet.reason}")
                refused[order.member] = sheet.reason
            yield order.member, assemblers[order.edition].letter(order, sheet, sources, key)


class _Assembler:
    """Assembles the letters of one edition; letters with the same sides share one assembly."""

    def __init__(self, pages: bytes, masters: Sequence[Master]) -> None:
        self.edition: EditionFile = write_edition(pages)
        self.sides = [(source, page) for master, source in _opened(masters) for page in master.pages]
        self.assemblies: dict[tuple[int, ...], Assembly] = {}

    def letter(self, order: Order, sheet: FinishedSheet, sources: Sequence[TaggedPdf], key: str) -> bytes:
        """Return a letter; `sources` are the PDFs of the batch, with the sheets that WeasyPrint laid out."""
        if isinstance(sheet, RefusedSheet):
            return assemble(self.edition).complete(inputs=key)
        if isinstance(sheet, LaidOut):
            return assemble(self.edition, [(sources[sheet.pdf], page) for page in sheet.pages]).complete(inputs=key)
        if order.sides not in self.assemblies:
            sides = [self.sides[side] for side in order.sides]
            self.assemblies[order.sides] = assemble(self.edition, sides, opened=True)
        return self.assemblies[order.sides].complete(sheet, key)


def _opened(masters: Sequence[Master]) -> list[tuple[Master, TaggedPdf]]:
    return [(master, TaggedPdf(master.pdf)) for master in masters]
