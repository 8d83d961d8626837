"""Page record: what earlier runs know of pages, so that an unchanged page is neither rendered nor written.

The key of a page is the digest of everything that its template can reach, but for the texts of items. Its entry names
the items whose texts it asked for, the parts in the page, the days on which its dated parts are the same, and the
SHA-256 of the file of each edition, by the texts of its parts. The page itself is in the rendered tree: a file there
with this SHA-256 is kept. A part has an entry as well, so that it is rendered only for a new page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.programme.programme import Programme
from members_portal.picture_file import is_raster
from members_portal.portal.content.front.promise import Promise
from members_portal.portal.content.item import Item, Shown
from members_portal.portal.picture.picture_markup import cover_picture
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.rendering.dated_part import SameDays
from members_portal.portal.rendering.edition import Edition
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
ISSUE_CONTENTS = "contents"


@dataclass
class KnownPage:
    """The names of the parts in a page, and the first and last day on which it is the same.

    `items` maps the content path of each item whose text it asked for to the digest (hex) of the item. `files` maps the
    digest of the texts of its parts, hex, to the SHA-256 (hex) of the file with them.
    """

    parts: tuple[str, ...]
    first: date
    last: date
    items: Mapping[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


class PageRecord:
    """The entries of pages in a work record; `base` is the digest of what all templates can reach.

    `digest` returns the digest (hex) of the item with a content path; it is empty for one that is gone.
    """

    def __init__(self, record: WorkRecord, base: bytes, on: date, digest: Callable[[str], str]) -> None:
        self._record, self._base, self._on, self._digest = record, base, on, digest
        record.load(PAGE)
        record.load(ISSUE_CONTENTS)
        self._known: dict[bytes, KnownPage | None] = {}
        self._files: dict[bytes, dict[str, str]] = defaultdict(dict)  # those of this run

    def key(self, *parts: str | bytes) -> bytes:
        """Return the key of a page, from what its template can reach besides the base."""
        return digest_of(self._base, *parts)

    def find(self, key: bytes) -> KnownPage | None:
        """Return the entry of a page; None if the page is new, or its dated parts or a text in it have changed."""
        if key not in self._known:
            found = self._record.find(PAGE, key)
            page = _read(found) if found else None
            self._known[key] = page if page and self._is_same(page) else None
        return self._known[key]

    def _is_same(self, page: KnownPage) -> bool:
        """Return whether a page is the same today, with the present texts."""
        return page.first <= self._on <= page.last and all(
            self._digest(path) == digest for path, digest in page.items.items()
        )

    def add(self, key: bytes, parts: tuple[str, ...], days: SameDays, texts: Iterable[str]) -> KnownPage:
        """Add a rendered page: its parts, its days, and `texts`, the paths of the items of which it read the text."""
        items = {path: self._digest(path) for path in sorted(texts)}
        self._known[key] = page = KnownPage(parts, days.first, days.last, items)
        return page

    def add_file(self, key: bytes, texts: str, file: str) -> None:
        """Add the SHA-256 (hex) of the file of a page in this run, with the texts of its parts."""
        self._files[key][texts] = file

    def find_contents(self, key: bytes, pick: Callable[[], bytes]) -> bytes:
        """Return the digest of the contents of an issue; `pick` returns it where the contents are not known.

        `key` covers all that they are picked from.
        """
        known = self._record.find(ISSUE_CONTENTS, key)
        if known is None:
            known = pick()
            self._record.keep(ISSUE_CONTENTS, key, known)
        return known

    def keep(self) -> None:
        """Keep the pages of this run in the work record."""
        for key, files in self._files.items():
            page = self._known[key]
            if page and page.files != files:
                self._record.keep(PAGE, key, _write(page, files))


def _write(page: KnownPage, files: Mapping[str, str]) -> bytes:
    return json.dumps([page.first.isoformat(), page.last.isoformat(), page.parts, page.items, files]).encode()


def _read(data: bytes) -> KnownPage:
    first, last, parts, items, files = json.loads(data)
    return KnownPage(tuple(parts), date.fromisoformat(first), date.fromisoformat(last), items, files)


class ShownDigests:
    """Digests of items as an edition shows them, with the pictures of their pages, but without their texts."""

    def __init__(self, pictures: PictureStore) -> None:
        self._pictures = pictures
        self._of_pictures: dict[str, bytes] = {}
        self._of: dict[int, tuple[Shown, bytes]] = {}  # each holds its item, so that no other one has its `id`

    def of(self, shown: Shown) -> bytes:
        """Return the digest of an item as an edition shows it: of all but its text."""
        if id(shown) not in self._of:
            self._of[id(shown)] = shown, self._digest(shown)
        return self._of[id(shown)][1]

    def of_list(self, items: Iterable[Shown]) -> bytes:
        """Return the digest of a list of items, in order."""
        return digest_of(*map(self.of, items))

    def of_contents(self, contents: Contents) -> bytes:
        """Return the digest of the contents of an issue. Its charts are of the item itself."""
        parts: list[str | bytes] = [contents.on.isoformat()]
        for section in contents.sections:
            whole = "".join(str(int(each.full)) for each in section.items)
            parts += [section.kind, section.title, whole, self.of_list(each.shown for each in section.items)]
        return digest_of(*parts, self.of_list(contents.promises), self.of_list(contents.events))

    def of_edition(self, edition: Edition, programme: Programme) -> bytes:
        """Return the digest of an edition of a programme. Its lists follow from its items."""
        about = repr((edition.name, edition.title, edition.rank, edition.teasers, programme))
        return digest_of(about, self.of_list(edition.items.values()))

    def of_item(self, item: Item) -> bytes:
        """Return the digest of an item, of its file and all that reading it depends on, with its pictures."""
        return digest_of(item.digest, self._pictures_of(item))

    def _pictures_of(self, item: Item) -> bytes:
        if item.path not in self._of_pictures:
            files = (path for path in sorted(item.files) if is_raster(path))
            self._of_pictures[item.path] = digest_of(*(f"{path} {self._pictures.digest(path)}" for path in files))
        return self._of_pictures[item.path]

    def _digest(self, shown: Shown) -> bytes:
        item = shown.item
        told = len(item.front.results) if isinstance(item.front, Promise) else 0
        about = repr((shown.since, told, shown.unlinked, cover_picture(item)))
        return digest_of(item.head, self._pictures_of(item), about)
