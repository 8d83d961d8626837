"""The input folder: `public/`, `editions/<name>/`, `members/<id>/`, `slots.tsv` and `slots.z`, and no other name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from members_portal.seal.format.manifest import SLOTS
from members_portal.seal.format.path_names import is_part, is_reserved
from members_portal.seal.member_slots import PIECES_FILE, SLOTS_FILE, MemberSlots, TextPlace
from members_portal.seal.seal_error import BadTree

FOLDERS = {"public", "editions", "members"}

Files = Mapping[str, str]  # paths on the disk, by path in the tree


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to seal: its SHA-256 (hex) and its size in bytes. It is read when its bytes are needed."""

    digest: str
    size: int
    file: str = ""
    data: bytes = b""
    text: TextPlace | None = None

    def read(self) -> bytes:
        """Return the bytes; raise BadTree if the file has changed."""
        if self.text:
            return self.text.read()
        if not self.file:
            return self.data
        data = Path(self.file).read_bytes()
        if sha256(data).hexdigest() != self.digest:
            raise BadTree("the file changed while it was sealed", self.file.rpartition("/")[2])
        return data


def source_file(file: str, digest: str | None) -> SourceFile:
    """Return a file of the tree as a file to seal; it is read now only if its SHA-256 (hex) is not known."""
    if digest is None:
        return source_of(Path(file).read_bytes())
    return SourceFile(digest, os.stat(file).st_size, file)


def source_of(data: bytes) -> SourceFile:
    """Return bytes as a file to seal."""
    return SourceFile(sha256(data).hexdigest(), len(data), data=data)


def source_of_text(place: TextPlace) -> SourceFile:
    """Return an own text of a member as a file to seal."""
    return SourceFile(place.digest, place.size, text=place)


@dataclass(frozen=True, slots=True)
class Tree:
    """The files to publish, by path: public, of each edition, of each member; and the page slots of each member."""

    public: Files
    editions: Mapping[str, Files]
    members: Mapping[str, Files]
    slots: MemberSlots

    @property
    def recorded(self) -> set[str]:
        """The members with a record: those with slots or own files."""
        return {*self.members, *self.slots}


def read_tree(root: Path) -> Tree:
    """Return the files of the input folder; raise BadTree for a name or file type that a release cannot contain."""
    top = {entry.name: Path(entry.path) for entry in _entries(root)}
    files = (SLOTS_FILE, PIECES_FILE)
    for name in top.keys() - FOLDERS - {*files}:
        raise BadTree(f"only {', '.join(sorted(FOLDERS))}, {' and '.join(files)} are sealed", name)
    for name in files:
        if name in top and top[name].is_dir():
            raise BadTree("a file was expected", name)
    tree = Tree(
        public=_files(top.get("public")),
        editions={name: _files(path) for name, path in _folders(top.get("editions"), "editions/").items()},
        members={name: _files(path) for name, path in _folders(top.get("members"), "members/").items()},
        slots=MemberSlots(root if SLOTS_FILE in top else None),
    )
    _check_public(tree.public)
    _check_editions(tree.editions)
    _check_texts(tree)
    return tree


def _check_public(public: Files) -> None:
    for path in public:
        if is_reserved(path):
            raise BadTree("this name is reserved for the release", f"public/{path}")


def _check_editions(editions: Mapping[str, Files]) -> None:
    if len(editions) > SLOTS:
        raise BadTree(f"there are {len(editions)} editions, a release holds {SLOTS}", "editions")


def _check_texts(tree: Tree) -> None:
    for member, place in tree.slots.texts.items():
        if place.path in tree.members.get(member, {}):
            raise BadTree("this file is an own text, too", f"members/{member}/{place.path}")


def _folders(folder: Path | None, prefix: str) -> dict[str, Path]:
    """Return the subfolders by name; raise BadTree if there is a file."""
    entries = _entries(folder) if folder else []
    for entry in entries:
        if not _is_folder(entry):
            raise BadTree("a folder was expected", prefix + entry.name)
    return {entry.name: Path(entry.path) for entry in entries}


def _files(folder: Path | None) -> dict[str, str]:
    """Return all files below a folder, by relative path."""
    return dict(_walk(str(folder), "")) if folder else {}


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in _entries(folder):
        path = prefix + entry.name
        if _is_folder(entry):
            yield from _walk(entry.path, path + "/")
        else:
            yield path, entry.path


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """Return the directory entries sorted by name; raise BadTree for an invalid name, a link or a special file."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except NotADirectoryError as error:
        raise BadTree("a folder was expected", str(folder).rpartition("/")[2]) from error
    for entry in entries:
        if not is_part(entry.name):
            raise BadTree("this name cannot stand in an address", ascii(entry.name))
        if not (entry.is_file(follow_symlinks=False) or _is_folder(entry)):
            raise BadTree("only plain files and folders are sealed, no links", entry.name)
    return entries


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)
