"""Sources: the texts that a reader may see. A phrase or word in them is no secret to this reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.hidden_text import hidden_items, item_phrases, phrase_keys
from members_portal.publish.gate.search.release_texts import hidden_source, site_source, source_text, theme_texts
from members_portal.publish.gate.search.search_record import SearchRecord


class Sources:
    """The items, the settings, the programme and the theme, searched for phrases that may be hidden elsewhere."""

    def __init__(
        self, inputs: Inputs, context: PublishContext, record: SearchRecord, fronts: Mapping[str, str]
    ) -> None:
        self._record, self._inputs, self._on = record, inputs, inputs.on
        items = inputs.library.items
        self._items = [(item, source_text(item, inputs, fronts[path])) for path, item in items.items()]
        self._sites = {reader: site_source(inputs, reader) for reader in inputs.programme.readers}
        self._theme = theme_texts(context)

    def search(self, keys: Collection[str]) -> None:
        """Search all sources for phrases, by their keys."""
        texts = (*(text for _, text in self._items), *self._sites.values(), *self._theme)
        self._record.search([(text,) for text in texts], keys)

    def seen_by(self, reader: str) -> set[str]:
        """Return the keys of the phrases in texts that a reader may see, without the theme."""
        texts = [text for item, text in self._items if item.visible_to(reader, self._on)]
        return set[str]().union(*map(self._record.found, (*texts, self._sites[reader])))

    def in_theme(self) -> set[str]:
        """Return the keys of the phrases in the theme."""
        return set[str]().union(*map(self._record.found, self._theme))

    def hidden_from(self, reader: str) -> dict[str, str]:
        """Return the phrases of items that the readers of an edition may not see, with descriptions, by their keys.

        The phrases of all items were searched before.
        """
        excused = self.seen_by(reader) | self.in_theme()
        hidden = phrase_keys(item_phrases(hidden_items(self._inputs, reader)))
        return {key: what for key, what in hidden.items() if key not in excused}

    @cached_property
    def public_words(self) -> frozenset[str]:
        """The words of the texts that everybody may see, with those of the theme."""
        texts = [text for item, text in self._items if item.visible_to(PUBLIC, self._on)]
        return self._record.all_words([(text,) for text in (*texts, self._sites[PUBLIC], *self._theme)]).words


class HiddenItems:
    """The items that outsiders may not see, by their words."""

    def __init__(self, inputs: Inputs, record: SearchRecord, fronts: Mapping[str, str]) -> None:
        self._record = record
        items = (item for item in inputs.library.items.values() if not item.visible_to(PUBLIC, inputs.on))
        self._texts = [(hidden_source(item, inputs, fronts[item.path]),) for item in items]

    def words(self) -> frozenset[str]:
        """Return the words of at least SHORTEST characters."""
        self._record.search(self._texts, ())
        return self._record.all_words(self._texts, evidence=True).words
