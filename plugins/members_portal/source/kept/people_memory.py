"""People and standings of the last publish, kept in the process of a preview: most edits change neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members_portal.loyalty.standings import Standings
    from members_portal.source.people import People


class PeopleMemory:
    """The newest people and standings. Those of a database are not kept: it may change at any time."""

    def __init__(self) -> None:
        self._people: tuple[tuple[object, ...], People] | None = None
        self._standings: tuple[People, tuple[object, ...], Standings] | None = None

    def people(self, folder: Path | None, parts: tuple[object, ...], load: Callable[[], People]) -> People:
        """Return the people of a folder (None: of a database), loaded again after a change of its files or `parts`."""
        if folder is None:
            return load()
        key = (digest := _folder_digest(folder), *parts)
        if self._people and self._people[0] == key:
            return self._people[1]
        found = load()
        if _folder_digest(folder) == digest:  # no file has changed meanwhile
            self._people = (key, found)
        return found

    def standings(self, people: People, parts: tuple[object, ...], take: Callable[[], Standings]) -> Standings:
        """Return the standings of people, computed again for other people or after a change of `parts`."""
        if self._standings and self._standings[0] is people and self._standings[1] == parts:
            return self._standings[2]
        found = take()
        self._standings = (people, parts, found)
        return found


def _folder_digest(folder: Path) -> bytes:
    digest = sha256()
    for file in _files(folder):
        digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        with file.open("rb") as data:
            for piece in iter(lambda: data.read(1 << 20), b""):
                digest.update(piece)
    return digest.digest()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
