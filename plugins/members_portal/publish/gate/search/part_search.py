"""Part search: find the phrases of a table in texts that share most of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.phrase_table import PhraseTable

MOST_PARTS = 1 << 14  # parts that are kept in memory
BREAK = "\n"  # stands for words left out; no phrase has it


class PartSearch:
    """Searches decodings for the phrases of a table. A part that most texts have is searched once.

    A phrase can run over several parts: it begins with the last words of one, has all words of those between, and ends
    with the first words of another. So of each part only such words are searched again, together with its neighbours'.
    """

    def __init__(self, table: PhraseTable) -> None:
        self._table = table
        self._edges = PhraseEdges(table.phrases)
        self._brief: dict[str, str] = {}  # what a phrase over several parts can have of a part
        self._found: dict[str, set[str]] = {}  # of the parts with phrases

    def find(self, decoded: Decoded) -> set[str]:
        """Return the keys of the phrases that a decoding holds."""
        if decoded.binary:
            return self._table.find(decoded)
        if len(self._brief) > MOST_PARTS:
            self._brief.clear()
            self._found.clear()
        parts = set(decoded.parts)
        self._read(parts.difference(self._brief))
        found = set[str]().union(*(self._found[part] for part in self._found.keys() & parts))
        if len(decoded.parts) > 1:
            found |= self._table.matches(f" {' '.join(map(self._brief.__getitem__, decoded.parts))} ")
        return self._table.held(decoded, found) if found else found

    def _read(self, parts: Iterable[str]) -> None:
        for part in parts:
            self._brief[part] = self._edges.brief(part)
            if found := self._table.matches(f" {part} "):
                self._found[part] = found


class PhraseEdges:
    """The first and last words of phrases, without the phrases as a whole."""

    def __init__(self, phrases: Iterable[Sequence[str]]) -> None:
        self._starts, self._ends, self._most = set[str](), set[str](), 0
        for phrase in phrases:
            self._most = max(self._most, len(phrase) - 1)
            self._starts.update(" ".join(phrase[:size]) for size in range(1, len(phrase)))
            self._ends.update(" ".join(phrase[size:]) for size in range(1, len(phrase)))

    def brief(self, part: str) -> str:
        """Return the words of a part that a phrase over several parts can have, with a BREAK for words between them.

        A part that a phrase can have as a whole stays as it is.
        """
        words = part.split()
        if len(words) < self._most:
            return part
        sizes = range(min(self._most, len(words)), 0, -1)
        first = (" ".join(words[:size]) for size in sizes)
        last = (" ".join(words[-size:]) for size in sizes)
        end = next((each for each in first if each in self._ends), "")
        start = next((each for each in last if each in self._starts), "")
        return f"{end} {BREAK} {start}"
