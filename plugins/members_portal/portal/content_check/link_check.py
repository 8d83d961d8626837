"""Link check: every link of an item has a target that all readers of the item may see, from their first day on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from members_portal.loyalty.input.problem import Problem, closest
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.attachment import MEDIA, PICTURE_TYPES
from members_portal.portal.content.front_matter import find_link
from members_portal.portal.content.item import KINDS, Item
from members_portal.portal.content.library import Library
from members_portal.portal.content.markdown_files import address, kind_of
from members_portal.portal.content.similar_path import link_to, similar_path
from members_portal.portal.content_check.site_link import SiteLinks

MEMBERS_ONLY = frozenset({"/tiers/", "/wallet/", "/account/"})
FILE = "a file that exists"
FILE_OR_ADDRESS = f"{FILE}, or a whole address with https://"  # pictures and media must be files


LinkFault = tuple[str, str, str]  # the problem, the expected value, a suggestion
NO_LINK_FAULT: LinkFault = ("", "", "")


def link_problems(library: Library, programme: Programme, on: date, base: str = "") -> Iterator[Problem]:
    """Yield every dead link, and every link to an item that some reader may not see.

    Of an item whose readers or days are invalid, the targets need only exist. Links with the address of the site,
    `base`, are checked like others.
    """
    site = SiteLinks(library, base)
    for source, document in library.documents.items():
        check = _LinkCheck(library, programme, on, source, library.find(source))
        body = library.bodies[source]
        for path, written in (*body.links.items(), *site.find(body.html)):
            what, expected, hint = check.fault(path, written)
            if what:
                yield Problem(document.file, *find_link(document, written), what, expected, hint)


@dataclass(frozen=True)
class _LinkCheck:
    """The check of the links of one file; `item` is None if its readers or days are not known."""

    library: Library
    programme: Programme
    on: date
    source: str
    item: Item | None

    def fault(self, path: str, written: str) -> LinkFault:
        """Return the fault of a link to a content path or an address; empty without one."""
        if path.startswith("/"):
            return self._address_fault(path)
        if path.startswith("../"):
            return f"`{path}` leads out of content/", "a file below content/", self._near(path, written)
        if path.endswith(".md"):
            return self._item_fault(path, written)
        if self.library.files.has(path):
            return NO_LINK_FAULT
        is_shown = PurePosixPath(path).suffix.lower().removeprefix(".") in PICTURE_TYPES + MEDIA
        hint = _whole(path) or self._near(path, written)
        return f"there is no content/{path}", FILE if is_shown else FILE_OR_ADDRESS, hint

    def _near(self, path: str, written: str) -> str:
        """Return the link to the most similar file, as this file must write it; empty if none is similar."""
        files = self.library.files
        known = files.markdown if path.endswith(".md") else {*files.markdown, *files.others}
        found = similar_path(path, known, self.source)
        return link_to(found, self.source, written) if found else ""

    def _item_fault(self, path: str, written: str) -> LinkFault:
        if not self.library.has_file(path):
            return f"there is no content/{path}", FILE_OR_ADDRESS, self._near(path, written)
        target = self.library.find(path)
        if self.item is None or (target is None and path not in self.library.drafts):
            return NO_LINK_FAULT
        return _upward(self.item, path, target, self.programme, self.on), "a page that all its readers have", ""

    def _address_fault(self, path: str) -> LinkFault:
        lists = {f"/{kind.url}": kind for kind in KINDS if kind.url}
        known = {"/", *MEMBERS_ONLY, *lists, *(f"/tiers/{tier}/" for tier in self.programme.ladder)}
        if path not in known:
            expected = "a file below content/, or a list such as /offers/"
            return f"there is no address `{path}`", expected, self._file_at(path) or closest(path, known)
        if self.item is None:
            return NO_LINK_FAULT
        days = {reader: day for reader in self.programme.readers if (day := first_day(self.item, reader, self.on))}
        if PUBLIC in days and (path in MEMBERS_ONLY or path.startswith("/tiers/")):
            return f"`{path}` isn't in the public edition", "an address everybody has", ""
        empty = [r for r, day in days.items() if path in lists and not _fills(lists[path].name, self.library, r, day)]
        return (f"`{path}` is empty for {', '.join(empty)}", "a list with items", "") if empty else NO_LINK_FAULT

    def _file_at(self, link: str) -> str:
        """Return the link to the file of another item at an address, as the item writes it; empty without one."""
        path = next((path for path in self.library.files.markdown if f"/{address(path)}" == link), self.source)
        return link_to(path, self.source) if path != self.source else ""


def _whole(path: str) -> str:
    """Return the whole address that a link without a scheme may mean, empty if it looks like a file."""
    name = PurePosixPath(path).name
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", name):
        return f"`mailto:{name}`"
    found = re.search(r"(?:^|/)(?:https?/)?(www\.[^/\s]+\.[a-z]{2,}(?:/.*)?)$", path)
    return f"`https://{found[1]}`" if found else ""


def _upward(item: Item, path: str, target: Item | None, programme: Programme, on: date) -> str:
    """Name the readers of an item that don't have the target of its link; empty when all have it."""
    if target and target.has_expired(on):
        return ""
    if target is None or target.draft:
        return f"links to {path}, which is a draft" if first_day(item, STAFF, on) else ""
    shut_out = []
    for reader in programme.readers:
        day = first_day(item, reader, on)
        if day and not target.visible_to(reader, day) and not target.has_expired(day):
            opens = target.visible_since(reader)
            shut_out.append(f"{reader} (from {opens} only)" if opens else reader)
    return f"links to {target.path}, which {', '.join(shut_out)} may not read" if shut_out else ""


def first_day(item: Item, reader: str, on: date) -> date | None:
    """Return the first day from `on` on which an edition shows an item, or None."""
    since = item.visible_since(reader)
    day = max(on, since) if since else None
    return None if day is None or item.has_expired(day) else day


def _fills(kind: str, library: Library, reader: str, on: date) -> bool:
    """Tell whether a reader has an item of a kind; an invalid file may become one."""
    unread = (path for path in library.files.markdown if path not in library.items and path not in library.drafts)
    shown = (item.visible_to(reader, on) for item in library.items.values() if item.kind.name == kind)
    return any(shown) or any(kind_of(path).name == kind for path in unread)
