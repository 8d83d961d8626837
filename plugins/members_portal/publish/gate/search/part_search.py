"""Part search: find the phrases of a table in texts that share most of their parts."""

from __future__ import annotations

from collections.abc import Iterable

from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.phrase_table import PhraseTable

MOST_KNOWN_PARTS = 1 << 14  # parts that are kept in memory
OMITTED = "\n"  # stands for words left out; no phrase has it


class PartSearch:
    """Searches decodings for the phrases of a table. A part that most texts have is searched once.

    A phrase can run over several parts: it begins with the last words of one, has all words of those between, and ends
    with the first words of another. So of each part only such words are searched again, together with its neighbours'.
    """

    def __init__(self, table: PhraseTable) -> None:
        self._table = table
        self._most = table.longest - 1  # words of one part in a phrase over several
        self._brief: dict[str, str] = {}  # by part
        self._found: dict[str, set[str]] = {}  # of the parts with phrases

    def find(self, decoded: Decoded) -> set[str]:
        """Return the keys of the phrases that a decoding holds."""
        if decoded.binary:
            return self._table.find(decoded)
        if not self._table.longest:
            return set()
        if len(self._brief) > MOST_KNOWN_PARTS:
            self._brief.clear()
            self._found.clear()
        parts = set(decoded.parts)
        self._read(parts.difference(self._brief))
        found = set[str]().union(*(self._found[part] for part in self._found.keys() & parts))
        if len(decoded.parts) > 1 and self._most:
            found |= self._table.matches(f" {' '.join(map(self._brief.__getitem__, decoded.parts))} ")
        return self._table.held(decoded, found) if found else found

    def _read(self, parts: Iterable[str]) -> None:
        for part in parts:
            self._brief[part] = brief_words(part, self._most) if self._most else ""
            if found := self._table.matches(f" {part} "):
                self._found[part] = found


def brief_words(part: str, most: int) -> str:
    """Return a part with an OMITTED for the words that are neither among the first nor among the last `most`."""
    behind = part.split(" ", most)
    if len(behind) <= most:
        return part
    before = part.rsplit(" ", most)
    first, last = part[: -len(behind[-1])], part[len(before[0]) :]
    return f"{first}{OMITTED}{last}"
