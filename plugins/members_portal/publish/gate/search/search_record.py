"""Search record: the phrases and words of each text, kept in the work record between publishes.

It keeps facts about texts, not verdicts: which of the phrases searched for a text holds, and its words. A fact depends
on nothing but the text, the phrases and the code. So a title that becomes hidden is found in an old page without a
search. A new phrase is searched in those old texts alone that have all its words. A text that can't be searched in full
is not kept.

Texts are kept in groups (the versions of a page in all editions), which share one list of words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from members_portal.publish.gate.decoding import SHORTEST_IN_BINARY, Decoded
from members_portal.publish.gate.phrase_search import SHORTEST, SHORTEST_IN_NOISE, weight_of
from members_portal.publish.gate.search.coupon_search import CouponSearch
from members_portal.publish.gate.search.phrase_table import (
    ADDRESS_SIGN,
    CODE_SIGN,
    SECRET_SIGN,
    PhraseTable,
    key_words,
)
from members_portal.publish.gate.work_limit import TooComplex
from members_portal.work_record import WorkRecord, digest_of

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SearchedText:
    """A text: the digest (hex) of all that its decodings depend on, and the function that decodes it."""

    digest: str
    decode: Callable[[], Iterable[Decoded]]


Group = Sequence[SearchedText]


@dataclass(frozen=True)
class GroupWords:
    """The words of a group as one text, each on a line. The first paragraph holds the words that can be evidence.

    `whole`: it holds all words; otherwise it lacks the short words of binary data.
    """

    lines: str
    whole: bool

    def evidence(self) -> list[str]:
        """Return the words of at least SHORTEST characters, and of SHORTEST_IN_NOISE in noise."""
        return self.lines.partition("\n\n")[0].split()

    def every(self) -> list[str]:
        """Return all words."""
        return self.lines.split()

    def may_hold(self, key: str) -> bool:
        """Return whether the group has all words of a phrase, apart from words that are not kept."""
        return key.startswith(SECRET_SIGN) or all(f"\n{word}\n" in self.lines for word in needed_words(key, self.whole))

    def encode(self) -> bytes:
        """Return the words as bytes."""
        return (("1" if self.whole else "0") + self.lines).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, data: bytes) -> GroupWords:
        """Return the words from bytes."""
        text = data.decode("utf-8", "surrogatepass")
        return cls(text[1:], text[:1] == "1")


@dataclass(frozen=True)
class Vocabulary:
    """The words of many groups."""

    words: frozenset[str]
    whole: bool

    @classmethod
    def of(cls, groups: Iterable[GroupWords]) -> Vocabulary:
        """Return the words of some groups."""
        known = list(groups)
        return cls(frozenset().union(*(each.every() for each in known)), all(each.whole for each in known))

    def may_hold(self, key: str) -> bool:
        """Return whether the groups have all words of a phrase, apart from words that are not kept."""
        return self.words.issuperset(needed_words(key, self.whole))


def needed_words(key: str, whole: bool) -> list[str]:
    """Return the words of a phrase that a text which holds it must have in its kept words."""
    words = key_words(key)
    if whole or weight_of(tuple(words)) < SHORTEST_IN_NOISE:
        return words
    return [word for word in words if len(word) >= SHORTEST_IN_BINARY]


class SearchRecord:
    """The texts of one kind in the work record: which phrases each holds. `code` is a digest of the code that searches.

    `addresses` are all e-mail addresses that are known: a phrase that is an address is searched again when they change.
    `secrets` are those of the keys that do not reveal their phrase; with them, coupon codes are searched for, too.
    """

    def __init__(
        self,
        work: WorkRecord,
        kind: str,
        code: bytes,
        addresses: Collection[str] = (),
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._work, self._kind, self._code = work, kind, code
        self._addresses, self._secrets = frozenset(addresses), secrets
        self._digest = digest_of(code)
        self._keys: set[str] = set()  # of this publish
        self._texts: dict[str, frozenset[str]] = {}
        self._asked, self._kept = self._load()  # of all texts that are kept
        self._table: PhraseTable | None = None
        self._coupons = CouponSearch()
        self.refused: dict[str, TooComplex] = {}

    def search(self, groups: Iterable[Group], keys: Collection[str]) -> None:
        """Find phrases, by their keys, in all texts of some groups."""
        self._keys.update(keys)
        new = [key for key in keys if key not in self._asked]
        self._asked.update(keys)
        self._table = None
        for group in {self._group_digest(group): group for group in groups}.values():
            if all(text.digest in self._texts or text.digest in self._kept for text in group):
                self._search_again(group, new)
            else:
                self._read(group)

    def search_once(self, groups: Iterable[Group], keys: Collection[str]) -> dict[str, set[str]]:
        """Return the keys of further phrases by text, in texts that were searched. Secrets, which are not kept."""
        found: dict[str, set[str]] = {}
        for group in groups if keys else ():
            words = self.words(group)
            if likely := [key for key in keys if words.may_hold(key)]:
                few = PhraseTable(likely, self._addresses, self._secrets)
                found |= {text.digest: self._find(text, few) for text in group}
        return found

    def found(self, text: SearchedText) -> frozenset[str]:
        """Return the keys of the phrases and the coupon codes in a text that was searched."""
        return self._texts.get(text.digest, NOTHING)

    def words(self, group: Group) -> GroupWords:
        """Return the words of a group that was searched; none for one that can't be read."""
        data = self._work.find(f"{self._kind} words", self._group_digest(group))
        return GroupWords.decode(data) if data is not None else GroupWords("\n\n", whole=True)

    def keep(self) -> None:
        """Keep the results in the work record."""
        keys = sorted(self._keys)
        numbers = {key: number for number, key in enumerate(keys)}
        texts = {
            digest: [numbers.get(key, key) for key in found if key in numbers or key.startswith(CODE_SIGN)]
            for digest, found in self._texts.items()
            if digest not in self.refused
        }
        addresses = digest_of(*sorted(self._addresses)).hex()
        self._work.keep(self._kind, self._digest, json.dumps([addresses, keys, texts]).encode("utf-8", "surrogatepass"))

    def _load(self) -> tuple[set[str], dict[str, frozenset[str]]]:
        data = self._work.find(self._kind, self._digest)
        if data is None:
            return set(), {}
        addresses, keys, texts = json.loads(data)
        kept = {digest: frozenset(keys[each] if isinstance(each, int) else each for each in found)
                for digest, found in texts.items()}  # fmt: skip
        if addresses == digest_of(*sorted(self._addresses)).hex():
            return set(keys), kept
        return {key for key in keys if ADDRESS_SIGN not in key}, {
            digest: frozenset(key for key in found if ADDRESS_SIGN not in key) for digest, found in kept.items()
        }

    def _search_again(self, group: Group, new: Sequence[str]) -> None:
        """Search known texts for new phrases; read them anew if their words are not known."""
        for text in group:
            self._texts.setdefault(text.digest, self._kept.get(text.digest, NOTHING))
        name = self._group_digest(group)
        if not new:
            self._work.use(f"{self._kind} words", name)
            return
        data = self._work.find(f"{self._kind} words", name)
        if data is None:
            self._read(group)
            return
        words = GroupWords.decode(data)
        likely = [key for key in new if words.may_hold(key)]
        if likely:
            few = PhraseTable(likely, self._addresses, self._secrets)
            for text in group:
                self._texts[text.digest] |= self._find(text, few)

    def _find(self, text: SearchedText, table: PhraseTable) -> set[str]:
        try:
            return set[str]().union(*map(table.find, text.decode()))
        except TooComplex as error:
            self.refused[text.digest] = error
            return set()

    def _read(self, group: Group) -> None:
        """Decode and search all texts of a group for all phrases, and keep its words."""
        self._table = self._table or PhraseTable(self._asked, self._addresses, self._secrets)
        words = WordCollector()
        for text in group:
            found: set[str] = set()
            try:
                for each in text.decode():
                    found |= self._table.find(each)
                    if self._secrets is not None:
                        found |= {f"{CODE_SIGN}{code}" for code in self._coupons.find(each)}
                    words.add(each)
            except TooComplex as error:
                self.refused[text.digest] = error
            self._texts[text.digest] = frozenset(found)
        if not any(text.digest in self.refused for text in group):
            self._work.keep(f"{self._kind} words", self._group_digest(group), words.collected().encode())

    def _group_digest(self, group: Group) -> bytes:
        return digest_of(self._code, *sorted(text.digest for text in group))


@dataclass
class WordCollector:
    """Collects the words of decodings. Pages share most parts, which are split once."""

    plain: set[str] = field(default_factory=set)
    noise: set[str] = field(default_factory=set)
    binary: set[str] = field(default_factory=set)
    whole: bool = True

    def add(self, decoded: Decoded) -> None:
        """Add the words of a decoding."""
        if decoded.binary:
            self.binary.update(decoded.parts)
            self.whole = False
        else:
            (self.noise if decoded.noise else self.plain).update(decoded.parts)

    def collected(self) -> GroupWords:
        """Return the words."""
        plain, noise = _split(self.plain), _split(self.noise) | self.binary
        evidence = {word for word in plain if len(word) >= SHORTEST}
        evidence |= {word for word in noise if len(word) >= SHORTEST_IN_NOISE}
        others = (plain | noise) - evidence
        lines = "\n" + "\n".join(evidence) + "\n\n" + "\n".join(others) + "\n"
        return GroupWords(lines, self.whole)


def _split(parts: Iterable[str]) -> set[str]:
    return set(" ".join(parts).split())
