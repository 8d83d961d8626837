"""Link check: every link of an item has a target that all readers of the item may see, from their first day on."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePosixPath
from posixpath import relpath

from members_portal.loyalty.input.problem import InvalidInput, Problem, closest
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.attachment import MEDIA, PICTURE_TYPES
from members_portal.portal.content.item import KINDS, Item
from members_portal.portal.content.library import Library, find_link, is_content_file

MEMBERS_ONLY = frozenset({"/tiers/", "/account/"})
FILE = "a file that exists"
FILE_OR_ADDRESS = f"{FILE}, or a whole address with https://"  # pictures and media must be files


def check_links(library: Library, programme: Programme, on: date) -> None:
    """Raise InvalidInput with every dead link, and every link to an item that some reader may not see."""
    problems = [problem for item in library.items.values() for problem in _problems(item, library, programme, on)]
    if problems:
        raise InvalidInput(problems)


def _problems(item: Item, library: Library, programme: Programme, on: date) -> Iterator[Problem]:
    document, body = library.documents[item.path], library.bodies[item.path]
    for path, written in body.links.items():
        what, expected, hint = _fault(item, path, library, programme, on)
        if what:
            yield Problem(document.file, *find_link(document, written), what, expected, hint)


def _fault(item: Item, path: str, library: Library, programme: Programme, on: date) -> tuple[str, str, str]:
    if path.startswith("/"):
        return _address_fault(item, path, library, programme, on)
    if path.startswith("../"):
        return f"`{path}` leads out of content/", "a file below content/", ""
    if path.endswith(".md"):
        if path not in library.items:
            return f"there is no content/{path}", FILE_OR_ADDRESS, near(path, library.items)
        return _upward(item, library.items[path], programme, on), "a page that all its readers have", ""
    if is_content_file(library.folder, path):
        return "", "", ""
    files = [file.relative_to(library.folder).as_posix() for file in library.folder.rglob("*") if file.is_file()]
    is_shown = PurePosixPath(path).suffix.lower().removeprefix(".") in PICTURE_TYPES + MEDIA
    return f"there is no content/{path}", FILE if is_shown else FILE_OR_ADDRESS, near(path, files)


def near(path: str, known: Iterable[str]) -> str:
    """Return the most similar known path: the same file name in another folder, else a similar name."""
    name = PurePosixPath(path).name
    return closest(path, [other for other in known if PurePosixPath(other).name == name] or known)


def _upward(item: Item, target: Item, programme: Programme, on: date) -> str:
    """Name the readers of an item that don't have the target of its link; empty when all have it."""
    if target.has_expired(on):
        return ""
    if target.draft:
        return f"links to {target.path}, which is a draft" if first_day(item, STAFF, on) else ""
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


def _address_fault(item: Item, path: str, library: Library, programme: Programme, on: date) -> tuple[str, str, str]:
    lists = {f"/{kind.url}": kind for kind in KINDS if kind.url}
    known = {"/", *MEMBERS_ONLY, *lists, *(f"/tiers/{tier}/" for tier in programme.ladder)}
    if path not in known:
        expected = "a file below content/, or a list such as /offers/"
        return f"there is no address `{path}`", expected, _file_at(item, path, library) or closest(path, known)
    days = {reader: day for reader in programme.readers if (day := first_day(item, reader, on))}
    if PUBLIC in days and (path in MEMBERS_ONLY or path.startswith("/tiers/")):
        return f"`{path}` isn't in the public edition", "an address everybody has", ""
    empty = [r for r, day in days.items() if path in lists and not _fills(lists[path].name, library, r, day)]
    return (f"`{path}` is empty for {', '.join(empty)}", "a list with items", "") if empty else ("", "", "")


def _file_at(item: Item, address: str, library: Library) -> str:
    """Return the link to the file of the item at an address, as `item` writes it; empty without one."""
    path = next((other.path for other in library.items.values() if f"/{other.url}" == address), "")
    return f"`{relpath(path, PurePosixPath(item.path).parent)}`" if path else ""


def _fills(kind: str, library: Library, reader: str, on: date) -> bool:
    return any(item.kind.name == kind and item.visible_to(reader, on) for item in library.items.values())
