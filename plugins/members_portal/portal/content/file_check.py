"""File check: the pictures and attachments of all items may be published, and each has a path of its own."""

from collections.abc import Iterator

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.picture_file import UnreadablePicture
from members_portal.portal.content.attachment import Fault, attachment_fault, twins
from members_portal.portal.content.item import Newsletter
from members_portal.portal.content.library import Library, find_link, is_content_file
from members_portal.portal.picture.inline_picture import INLINE_PICTURE, clean_inline
from members_portal.portal.picture.picture_store import PictureStore


def check_files(library: Library, pictures: PictureStore) -> None:
    """Raise InvalidInput with each file that must not be published, or that has the path of another file."""
    if problems := list(_problems(library, pictures)):
        raise InvalidInput(problems)


def content_file_fault(path: str, pictures: PictureStore) -> Fault:
    """Return why a file below content/ can't be published, and the expected form; empty when it can."""
    what, expected = attachment_fault(pictures.folder, path)
    if not what and (fault := pictures.fault(path)):
        return f"`{path}` {fault.what}", fault.expected
    return what, expected


def _problems(library: Library, pictures: PictureStore) -> Iterator[Problem]:
    files = {path for item in library.items.values() for path in item.files if is_content_file(library.folder, path)}
    printed = _printed(library)
    equal = twins(files, printed)
    for path, item in library.items.items():
        yield from _inline_problems(library, path)
        for file in sorted(item.files & files):
            what, expected = content_file_fault(file, pictures)
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
