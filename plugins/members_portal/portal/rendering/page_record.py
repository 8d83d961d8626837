"""Page record: what earlier runs know of pages, so that an unchanged page is neither rendered nor written.

The key of a page is the digest of everything that its template can reach. Its entry names the parts in the page, the
days on which its dated parts are the same, and the SHA-256 of the file of each edition, by the texts of its parts. The
page itself is in the rendered tree: a file there with this SHA-256 is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.picture_file import is_raster
from members_portal.portal.content.front.promise import Promise
from members_portal.portal.content.item import Item, Shown
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.rendering.issue_contents import Contents
from members_portal.portal.rendering.rendered_tree import TreeMemory
from members_portal.work_record import WorkRecord, digest_of


@dataclass(frozen=True)
class RenderWork:
    """What a publish hands over: the work record and the digest of all that templates can reach.

    It receives the SHA-256 (hex) of the tree's files, by path. A preview also hands over the memory of its tree.
    """

    record: WorkRecord = field(default_factory=WorkRecord)
    base: bytes = b""
    digests: dict[str, str] = field(default_factory=dict)
    tree_memory: TreeMemory | None = None
    members_done: Callable[[int, int], None] | None = None  # is told the members that are done, and all members


PAGE = "page"


@dataclass
class KnownPage:
    """The names of the parts in a page, and the first and last day on which it is the same.

    `files` maps the digest of the texts of its parts, hex, to the SHA-256 (hex) of the file with them.
    """

    parts: tuple[str, ...]
    first: date
    last: date
    files: dict[str, str] = field(default_factory=dict)


class PageRecord:
    """The entries of pages in a work record; `base` is the digest of what all templates can reach."""

    def __init__(self, record: WorkRecord, base: bytes, on: date) -> None:
        self._record, self._base, self._on = record, base, on
        record.load(PAGE)
        self._known: dict[bytes, KnownPage | None] = {}
        self._files: dict[bytes, dict[str, str]] = defaultdict(dict)  # those of this run

    def key(self, *parts: str | bytes) -> bytes:
        """Return the key of a page, from what its template can reach besides the base."""
        return digest_of(self._base, *parts)

    def find(self, key: bytes) -> KnownPage | None:
        """Return the entry of a page; None if the page is new or its dated parts have changed."""
        if key not in self._known:
            found = self._record.find(PAGE, key)
            page = _read(found) if found else None
            self._known[key] = page if page and page.first <= self._on <= page.last else None
        return self._known[key]

    def add(self, key: bytes, page: KnownPage) -> None:
        """Add a page that was rendered."""
        self._known[key] = page

    def add_file(self, key: bytes, texts: str, file: str) -> None:
        """Add the SHA-256 (hex) of the file of a page in this run, with the texts of its parts."""
        self._files[key][texts] = file

    def keep(self) -> None:
        """Keep the pages of this run in the work record."""
        for key, files in self._files.items():
            page = self._known[key]
            if page and page.files != files:
                self._record.keep(PAGE, key, _write(page, files))


def _write(page: KnownPage, files: Mapping[str, str]) -> bytes:
    return json.dumps([page.first.isoformat(), page.last.isoformat(), page.parts, files]).encode()


def _read(data: bytes) -> KnownPage:
    first, last, parts, files = json.loads(data)
    return KnownPage(tuple(parts), date.fromisoformat(first), date.fromisoformat(last), files)


class ShownDigests:
    """Digests of items as an edition shows them, with the pictures of their pages."""

    def __init__(self, pictures: PictureStore) -> None:
        self._pictures = pictures
        self._of_pictures: dict[str, bytes] = {}
        self._of: dict[int, tuple[Shown, bytes]] = {}  # each holds its item, so that no other one has its `id`

    def of(self, shown: Shown) -> bytes:
        """Return the digest of an item: of its file and all that reading it depends on, and of the edition's view."""
        if id(shown) not in self._of:
            self._of[id(shown)] = shown, self._digest(shown)
        return self._of[id(shown)][1]

    def of_list(self, items: tuple[Shown, ...]) -> bytes:
        """Return the digest of a list of items, in order."""
        return digest_of(*map(self.of, items))

    def of_contents(self, contents: Contents) -> bytes:
        """Return the digest of the contents of an issue. Its charts are of the item itself."""
        parts: list[str | bytes] = [contents.on.isoformat()]
        for section in contents.sections:
            whole = "".join(str(int(each.full)) for each in section.items)
            parts += [section.kind, section.title, whole, self.of_list(tuple(each.shown for each in section.items))]
        return digest_of(*parts, self.of_list(contents.promises), self.of_list(contents.events))

    def of_item(self, item: Item) -> bytes:
        """Return the digest of an item, of its file and all that reading it depends on, with its pictures."""
        if item.path not in self._of_pictures:
            files = (path for path in sorted(item.files) if is_raster(path))
            self._of_pictures[item.path] = digest_of(*(f"{path} {self._pictures.digest(path)}" for path in files))
        return digest_of(item.digest, self._of_pictures[item.path])

    def _digest(self, shown: Shown) -> bytes:
        item = shown.item
        told = len(item.front.results) if isinstance(item.front, Promise) else 0
        body = "" if shown.body == item.html else shown.body
        return digest_of(self.of_item(item), f"{shown.since} {told}", body)
