"""Assembly of the PDFs for the portal: an edition of an issue, or a member's letter. Tagged, without bleed.

The pages of a letter come from two documents, the sheet of a master and the pages of an edition. Their structure trees
are merged. Objects shared by letters are written once; the content streams of the member's own pages come last.
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

CATALOG_KEPT = ("Lang", "MarkInfo", "ViewerPreferences", "Metadata", "Outlines", "Names")  # entries of the catalog
INPUTS = "Inputs"  # an entry of the document information: the cache key of the file's inputs
INPUTS_ENTRY = re.compile(rb"/Inputs \(([0-9a-f]+)\)")


def inputs_key(data: bytes) -> str:
    """Return the cache key of the inputs of a PDF, read from its document information; "" without one."""
    found = INPUTS_ENTRY.search(data)
    return found[1].decode() if found else ""


class TaggedPdf:
    """An open PDF by WeasyPrint with a structure tree, as a source of pages."""

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
        """The children of the document's structure element; each lies on one page."""
        return list(self.structure.K[0].K.as_list())


@dataclass(frozen=True)
class Assembly:
    """A PDF file without the content streams of some pages, and without its end.

    `open` are the object numbers of these streams; `about` is the document information (object `info`).
    """

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    open: tuple[Number, ...]
    root: Number
    info: Number
    about: Mapping[str, bytes]

    def complete(self, contents: Sequence[bytes] = (), inputs: str = "") -> bytes:
        """Return the whole file; `contents` are the open content streams, compressed by zlib.

        `inputs` is the cache key of the inputs, written to the document information (see `inputs_key`).
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
    """Pages of a file: their object numbers, their structure elements, and the entries of the parent tree by key."""

    pages: tuple[Number, ...] = ()
    elements: tuple[bytes, ...] = ()
    parents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class EditionFile:
    """The beginning of a PDF file: the pages of an edition, shared by all its letters."""

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    tree: Number
    document: Number
    pages: PageSet
    catalog: dict[str, bytes]
    info: Number
    about: dict[str, bytes]


def write_edition(data: bytes) -> EditionFile:
    """Write the pages of an edition (PDF bytes) as the beginning of a file."""
    source, file = TaggedPdf(data), io.BytesIO()
    writer = PdfWriter(file)
    tree, document, info = writer.number(), writer.number(), writer.number()
    root = source.pdf.Root
    with writer.copying():
        page_set, _ = _take(source, range(len(source.pdf.pages)), writer, tree, document)
        catalog = {name: writer.copy(root[f"/{name}"]) for name in CATALOG_KEPT if f"/{name}" in root}
    about = {key[1:]: bytes(value.unparse()) for key, value in source.pdf.trailer.Info.items()}
    return EditionFile(file.getvalue(), writer.offsets, writer.last, tree, document, page_set, catalog, info, about)


def assemble(edition: EditionFile, sheet: Sequence[tuple[TaggedPdf, int]] = (), *, opened: bool = False) -> Assembly:
    """Put pages of other documents, as (document, page index), before an edition's pages.

    With `opened`, their content streams are left out: see `Assembly.complete`.
    """
    file = io.BytesIO(edition.beginning)
    writer = PdfWriter.resume(file, edition.offsets, edition.last)
    page_set, places = edition.pages, list[Number]()
    pages, elements = list[Number](), list[bytes]()
    for source, group in groupby(sheet, key=itemgetter(0)):
        with writer.copying():  # fonts and pictures of a document are written once
            for _, page in group:
                taken, contents = _take(
                    source, [page], writer, edition.tree, edition.document, len(page_set.parents), opened=opened
                )
                page_set = PageSet(page_set.pages, page_set.elements, page_set.parents + taken.parents)
                pages += taken.pages
                elements += taken.elements
                places += contents
    whole = PageSet((*pages, *page_set.pages), (*elements, *page_set.elements), page_set.parents)
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
    """Copy pages with all objects they refer to; return them and the object numbers of the open content streams."""
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
    """Cut the bleed off: it is for the printer only."""
    page.MediaBox = page.TrimBox
    for box in (Name.BleedBox, Name.CropBox):
        if box in page:
            del page[box]


def _finish(edition: EditionFile, page_set: PageSet, writer: PdfWriter) -> Number:
    """Write the page tree, the structure tree and the catalog; return the catalog's object number."""
    kids = array(reference(page) for page in page_set.pages)
    count = b"%d" % len(page_set.pages)
    writer.write(edition.tree, dictionary({"Type": b"/Pages", "Kids": kids, "Count": count}))
    structure = writer.number()
    element = {"Type": b"/StructElem", "S": b"/Document", "P": reference(structure), "K": array(page_set.elements)}
    writer.write(edition.document, dictionary(element))
    flat = [part for key, parent in enumerate(page_set.parents) for part in (b"%d" % key, parent)]
    parents = writer.add(dictionary({"Nums": array(flat)}))
    root = {"Type": b"/StructTreeRoot", "K": array([reference(edition.document)]), "ParentTree": reference(parents)}
    writer.write(structure, dictionary(root))
    pages = {"Type": b"/Catalog", "Pages": reference(edition.tree), "StructTreeRoot": reference(structure)}
    return writer.add(dictionary({**pages, **edition.catalog}))
