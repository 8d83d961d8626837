"""The page slots of all members in one file of the tree: a line for each member, with the id, a tab, and JSON."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path

from members_portal.seal.format.path_names import is_part
from members_portal.seal.seal_error import BadTree

SLOTS_FILE = "slots.tsv"
NO_SLOTS = b"{}"


class MemberSlots(Mapping[str, bytes]):
    """The slots of each member, as JSON; only the places of the lines are in memory.

    Raise BadTree for a line without an id, or with that of an earlier line.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        if file:
            self._file = os.open(file, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)
            self._read_places()

    def __getitem__(self, member: str) -> bytes:
        start, size = self._places[member]
        return os.pread(self._file, size, start)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _read_places(self) -> None:
        start = 0
        with open(self._file, "rb", closefd=False) as lines:
            for number, line in enumerate(lines, start=1):
                name, tab, slots = line.partition(b"\t")
                member = name.decode("utf-8", "replace")
                if not tab or not is_part(member) or member in self._places:
                    raise BadTree("a line is the id of a member, once, a tab, and slots", f"{SLOTS_FILE}:{number}")
                self._places[member] = (start + len(name) + 1, len(slots.rstrip(b"\n")))
                start += len(line)
