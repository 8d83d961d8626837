"""Binds pages into the PDFs that members read: an edition of an issue, or a letter. Tagged, without bleed.

A letter's pages come from two documents, a master's sheet and an edition's own pages: their structure trees become
one, and what letters have in common is written once. The contents of a member's own pages are put in last.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pikepdf
from pikepdf import Name

from members_portal.newsletter.letter.pdf_writer import (
    Number,
    PdfWriter,
    array,
    dictionary,
    reference,
    stream,
    table,
    text,
)

KEPT = ("Lang", "MarkInfo", "ViewerPreferences", "Metadata", "Outlines", "Names")  # of an edition's catalog


INPUTS = "Inputs"  # an entry of the document's information: a key of what the file was made from
SHOWN = re.compile(rb"/Inputs \(([0-9a-f]+)\)")


def made_from(data: bytes) -> str:
    """Return the key that a file bears of what it was made from, if it does."""
    found = SHOWN.search(data)
    return found[1].decode() if found else ""


class TaggedPdf:
    """A tagged document of WeasyPrint's, opened to take pages from."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(data))
        self.structure = self.pdf.Root.StructTreeRoot
        items = self.structure.ParentTree.Nums.as_list()
        self.parents = {int(key): value for key, value in zip(items[::2], items[1::2], strict=True)}
        self.of_annotation = {
            annotation.objgen: self.parents[int(annotation.StructParent)]
            for page in self.pdf.pages
            for annotation in page.obj.get(Name.Annots, [])
            if Name.StructParent in annotation
        }

    @property
    def elements(self) -> list[pikepdf.Object]:
        """The structure elements right below the document; each stands on one page."""
        return list(self.structure.K[0].K.as_list())


@dataclass(frozen=True)
class Assembly:
    """A file that lacks only the contents of some pages, whose objects are `open`, and what it says `about` itself."""

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    open: tuple[Number, ...]
    root: Number
    info: Number
    about: Mapping[str, bytes]

    def complete(self, contents: Sequence[bytes] = (), inputs: str = "") -> bytes:
        """Return the whole file with the contents (page description operators, by zlib) of its open pages.

        `inputs` is a key of all that it was made from, which the file then bears: see `made_from`.
        """
        offsets, parts, at = dict(self.offsets), [self.beginning], len(self.beginning)
        about = {**self.about, INPUTS: text(inputs)} if inputs else self.about
        bodies = [stream(content, {"Filter": b"/FlateDecode"}) for content in contents]
        for number, body in zip((*self.open, self.info), (*bodies, dictionary(about)), strict=True):
            written = b"%d 0 obj\n" % number + body + b"\nendobj\n"
            offsets[number] = at
            at += len(written)
            parts.append(written)
        identifier = hashlib.sha256(b"".join(parts)).digest()[:16]
        return b"".join([*parts, table(offsets, self.last, at, self.root, self.info, identifier)])


@dataclass(frozen=True)
class PageSet:
    """Pages in a file: their numbers, the structure elements on them, and for each key of the parent tree its entry."""

    pages: tuple[Number, ...] = ()
    elements: tuple[bytes, ...] = ()
    parents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class EditionFile:
    """The beginning of a file: an edition's own pages, which all letters of that edition share."""

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    tree: Number
    document: Number
    pages_: PageSet
    catalog: dict[str, bytes]
    info: Number
    about: dict[str, bytes]


def write_edition(data: bytes) -> EditionFile:
    """Write an edition's own pages."""
    source, file = TaggedPdf(data), io.BytesIO()
    writer = PdfWriter(file)
    tree, document, info = writer.number(), writer.number(), writer.number()
    root = source.pdf.Root
    with writer.copying():
        pages_, _ = _take(source, range(len(source.pdf.pages)), writer, tree, document)
        catalog = {name: writer.copy(root[f"/{name}"]) for name in KEPT if f"/{name}" in root}
    about = {key[1:]: bytes(value.unparse()) for key, value in source.pdf.trailer.Info.items()}
    return EditionFile(file.getvalue(), writer.offsets, writer.last, tree, document, pages_, catalog, info, about)


def assemble(edition: EditionFile, sheet: Sequence[tuple[TaggedPdf, int]] = (), *, opened: bool = False) -> Assembly:
    """Put pages of other documents in front of an edition's; `opened` ones get their contents later."""
    file = io.BytesIO(edition.beginning)
    writer = PdfWriter.resume(file, edition.offsets, edition.last)
    pages_, places = edition.pages_, list[Number]()
    pages, elements = list[Number](), list[bytes]()
    for source, group in groupby(sheet, key=itemgetter(0)):
        with writer.copying():  # so that fonts and pictures of a document's pages are there once
            for _, page in group:
                taken, contents = _take(
                    source, [page], writer, edition.tree, edition.document, len(pages_.parents), opened=opened
                )
                pages_ = PageSet(pages_.pages, pages_.elements, pages_.parents + taken.parents)
                pages += taken.pages
                elements += taken.elements
                places += contents
    whole = PageSet((*pages, *pages_.pages), (*elements, *pages_.elements), pages_.parents)
    root = _finish(edition, whole, writer)
    return Assembly(file.getvalue(), writer.offsets, writer.last, tuple(places), root, edition.info, edition.about)


def _take(
    source: TaggedPdf,
    pages: Sequence[int],
    writer: PdfWriter,
    tree: Number,
    document: Number,
    first_parent: int = 0,
    *,
    opened: bool = False,
) -> tuple[PageSet, list[Number]]:
    """Copy pages with all that is on them; return them, and the numbers of the contents that were left open."""
    chosen = [source.pdf.pages[page].obj for page in pages]
    numbers = [writer.number() for _ in chosen]
    contents = [writer.number() for _ in chosen] if opened else []
    writer.give(source.pdf.Root.Pages, tree)
    writer.give(source.structure.K[0], document)
    for page, number in zip(chosen, numbers, strict=True):
        writer.give(page, number)
    for page, number in zip(chosen, contents, strict=False):
        writer.give(page.Contents, number)
    parents: list[pikepdf.Object] = []
    for index, page in zip(pages, chosen, strict=True):
        page.StructParents = first_parent + len(parents)
        parents.append(source.parents[index])
        for annotation in page.get(Name.Annots, []):
            if annotation.objgen in source.of_annotation:
                annotation.StructParent = first_parent + len(parents)
                parents.append(source.of_annotation[annotation.objgen])
        _trim(page)
    for page, number in zip(chosen, numbers, strict=True):
        writer.write_copy(number, page)
    here = {page.objgen for page in chosen}
    elements = [writer.copy(element) for element in source.elements if element.Pg.objgen in here]
    return PageSet(tuple(numbers), tuple(elements), tuple(map(writer.copy, parents))), contents


def _trim(page: pikepdf.Object) -> None:
    """Cut the bleed off: on a screen nobody trims the page."""
    page.MediaBox = page.TrimBox
    for box in (Name.BleedBox, Name.CropBox):
        if box in page:
            del page[box]


def _finish(edition: EditionFile, pages_: PageSet, writer: PdfWriter) -> Number:
    """Write the trees of pages and of structure, and the catalog; return its number."""
    kids = array(reference(page) for page in pages_.pages)
    count = b"%d" % len(pages_.pages)
    writer.write(edition.tree, dictionary({"Type": b"/Pages", "Kids": kids, "Count": count}))
    structure = writer.number()
    element = {"Type": b"/StructElem", "S": b"/Document", "P": reference(structure), "K": array(pages_.elements)}
    writer.write(edition.document, dictionary(element))
    flat = [part for key, parent in enumerate(pages_.parents) for part in (b"%d" % key, parent)]
    parents = writer.add(dictionary({"Nums": array(flat)}))
    root = {"Type": b"/StructTreeRoot", "K": array([reference(edition.document)]), "ParentTree": reference(parents)}
    writer.write(structure, dictionary(root))
    pages = {"Type": b"/Catalog", "Pages": reference(edition.tree), "StructTreeRoot": reference(structure)}
    return writer.add(dictionary({**pages, **edition.catalog}))
