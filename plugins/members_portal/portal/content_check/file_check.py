"""File check: the pictures and attachments of all items may be published, and each has a path of its own."""

from collections.abc import Iterator, Mapping

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.attachment import attachment_fault, is_content_file, twins
from members_portal.portal.content.front_matter import find_link
from members_portal.portal.content.item import Newsletter
from members_portal.portal.content.library import Library


def file_problems(library: Library) -> Iterator[Problem]:
    """Yield each file that must not be published, or that has the path of another file."""
    files = {path: _files_of(library, path) for path in library.documents}
    of_drafts = {path: files.pop(path) for path in list(files) if path in library.drafts}
    yield from _problems(library, files, frozenset().union(*files.values()))
    yield from _problems(library, of_drafts, frozenset().union(*files.values(), *of_drafts.values()))


def _files_of(library: Library, path: str) -> frozenset[str]:
    """Return the content paths of the images and attachments of an item; of an invalid item, those of its text."""
    item = library.items.get(path)
    found = item.files if item else library.bodies[path].files
    return frozenset(file for file in found if is_content_file(library.folder, file))


def _problems(library: Library, files: Mapping[str, frozenset[str]], all_files: frozenset[str]) -> Iterator[Problem]:
    printed = _printed(library)
    equal = twins(all_files, printed)
    for path, own in files.items():
        for file in sorted(own):
            what, expected = attachment_fault(library.folder, file)
            if not what and file in equal:
                other = "a file that the product writes" if equal[file] in printed else f"{equal[file]} on some hosts"
                what, expected = f"`{file}` has the path of {other}", "another name"
            if what:
                yield _problem(library, path, file, what, expected)


def _printed(library: Library) -> set[str]:
    """Return the paths of the newsletters' PDFs."""
    return {f"{item.url}{item.slug}.pdf" for item in library.items.values() if isinstance(item.front, Newsletter)}


def _problem(library: Library, path: str, file: str, what: str, expected: str) -> Problem:
    """Return the problem of a file at its link; without one, at `Image:`."""
    document, link = library.documents[path], library.bodies[path].links.get(file)
    if link is None:
        return document.front.problem(("image",), what, expected)
    return Problem(document.file, *find_link(document, link), what, expected)
