"""Files of the content folder: the markdown files of items, and all others.

The first folder of a path decides the kind of the item, the file name its address; folders between them change nothing.
Hidden files and the backups of editors are no part of the content.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from members_portal.loyalty.input.problem import Problem, closest, shown_path
from members_portal.portal.content.attachment import FIXED_ADDRESSES, IMAGES, is_content_file
from members_portal.portal.content.item import KINDS, Kind

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
MARKDOWN = frozenset({".markdown", ".md", ".mdown", ".mkd"})
KIND_OF_FOLDER = {kind.folder: kind for kind in KINDS}
TAKEN = frozenset(kind.url.strip("/") for kind in KINDS) | FIXED_ADDRESSES | {"images"}
LIST_PAGE = "index"  # `reports/index.html` is the list of reports
_HIDDEN = (".", "~$")  # `._x.md` of macOS, `.#x.md` of Emacs, `~$x.docx` of Word


@dataclass(frozen=True)
class ContentFiles:
    """The paths of all visible files below content/: `markdown` in folders of kinds, the problems of file names."""

    folder: Path
    markdown: tuple[str, ...]
    others: frozenset[str]
    misnamed: dict[str, Problem]

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The misnamed files in folders of kinds, by the path that each should have and by their own."""
        found = [path for path in self.misnamed if path.partition("/")[0] in KIND_OF_FOLDER]
        return {_valid_path(PurePosixPath(path)): path for path in found} | {path: path for path in found}

    @cached_property
    def images(self) -> frozenset[str]:
        """The paths of the images."""
        return frozenset(path for path in self.others if PurePosixPath(path).suffix.lower() in IMAGES)

    @cached_property
    def by_unicode_form(self) -> dict[str, str]:
        """The paths with letters that Unicode writes in two forms, by their composed form (NFC).

        Of two files with one composed form, the last counts.
        """
        return {unicodedata.normalize("NFC", path): path for path in self.beyond_ascii}

    @cached_property
    def beyond_ascii(self) -> tuple[str, ...]:
        """The paths with letters beyond ASCII, sorted."""
        return tuple(sorted(path for path in self.others if not path.isascii()))

    @cached_property
    def _checked(self) -> dict[str, bool]:
        return {}

    def has(self, path: str) -> bool:
        """Tell whether a path is a file in the content folder, symbolic links resolved; each path is looked up once."""
        if path not in self._checked:
            self._checked[path] = is_content_file(self.folder, path)
        return self._checked[path]

    def is_image(self, path: str) -> bool:
        """Tell whether a path is an image file in the content folder."""
        return PurePosixPath(path).suffix.lower() in IMAGES and self.has(path)

    def matched(self, path: str) -> str:
        """Return the path of the file that a path means: macOS writes `é` as two characters, editors as one."""
        if path.isascii() or path in self.others:
            return path
        return self.by_unicode_form.get(unicodedata.normalize("NFC", path), path)


def list_files(folder: Path) -> ContentFiles:
    """List the files of a content folder."""
    markdown, others, misnamed = list[str](), set[str](), dict[str, Problem]()
    for name in sorted(_visible(str(folder), ""), key=lambda name: name.split("/")):
        path = PurePosixPath(name)
        if path.suffix.lower() not in MARKDOWN:
            others.update([name] if (folder / path).is_file() else [])
        elif problem := next(_name_problems(folder / path, path), None):
            misnamed[name] = problem
        else:
            markdown.append(name)
    return ContentFiles(folder, tuple(markdown), frozenset(others), misnamed)


def _visible(root: str, prefix: str) -> Iterator[str]:
    """Yield the paths of the visible entries below a folder. Links to folders are not followed."""
    with os.scandir(f"{root}/{prefix}") as entries:
        found = [entry for entry in entries if not is_hidden(entry.name)]
    for entry in found:
        yield prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _visible(root, f"{prefix}{entry.name}/")


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is hidden, or the backup of an editor."""
    is_saved = name.startswith("#") and name.endswith("#")  # `#x.md#` of Emacs
    return is_saved or name.startswith(_HIDDEN) or name.endswith("~")


def _name_problems(file: Path, path: PurePosixPath) -> Iterator[Problem]:
    if path.suffix != ".md":
        yield Problem(
            shown_path(file), 0, 0, f"wouldn't be read: its name ends in {path.suffix}", "a name that ends in .md"
        )
    if len(path.parts) == 1 or path.parts[0] not in KIND_OF_FOLDER:
        where = ", ".join(KIND_OF_FOLDER) + " below content/"
        yield Problem(shown_path(file), 0, 0, "lies in no kind's folder", where, closest(path.parts[0], KIND_OF_FOLDER))
    elif not SLUG.fullmatch(path.stem):
        what, expected = "the file name becomes the address", "lower-case letters, digits and hyphens"
        yield Problem(shown_path(file), 0, 0, what, expected, _slug_hint(path.stem))
    elif path.stem == LIST_PAGE or (kind_of(str(path)).url == "" and path.stem in TAKEN):
        yield Problem(shown_path(file), 0, 0, f"the address `{address(str(path))}` is taken", "another name")


def _slug(stem: str) -> str:
    """Return the name that a file may have: `Über uns` becomes `uber-uns`."""
    plain = unicodedata.normalize("NFKD", stem.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


def _slug_hint(stem: str) -> str:
    return f"`{slug}.md`" if (slug := _slug(stem)) else ""


def _valid_path(path: PurePosixPath) -> str:
    """Return the path of a misnamed file with the name that it may have."""
    return str(path.with_name(f"{_slug(path.stem) or path.stem}.md"))


def kind_of(path: str) -> Kind:
    """Return the kind of the item at a content path."""
    return KIND_OF_FOLDER[path.partition("/")[0]]


def address(path: str) -> str:
    """Return the site address of a content path; attachments and `/addresses` stay unchanged."""
    folder, name = path.partition("/")[0], path.rpartition("/")[2]
    if not path.endswith(".md") or folder not in KIND_OF_FOLDER:
        return path
    return f"{KIND_OF_FOLDER[folder].url}{name.removesuffix('.md')}/"


def same_addresses(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each path with the address of an earlier path, and the earlier path."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(address(path), path)
        if other != path:
            yield path, other
