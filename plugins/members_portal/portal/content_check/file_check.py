"""File check: the pictures and attachments of all items may be published, and each has a path of its own."""

from collections.abc import Iterator, Mapping

from members_portal.loyalty.input.problem import Problem
from members_portal.picture_file import UnreadablePicture
from members_portal.portal.content.attachment import Fault, attachment_fault, twins
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front_matter import find_link
from members_portal.portal.content.library import Library
from members_portal.portal.picture.inline_picture import INLINE_PICTURE, clean_inline
from members_portal.portal.picture.picture_store import PictureStore


def content_file_fault(path: str, pictures: PictureStore) -> Fault:
    """Return why a file below content/ can't be published, and the expected form; empty when it can."""
    what, expected = attachment_fault(pictures.folder, path)
    if not what and (fault := pictures.fault(path)):
        return f"`{path}` {fault.what}", fault.expected
    return what, expected


def file_problems(library: Library, pictures: PictureStore) -> Iterator[Problem]:
    """Yield each file that must not be published, or that has the path of another file."""
    files = {path: _files_of(library, path) for path in library.documents}
    of_drafts = {path: files.pop(path) for path in list(files) if path in library.drafts}
    yield from _problems(library, pictures, files, frozenset().union(*files.values()))
    yield from _problems(library, pictures, of_drafts, frozenset().union(*files.values(), *of_drafts.values()))


def _files_of(library: Library, path: str) -> frozenset[str]:
    """Return the content paths of the images and attachments of an item; of an invalid item, those of its text."""
    item = library.items.get(path)
    found = item.files if item else library.bodies[path].files
    return frozenset(file for file in found if library.files.has(file))


def _problems(
    library: Library, pictures: PictureStore, files: Mapping[str, frozenset[str]], all_files: frozenset[str]
) -> Iterator[Problem]:
    printed = _printed(library)
    equal = twins(all_files, printed)
    faults = {file: content_file_fault(file, pictures) for file in sorted(frozenset().union(*files.values()))}
    for path, own in files.items():
        yield from _inline_problems(library, path)
        for file in sorted(own):
            what, expected = faults[file]
            if not what and file in equal:
                other = "a file that the product writes" if equal[file] in printed else f"{equal[file]} on some hosts"
                what, expected = f"`{file}` has the path of {other}", "another name"
            if what:
                yield _problem(library, path, file, what, expected)


def _inline_problems(library: Library, path: str) -> Iterator[Problem]:
    """Check the pictures in `data:` addresses of a text."""
    html, document = library.bodies[path].html, library.documents[path]
    for address in INLINE_PICTURE.findall(html) if "data:" in html else ():
        try:
            clean_inline(address)
        except UnreadablePicture as error:
            place = find_link(document, address[:60])
            yield Problem(document.file, *place, f"`{address[:40]}` {error.what}", error.expected)


def _printed(library: Library) -> set[str]:
    """Return the paths of the newsletters' PDFs."""
    return {f"{item.url}{item.slug}.pdf" for item in library.items.values() if isinstance(item.front, Newsletter)}


def _problem(library: Library, path: str, file: str, what: str, expected: str) -> Problem:
    """Return the problem of a file at its link; without one, at `Image:`."""
    document, link = library.documents[path], library.bodies[path].links.get(file)
    if link is None:
        return document.front.problem(("image",), what, expected)
    return Problem(document.file, *find_link(document, link), what, expected)
