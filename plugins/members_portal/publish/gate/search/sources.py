"""Sources: the texts that a reader may see. A phrase or word in them is no secret to this reader."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.search.release_texts import hidden_source, site_source, source_text, theme_texts
from members_portal.publish.gate.search.search_record import SearchRecord


class Sources:
    """The items, the settings, the programme and the theme, searched for phrases that may be hidden elsewhere."""

    def __init__(self, inputs: Inputs, context: PublishContext, record: SearchRecord) -> None:
        self._record, self._on = record, inputs.on
        self._items = [(item, source_text(item, inputs)) for item in inputs.library.items.values()]
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

    @cached_property
    def public_words(self) -> frozenset[str]:
        """Return the words of the texts that everybody may see, with those of the theme."""
        texts = [text for item, text in self._items if item.visible_to(PUBLIC, self._on)]
        found = set[str]()
        for text in (*texts, self._sites[PUBLIC], *self._theme):
            found.update(self._record.words((text,)).every())
        return frozenset(found)


class HiddenItems:
    """The items that outsiders may not see, by their words."""

    def __init__(self, inputs: Inputs, record: SearchRecord) -> None:
        self._record = record
        items = (item for item in inputs.library.items.values() if not item.visible_to(PUBLIC, inputs.on))
        self._texts = [(hidden_source(item, inputs),) for item in items]

    def words(self) -> set[str]:
        """Return the words of at least SHORTEST characters."""
        self._record.search(self._texts, ())
        return set[str]().union(*(self._record.words(text).evidence() for text in self._texts))
