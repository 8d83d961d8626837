"""What members read on a screen: the PDF of each edition, and each member's letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from plugins.newsletter.letter.binding import Binding, Edition, Source, begin, bind
from plugins.newsletter.letter.kit import Order
from plugins.newsletter.letter.master import Master
from plugins.newsletter.letter.sheets import Batch, LaidOut, Tools, made, portal_sheets
from plugins.newsletter.letter.workshop import Layouts, Workshop


def edition_pdf(pages: bytes) -> bytes:
    """Return an edition of an issue, as all its readers get it."""
    return bind(begin(pages)).complete()


def letters(workshop: Workshop, layouts: Layouts, tools: Tools) -> Iterator[tuple[str, bytes]]:
    """Make every member's letter: the member's id and a PDF."""
    kits = workshop.kits(layouts.masters)
    binders = {edition: _Binder(layouts.editions[edition], layouts.masters[edition]) for edition in kits}
    for orders, batch in made(partial(portal_sheets, kits=kits), workshop.orders, kits, tools):
        sources = [Source(pdf) for pdf in batch.pdfs]
        for order, place in zip(orders, range(len(orders)), strict=True):
            yield order.member, binders[order.edition].letter(order, batch, place, sources)


class _Binder:
    """Binds the letters of one edition; what those with the same sides share is made once."""

    def __init__(self, pages: bytes, masters: Sequence[Master]) -> None:
        self.edition: Edition = begin(pages)
        self.sides = [(source, page) for master, source in _opened(masters) for page in master.pages]
        self.bindings: dict[tuple[int, ...], Binding] = {}

    def letter(self, order: Order, batch: Batch, place: int, sources: Sequence[Source]) -> bytes:
        sheet = batch.sheets[place]
        if isinstance(sheet, LaidOut):
            return bind(self.edition, [(sources[sheet.pdf], page) for page in sheet.pages]).complete()
        if order.sides not in self.bindings:
            sides = [self.sides[side] for side in order.sides]
            self.bindings[order.sides] = bind(self.edition, sides, opened=True)
        return self.bindings[order.sides].complete(sheet)


def _opened(masters: Sequence[Master]) -> list[tuple[Master, Source]]:
    return [(master, Source(master.pdf)) for master in masters]
