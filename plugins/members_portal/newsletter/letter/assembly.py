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
    Volume,
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


class Source:
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
class Binding:
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
class Leaves:
    """Pages in a file: their numbers, the structure elements on them, and for each key of the parent tree its entry."""

    pages: tuple[Number, ...] = ()
    elements: tuple[bytes, ...] = ()
    parents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Edition:
    """The beginning of a file: an edition's own pages, which all letters of that edition share."""

    beginning: bytes
    offsets: dict[Number, int]
    last: Number
    tree: Number
    document: Number
    leaves: Leaves
    catalog: dict[str, bytes]
    info: Number
    about: dict[str, bytes]


def begin(data: bytes) -> Edition:
    """Write an edition's own pages."""
    source, file = Source(data), io.BytesIO()
    volume = Volume(file)
    tree, document, info = volume.number(), volume.number(), volume.number()
    root = source.pdf.Root
    with volume.copying():
        leaves, _ = _take(source, range(len(source.pdf.pages)), volume, tree, document)
        catalog = {name: volume.copy(root[f"/{name}"]) for name in KEPT if f"/{name}" in root}
    about = {key[1:]: bytes(value.unparse()) for key, value in source.pdf.trailer.Info.items()}
    return Edition(file.getvalue(), volume.offsets, volume.last, tree, document, leaves, catalog, info, about)


def bind(edition: Edition, sheet: Sequence[tuple[Source, int]] = (), *, opened: bool = False) -> Binding:
    """Put pages of other documents in front of an edition's; `opened` ones get their contents later."""
    file = io.BytesIO(edition.beginning)
    volume = Volume.resume(file, edition.offsets, edition.last)
    leaves, places = edition.leaves, list[Number]()
    pages, elements = list[Number](), list[bytes]()
    for source, group in groupby(sheet, key=itemgetter(0)):
        with volume.copying():  # so that fonts and pictures of a document's pages are there once
            for _, page in group:
                taken, contents = _take(
                    source, [page], volume, edition.tree, edition.document, len(leaves.parents), opened=opened
                )
                leaves = Leaves(leaves.pages, leaves.elements, leaves.parents + taken.parents)
                pages += taken.pages
                elements += taken.elements
                places += contents
    whole = Leaves((*pages, *leaves.pages), (*elements, *leaves.elements), leaves.parents)
    root = _finish(edition, whole, volume)
    return Binding(file.getvalue(), volume.offsets, volume.last, tuple(places), root, edition.info, edition.about)


def _take(
    source: Source,
    pages: Sequence[int],
    volume: Volume,
    tree: Number,
    document: Number,
    first_parent: int = 0,
    *,
    opened: bool = False,
) -> tuple[Leaves, list[Number]]:
    """Copy pages with all that is on them; return them, and the numbers of the contents that were left open."""
    chosen = [source.pdf.pages[page].obj for page in pages]
    numbers = [volume.number() for _ in chosen]
    contents = [volume.number() for _ in chosen] if opened else []
    volume.give(source.pdf.Root.Pages, tree)
    volume.give(source.structure.K[0], document)
    for page, number in zip(chosen, numbers, strict=True):
        volume.give(page, number)
    for page, number in zip(chosen, contents, strict=False):
        volume.give(page.Contents, number)
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
        volume.write_copy(number, page)
    here = {page.objgen for page in chosen}
    elements = [volume.copy(element) for element in source.elements if element.Pg.objgen in here]
    return Leaves(tuple(numbers), tuple(elements), tuple(map(volume.copy, parents))), contents


def _trim(page: pikepdf.Object) -> None:
    """Cut the bleed off: on a screen nobody trims the page."""
    page.MediaBox = page.TrimBox
    for box in (Name.BleedBox, Name.CropBox):
        if box in page:
            del page[box]


def _finish(edition: Edition, leaves: Leaves, volume: Volume) -> Number:
    """Write the trees of pages and of structure, and the catalog; return its number."""
    kids = array(reference(page) for page in leaves.pages)
    count = b"%d" % len(leaves.pages)
    volume.write(edition.tree, dictionary({"Type": b"/Pages", "Kids": kids, "Count": count}))
    structure = volume.number()
    element = {"Type": b"/StructElem", "S": b"/Document", "P": reference(structure), "K": array(leaves.elements)}
    volume.write(edition.document, dictionary(element))
    flat = [part for key, parent in enumerate(leaves.parents) for part in (b"%d" % key, parent)]
    parents = volume.add(dictionary({"Nums": array(flat)}))
    root = {"Type": b"/StructTreeRoot", "K": array([reference(edition.document)]), "ParentTree": reference(parents)}
    volume.write(structure, dictionary(root))
    pages = {"Type": b"/Catalog", "Pages": reference(edition.tree), "StructTreeRoot": reference(structure)}
    return volume.add(dictionary({**pages, **edition.catalog}))
