"""Leak search: phrases and words in the files of a candidate that their readers may not see.

The phrases and words of a text are facts, which the search record keeps. Who may see them is decided at each publish:
a phrase in a file is a leak if it is hidden from the file's readers, and no text that they may see holds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.fingerprint import code_digest
from members_portal.publish.gate.hidden_text import (
    code_phrases,
    coupon_findings,
    hidden_items,
    hidden_words,
    is_distinctive,
    item_phrases,
    item_words,
    member_phrases,
    phrase_keys,
    programme_phrases,
    secret_forms,
    tier_phrases,
    till_keys,
)
from members_portal.publish.gate.phrase_search import SHORTEST, Watchlist, watchlist_of
from members_portal.publish.gate.search.answer_phrases import answer_phrases
from members_portal.publish.gate.search.decoded import search_words
from members_portal.publish.gate.search.group_words import Vocabulary
from members_portal.publish.gate.search.phrase_table import ADDRESS_SIGN, CODE_SIGN, key_words, secret_key
from members_portal.publish.gate.search.release_texts import front_matter
from members_portal.publish.gate.search.search_record import Group, SearchedText, SearchRecord
from members_portal.publish.gate.search.sources import HiddenItems, Sources
from members_portal.publish.till.till_data import coupon_offers
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord

Leaks = Mapping[str, set[str]]  # descriptions by path


class LeakSearch:
    """The search of one candidate for texts that are hidden from its readers."""

    def __init__(self, inputs: Inputs, secret: Secret, context: PublishContext, work: WorkRecord) -> None:
        self._inputs, self._secret, self._context = inputs, secret, context
        self._offers = coupon_offers(inputs, secret)
        self._till = {secret_key(text): (text, what) for text, what in till_keys(self._offers)}
        self._items = phrase_keys(item_phrases(inputs.library.items.values()))
        self._programme = phrase_keys(programme_phrases(inputs.programme))
        self._tiers = phrase_keys(tier_phrases(inputs.programme))
        answers = answer_phrases(inputs.received, context.theme)
        self._answers = phrase_keys((text, f"an answer of member {member}") for text, member in answers)
        self._members = self._answers | phrase_keys(member_phrases(inputs.members))
        record = partial(
            SearchRecord,
            work,
            code=code_digest(context.code),
            addresses=_addresses(self._items, self._programme, self._members),
        )
        secrets = {key: text for key, (text, _) in self._till.items()}
        self._readable, self._clear = record("readable texts", secrets=secrets), record("clear texts", secrets=secrets)
        fronts = front_matter(inputs)
        self._source_record, self._hidden_record = record("sources"), record("hidden sources")
        self._sources = Sources(inputs, context, self._source_record, fronts)
        self._sources.search({*self._items, *self._programme, *self._tiers, *self._answers})
        self._hidden_items = HiddenItems(inputs, self._hidden_record, fronts)
        self._hidden: dict[str, dict[str, str]] = {}  # by reader
        self._unseen_answers: dict[str, dict[str, str]] = {}  # by reader

    def search_readable(self, groups: Sequence[Group]) -> None:
        """Search files of editions and members."""
        self._readable.search(groups, {*self._items, *self._till})
        likely = self._readable.likely(groups, "\n".join(self._answers), lambda: self._answers)
        self._readable.search(groups, likely)

    def refused(self, text: SearchedText) -> str:
        """Return why a text can't be searched; an empty text for any other."""
        error = self._clear.refused.get(text.digest) or self._readable.refused.get(text.digest)
        return str(error) if error else ""

    def leaks_to(self, reader: str, text: SearchedText, *, attached: bool = False) -> set[str]:
        """Return the descriptions of what a file of an edition holds and its readers may not see.

        Staff may read coupon codes.
        """
        leaks = self.phrases_hidden_from(reader, text, attached=attached)
        return leaks if reader == STAFF else leaks | self._coupon_data(self._readable.found(text))

    def answers_in(self, reader: str, text: SearchedText) -> set[str]:
        """Return the descriptions of the answers of members in a file of an edition, unless editors quote them."""
        if reader not in self._unseen_answers:
            seen = self._sources.seen_by(reader)
            self._unseen_answers[reader] = {key: what for key, what in self._answers.items() if key not in seen}
        hidden = self._unseen_answers[reader]
        return {hidden[key] for key in self._readable.found(text) & hidden.keys()}

    def phrases_hidden_from(self, reader: str, text: SearchedText, *, attached: bool = False) -> set[str]:
        """Return the descriptions of the phrases in a file that the readers of an edition may not see.

        In attachments, only phrases of several words count: short ones may occur by chance.
        """
        found, hidden = self._readable.found(text), self._hidden_from(reader)
        return {hidden[key] for key in found & hidden.keys() if not attached or is_distinctive(key)}

    def leaks_in_clear(self, texts: Mapping[str, SearchedText], attached: Collection[str]) -> Leaks:
        """Search the files in plaintext; return the descriptions of what outsiders may not see, by path.

        In attachments of public items, words don't count: they may use words that no public markdown contains.
        """
        groups = [(text,) for text in texts.values()]
        sources = Vocabulary(self._sources.public_words, whole=False)
        likely = {key for key in self._members if sources.may_hold(key)}
        self._clear.search(groups, {*self._items, *self._programme, *self._tiers, *self._till, *likely})
        codes = self._search_members(groups)
        found = {path: self._clear.found(text) for path, text in texts.items()}
        phrases = self._hidden_phrases(set[str]().union(*found.values()))
        words = self._hidden_words(texts, attached)
        return {
            path: {phrases[key] for key in found[path] if key in phrases}
            | self._coupon_data(found[path])
            | codes.get(texts[path].digest, set())
            | words.get(path, set())
            for path in texts
        }

    def watchlist(self, reader: str) -> Watchlist:
        """Return the watchlist of an edition: phrases that its readers may not see."""
        hidden = {(tuple(key_words(key)), key.partition(ADDRESS_SIGN)[2]): what
                  for key, what in self._hidden_from(reader).items()}  # fmt: skip
        return watchlist_of(hidden, frozenset(address for _, address in hidden if address))

    def keep(self) -> None:
        """Keep what was found in the work record."""
        for record in (self._readable, self._clear, self._source_record, self._hidden_record):
            record.keep()

    def _hidden_from(self, reader: str) -> dict[str, str]:
        """Return the phrases of items that the readers of an edition may not see, with descriptions."""
        if reader not in self._hidden:
            self._hidden[reader] = self._sources.hidden_from(reader)
        return self._hidden[reader]

    def _hidden_phrases(self, found: set[str]) -> dict[str, str]:
        """Return which of the phrases found in plaintext outsiders may not see, with descriptions.

        Tier names and phrases of DISTINCTIVE words are allowed where public sources hold them. Shorter phrases are also
        allowed where the theme holds them: an item's title may be `Your account`.
        """
        self._sources.search(found & self._members.keys())
        public, theme = self._sources.seen_by(PUBLIC), self._sources.in_theme()
        hidden = phrase_keys(item_phrases(hidden_items(self._inputs, PUBLIC))) | self._programme
        unseen = found - public
        return {
            key: what
            for names, excused in ((self._members, theme), (hidden, theme), (self._tiers, set[str]()))
            for key in unseen & names.keys()
            if is_distinctive(key) or key not in excused
            for what in (names[key],)
        }

    def _search_members(self, groups: Sequence[Group]) -> dict[str, set[str]]:
        """Search plaintext for members' texts and for secrets; return the descriptions of secrets, by text.

        Of a large roster, few texts consist of words that the files hold. Secrets are not kept.
        """
        self._clear.search(groups, self._clear.likely(groups, "\n".join(self._members), lambda: self._members))
        roster = (f"{member.id} {member.code_version}" for member in self._inputs.members)
        basis = "\n".join((self._secret.public_key.hex(), *secret_forms(self._context), *roster))
        likely = self._clear.likely(groups, basis, lambda: self._codes, are_secret=True)
        found = self._clear.search_once(groups, likely)
        return {text: {self._codes[key] for key in keys} for text, keys in found.items()}

    @cached_property
    def _codes(self) -> dict[str, str]:
        """The site secret and all access codes."""
        return phrase_keys(code_phrases(self._inputs.members, self._secret, self._context))

    def _hidden_words(self, texts: Mapping[str, SearchedText], attached: Collection[str]) -> Leaks:
        """Return the descriptions of words that no public source and no file of the theme holds, by path.

        The words of attachments don't count, those of their paths do.
        """
        own = {path: frozenset(search_words(path)) for path in texts if path in attached}
        searched = {path: (text,) for path, text in texts.items() if path not in own}
        every = self._clear.all_words(list(searched.values()), evidence=True).words.union(*own.values())
        others = {word for text, _ in hidden_words(self._inputs) for word in search_words(text)}
        hidden = (every - self._sources.public_words) & (self._hidden_items.words() | others)
        described = dict(self._described_words({word for word in hidden if _is_evidence(word)}))
        if not described:
            return {}
        own |= {path: frozenset(self._clear.words(group).evidence()) for path, group in searched.items()}
        return {path: {described[word] for word in words & described.keys()} for path, words in own.items()}

    def _described_words(self, hidden: set[str]) -> Iterator[tuple[str, str]]:
        items = hidden_items(self._inputs, PUBLIC) if hidden else []
        texts = [*item_words(items, self._inputs.library), *hidden_words(self._inputs)] if hidden else []
        for text, what in reversed(texts):  # the first text counts
            yield from ((word, what) for word in hidden.intersection(search_words(text)))

    def _coupon_data(self, found: frozenset[str]) -> set[str]:
        """Return the descriptions of till keys and coupon codes among what was found."""
        codes = [key.removeprefix(CODE_SIGN) for key in found if key.startswith(CODE_SIGN)]
        return {self._till[key][1] for key in self._till.keys() & found} | coupon_findings(codes, self._offers)


def _is_evidence(word: str) -> bool:
    return len(word) >= SHORTEST and not word.isdigit()


def _addresses(*keys: Iterable[str]) -> frozenset[str]:
    """Return the e-mail addresses among phrases."""
    return frozenset(key.partition(ADDRESS_SIGN)[2] for each in keys for key in each if ADDRESS_SIGN in key)
