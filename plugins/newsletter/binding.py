"""Binds pages into the PDFs that members read: an edition of an issue, or a letter. Tagged, without bleed.

Of a master's document only some pages go into each file. What letters of one shape share is written once, as the
beginning of a file; what is a member's own, the contents of two pages, is put behind it.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from plugins.newsletter.volume import Number, Volume, stream, table

Identity = tuple[int, int]


@dataclass(frozen=True)
class Binding:
    """A file that lacks only the contents of its first pages, whose objects are `open`."""

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    open: tuple[Number, ...]
    root: Number
    info: Number

    def complete(self, contents: Sequence[bytes] = ()) -> bytes:
        """Return the whole file with the contents (page description operators) of its open pages."""
        offsets, parts, at = dict(self.offsets), [self.beginning], len(self.beginning)
        for number, content in zip(self.open, contents, strict=True):
            body = stream(zlib.compress(content), {"Filter": b"/FlateDecode"})
            written = b"%d 0 obj\n" % number + body + b"\nendobj\n"
            offsets[number] = at
            at += len(written)
            parts.append(written)
        identifier = hashlib.sha256(b"".join(parts)).digest()[:16]
        return b"".join([*parts, table(offsets, self.last, at, self.root, self.info, identifier)])


def bind(document: bytes, pages: Sequence[int], open_pages: int = 0) -> Binding:
    """Take these pages of a document, in their order; leave the contents of the first ones open."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        kept = [pdf.pages[page].obj for page in pages]
        _keep(pdf, {page.objgen for page in kept})
        for page in kept:
            _trim(page)
        file = io.BytesIO()
        volume = Volume(file)
        volume.open(pdf)
        numbers = [volume.number() for _ in range(open_pages)]
        for page, number in zip(kept, numbers, strict=False):
            volume.give(page.Contents, number)
        root, info = volume.refer(pdf.Root), volume.refer(pdf.trailer.Info)
        return Binding(file.getvalue(), volume.offsets, volume.last, tuple(numbers), root, info)


def _keep(pdf: Pdf, pages: Collection[Identity]) -> None:
    """Take out of the document whatever belongs to its other pages."""
    _keep_structure(pdf.Root.StructTreeRoot, pages)
    if Name.Outlines in pdf.Root:
        _keep_outlines(pdf.Root, pages)
    if Name.Names in pdf.Root and Name.Dests in pdf.Root.Names:
        names = pdf.Root.Names.Dests.Names
        pdf.Root.Names.Dests.Names = _pairs(names, lambda _, target: target[0].objgen in pages)
    for index in reversed(range(len(pdf.pages))):
        if pdf.pages[index].obj.objgen not in pages:
            del pdf.pages[index]


def _keep_structure(root: Dictionary, pages: Collection[Identity]) -> None:
    """Keep the structure elements of these pages; each stands on one page."""
    whole = root.K[0]
    whole.K = Array([element for element in whole.K if element.Pg.objgen in pages])

    def belongs(_key: object, value: pikepdf.Object) -> bool:
        elements = value if isinstance(value, Array) else [value]
        return all(element.Pg.objgen in pages for element in elements)

    root.ParentTree.Nums = _pairs(root.ParentTree.Nums, belongs)


def _pairs(flat: Array, wanted: Callable[[Any, Any], bool]) -> Array:
    """Filter an array in which every second item belongs to the one before."""
    items = list(flat)
    chosen = [pair for pair in zip(items[::2], items[1::2], strict=True) if wanted(*pair)]
    return Array([item for pair in chosen for item in pair])


def _keep_outlines(root: Dictionary, pages: Collection[Identity]) -> None:
    """Chain the bookmarks that lead to these pages anew."""
    chosen = [item for item in _chain(root.Outlines.get(Name.First)) if item.Dest[0].objgen in pages]
    if not chosen:
        del root[Name.Outlines]
        return
    for item in chosen:
        for link in (Name.Prev, Name.Next):
            if link in item:
                del item[link]
    for before, after in zip(chosen, chosen[1:], strict=False):
        before.Next, after.Prev = after, before
    root.Outlines.First, root.Outlines.Last = chosen[0], chosen[-1]
    root.Outlines.Count = len(chosen)


def _chain(first: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    while first is not None:
        yield first
        first = first.get(Name.Next)


def _trim(page: pikepdf.Object) -> None:
    """Cut the bleed off: on a screen nobody trims the page."""
    page.MediaBox = page.TrimBox
    for box in (Name.BleedBox, Name.CropBox):
        if box in page:
            del page[box]
