"""The printer's file: all letters of a run in one PDF/X-4 (ISO 15930-7), in inks, with bleed.

Shared objects (pages of an edition, pictures, fonts) are written once. Letters are written one by one and not kept, so
the file may be larger than memory.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

import pikepdf

from members_portal.newsletter.letter.pdf_writer import Number, PdfWriter, array, dictionary, reference, stream, text
from members_portal.newsletter.press import pdfx
from members_portal.newsletter.press.pdfx import OutputIntent
from members_portal.newsletter.press.run_manifest import content_hash, letter_hash

PDFX_HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"  # PDF/X-4 is based on PDF 1.6
NODE_PAGES = 64  # pages per node of the page tree: readers don't have to load the whole tree
PAGE_BOXES = ("MediaBox", "TrimBox", "BleedBox")


@dataclass(frozen=True)
class PressPage:
    """A page without its page object: boxes, references to resources and contents, and the hash of the contents."""

    boxes: tuple[tuple[str, bytes], ...]
    resources: bytes
    contents: bytes
    digest: bytes


@dataclass(frozen=True)
class PlacedLetter:
    """The place of a letter in the file: its pages, counted from 1, and the hash of their contents."""

    first: int
    last: int
    sha256: str


class PressFile:
    """Writes the printer's file."""

    def __init__(self, file: BinaryIO) -> None:
        self.writer = PdfWriter(file, PDFX_HEADER)
        self.root = self.writer.number()
        self.nodes: list[tuple[Number, int]] = []
        self.kids: list[Number] = []
        self.node = self.writer.number()
        self.pages = 0

    def take(self, pdf: bytes, pages: Sequence[int] | None = None, *, empty: bool = False) -> list[PressPage]:
        """Copy pages of a document, by default all; with `empty`, without contents, as models for `page`."""
        with pikepdf.open(io.BytesIO(pdf)) as opened, self.writer.copying():
            chosen = range(len(opened.pages)) if pages is None else pages
            return [self._taken(opened.pages[page].obj, empty) for page in chosen]

    def _taken(self, page: pikepdf.Object, empty: bool) -> PressPage:
        boxes = tuple((name, bytes(page[f"/{name}"].unparse())) for name in PAGE_BOXES)
        contents = b"" if empty else self.writer.copy(page.Contents)
        return PressPage(boxes, self.writer.copy(page.Resources), contents, content_hash(page.Contents.read_bytes()))

    def page(self, like: PressPage, contents: bytes) -> PressPage:
        """Write a content stream (compressed by zlib); return a page with the boxes and resources of another one."""
        number = self.writer.add(stream(contents, {"Filter": b"/FlateDecode"}))
        return PressPage(like.boxes, like.resources, reference(number), content_hash(zlib.decompress(contents)))

    def letter(self, pages: Sequence[PressPage]) -> PlacedLetter:
        """Add a letter; append an empty page to an odd number of pages, so that the next letter begins a new sheet."""
        first = self.pages + 1
        whole = [*pages, self.page(pages[-1], zlib.compress(b""))] if len(pages) % 2 else list(pages)
        for page in whole:
            self._add(page)
        return PlacedLetter(first, self.pages, letter_hash(page.digest for page in whole))

    def _add(self, page: PressPage) -> None:
        parts = {"Type": b"/Page", "Parent": reference(self.node), **dict(page.boxes)}
        self.kids.append(self.writer.add(dictionary({**parts, "Resources": page.resources, "Contents": page.contents})))
        self.pages += 1
        if len(self.kids) == NODE_PAGES:
            self._end_node()

    def _end_node(self) -> None:
        kids = array(reference(kid) for kid in self.kids)
        count = b"%d" % len(self.kids)
        parts = {"Type": b"/Pages", "Parent": reference(self.root), "Kids": kids, "Count": count}
        self.writer.write(self.node, dictionary(parts))
        self.nodes.append((self.node, len(self.kids)))
        self.node, self.kids = self.writer.number(), []

    def close(self, title: str, language: str, made: datetime, intent: OutputIntent, inputs: str) -> None:
        """Write the page tree, metadata and trailer; `inputs`, the key of the inputs, becomes the file identifier."""
        if self.kids:
            self._end_node()
        add = self.writer.add
        identifier = hashlib.sha256(inputs.encode()).digest()[:16]
        kids = array(reference(node) for node, _ in self.nodes)
        tree = {"Type": b"/Pages", "Kids": kids, "Count": b"%d" % sum(count for _, count in self.nodes)}
        self.writer.write(self.root, dictionary(tree))
        packet = pdfx.xmp(title, made, UUID(bytes=identifier, version=4), language)
        catalog = {
            "Type": b"/Catalog",
            "Pages": reference(self.root),
            "Lang": text(language),
            "Metadata": reference(add(stream(packet, {"Type": b"/Metadata", "Subtype": b"/XML"}))),
            "OutputIntents": array([reference(add(self._intent(intent)))]),
        }
        date = text(pdfx.pdf_date(made))
        info = {"Title": text(title), "Producer": text(pdfx.PRODUCER), "CreationDate": date, "ModDate": date}
        self.writer.close(add(dictionary(catalog)), add(dictionary({**info, "Trapped": b"/False"})), identifier)

    def _intent(self, intent: OutputIntent) -> bytes:
        compressed = stream(zlib.compress(intent.profile), {"N": b"4", "Filter": b"/FlateDecode"})
        parts = {"Type": b"/OutputIntent", "S": pdfx.SUBTYPE.encode(), "Info": text(intent.info)}
        parts["OutputConditionIdentifier"] = text(intent.identifier)
        if intent.registry:
            parts["RegistryName"] = text(intent.registry)
        return dictionary({**parts, "DestOutputProfile": reference(self.writer.add(compressed))})
