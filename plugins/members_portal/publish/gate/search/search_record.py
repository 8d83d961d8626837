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
from dataclasses import dataclass

from members_portal.publish.gate.search.coupon_search import CouponSearch
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.group_words import GroupWords, Vocabulary, WordCollector
from members_portal.publish.gate.search.part_search import PartSearch
from members_portal.publish.gate.search.phrase_table import (
    ADDRESS_SIGN,
    CODE_SIGN,
    PhraseTable,
)
from members_portal.publish.gate.work_limit import TooComplex
from members_portal.work_record import WorkRecord, digest_of

_NO_KEYS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SearchedText:
    """A text: the digest (hex) of all that its decodings depend on, and the function that decodes it."""

    digest: str
    decode: Callable[[], Iterable[Decoded]]


Group = Sequence[SearchedText]


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
        self._phrases: PartSearch | PhraseTable | None = None
        self._coupons = CouponSearch()
        self._has_loaded = False
        self.refused: dict[str, TooComplex] = {}

    def search(self, groups: Iterable[Group], keys: Collection[str]) -> None:
        """Find phrases, by their keys, in all texts of some groups."""
        self._keys.update(keys)
        new = [key for key in keys if key not in self._asked]
        self._asked.update(keys)
        self._phrases = None
        if new:
            self._load_words()
        for name, group in {self._name(group): group for group in groups}.items():
            if all(text.digest in self._texts or text.digest in self._kept for text in group):
                self._search_again(name, group, new)
            else:
                self._read(name, group)

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
        return self._texts.get(text.digest, _NO_KEYS)

    def words(self, group: Group) -> GroupWords:
        """Return the words of a group that was searched; none for one that can't be read."""
        name = self._name(group)
        data = self._work.find(f"{self._kind} words", name)
        if data is None:
            self._read(name, group)
            data = self._work.find(f"{self._kind} words", name)
        return GroupWords.decode(data) if data is not None else GroupWords("\n\n", whole=True)

    def all_words(self, groups: Sequence[Group], *, evidence: bool = False) -> Vocabulary:
        """Return the words of many groups that were searched, or those that can be evidence."""
        kind = f"{self._kind} {'evidence' if evidence else 'vocabulary'}"
        name = digest_of(self._code, *map(self._name, groups))
        data = self._work.find(kind, name)
        if data is not None:
            return Vocabulary.decode(data)
        self._load_words()
        found = [self.words(group) for group in groups]
        words = Vocabulary.of((each.evidence() if evidence else each.every(), each.whole) for each in found)
        if not self.refused:
            self._work.keep(kind, name, words.encode())
        return words

    def likely(
        self, groups: Sequence[Group], basis: str, phrases: Callable[[], Collection[str]], *, are_secret: bool = False
    ) -> list[str]:
        """Return the phrases whose words occur in some groups that were searched. `basis` is what they are made from.

        Secrets are not kept; that there are none is kept.
        """
        kind, name = f"{self._kind} likely", digest_of(self._code, basis, *map(self._name, groups))
        data = self._work.find(kind, name)
        if data is not None:
            known: list[str] = json.loads(data)
            return known
        words = self.all_words(groups)
        found = [key for key in phrases() if words.may_hold(key)]
        if not self.refused and not (are_secret and found):
            self._work.keep(kind, name, json.dumps(found).encode())
        return found

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

    def _phrase_search(self) -> PartSearch | PhraseTable:
        """Return the search for all phrases. The files of a release share most parts, their sources hardly any."""
        table = PhraseTable(self._asked, self._addresses, self._secrets)
        return PartSearch(table) if self._secrets is not None else table

    def _load_words(self) -> None:
        """Read the words of all groups at once, before most of them are asked for."""
        if not self._has_loaded:
            self._work.load(f"{self._kind} words")
            self._has_loaded = True

    def _search_again(self, name: bytes, group: Group, new: Sequence[str]) -> None:
        """Search known texts for new phrases; read them anew if their words are not known."""
        for text in group:
            self._texts.setdefault(text.digest, self._kept.get(text.digest, _NO_KEYS))
        if not new:
            self._work.use(f"{self._kind} words", name)
            return
        data = self._work.find(f"{self._kind} words", name)
        if data is None:
            self._read(name, group)
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

    def _read(self, name: bytes, group: Group) -> None:
        """Decode and search all texts of a group for all phrases, and keep its words."""
        self._phrases = self._phrases or self._phrase_search()
        words = WordCollector()
        for text in group:
            found: set[str] = set()
            try:
                for each in text.decode():
                    found |= self._phrases.find(each)
                    if self._secrets is not None:
                        found |= {f"{CODE_SIGN}{code}" for code in self._coupons.find(each)}
                    words.add(each)
            except TooComplex as error:
                self.refused[text.digest] = error
            self._texts[text.digest] = frozenset(found)
        if not any(text.digest in self.refused for text in group):
            self._work.keep(f"{self._kind} words", name, words.collected().encode())

    def _name(self, group: Group) -> bytes:
        return digest_of(self._code, " ".join(sorted(text.digest for text in group)))
