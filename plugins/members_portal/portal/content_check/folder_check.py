"""Folder check: titles that occur twice, files that are not read, and files that are very large."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.portal.content.attachment import IMAGES, MEDIA, PICTURE_TYPES
from members_portal.portal.content.front_matter import find_link
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.content.markdown_files import KIND_OF_FOLDER

LARGE_PICTURE = 5_000_000  # bytes
LARGE_FILE = 50_000_000
LINKED_ONLY = {f".{name}" for name in PICTURE_TYPES + MEDIA} | IMAGES  # beside an item, and not its text


def folder_problems(library: Library, on: date) -> Iterator[Problem]:
    """Yield a warning for each repeated title, each file that is not read, and each large file."""
    yield from _title_problems(library, on)
    yield from _unread_files(library)
    yield from _large_files(library)


def _title_problems(library: Library, on: date) -> Iterator[Problem]:
    """Find items of one kind with one title. Past events, ended offers and expired items do not count.

    The warning is at the item that is published last.
    """
    same: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in sorted(library.items.values(), key=lambda item: (item.publish or date.min, item.path)):
        last = getattr(item.front, "last_day", None)
        if not item.has_expired(on) and not (last and last < on):
            same[item.kind.name, item.front.title.casefold()].append(item)
    for items in same.values():
        for item in items[1:]:
            what = f"{items[0].path} has this title, too"
            located = library.documents[item.path].front
            yield located.problem(("title",), what, "a title of its own").as_warning()


def _unread_files(library: Library) -> Iterator[Problem]:
    """Find files in folders of kinds that are neither items nor linked."""
    linked = frozenset().union(*(body.files for body in library.bodies.values()))
    for path in sorted(library.files.others - linked):
        parts = PurePosixPath(path)
        if parts.parts[0] in KIND_OF_FOLDER and len(parts.parts) > 1 and parts.suffix.lower() not in LINKED_ONLY:
            what, expected = "is not read, and no page links it", "a name that ends in .md, or a link to it"
            yield Problem(shown_path(library.folder / path), 0, 0, what, expected).as_warning()


def _large_files(library: Library) -> Iterator[Problem]:
    """Find files that take long to load, at the first link to each."""
    seen: set[str] = set()
    for path, document in library.documents.items():
        item, body = library.items.get(path), library.bodies[path]
        for file in sorted((item.files if item else body.files) - seen):
            seen.add(file)
            size, most = _size(library, file), _limit(file)
            if size <= most:
                continue
            what, expected = f"{file} has {size / 1e6:.1f} MB", f"at most {most // 1_000_000} MB"
            if link := body.links.get(file):
                yield Problem(document.file, *find_link(document, link), what, expected).as_warning()
            else:
                yield document.front.problem(("image",), what, expected).as_warning()


def _size(library: Library, path: str) -> int:
    file = library.folder / path
    return file.stat().st_size if file.is_file() else 0


def _limit(path: str) -> int:
    is_picture = PurePosixPath(path).suffix.lower().removeprefix(".") in PICTURE_TYPES
    return LARGE_PICTURE if is_picture else LARGE_FILE
