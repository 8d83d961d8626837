"""Answer phrases: numbers and words of members' answers, which only the writer and the desk of the staff may show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from members_portal.portal.answering.received_answers import ReceivedAnswer, ReceivedAnswers
from members_portal.publish.gate.phrase_search import LONGEST_PHRASE, Watchlist, make_watchlist
from members_portal.publish.gate.search.decoded import Decoded, search_words

FEWEST_WORDS = 6  # of an answer; a shorter one occurs by chance. The number of its answer is always searched for
OWN_DATA = "change"  # the kind of answer with a member's own data, which a household may share

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^<>]*>", re.DOTALL)


def answer_phrases(received: ReceivedAnswers, theme: Path) -> Iterator[tuple[str, str]]:
    """Yield numbers and words of answers, each with the id of the writer.

    Words of the theme are left out, whatever numbers stand among them: members quote what they read, and a quotation
    must not stop a publish.
    """
    fixed = _fixed_words(theme) if received.of_member else Decoded.of("")
    for member, answers in received.of_member.items():
        for answer in answers:
            yield answer.number, member
            yield from ((text, member) for text in _own_words(answer) if not _is_quoted(text, fixed))


def hidden_answers(phrases: Iterable[tuple[str, str]], written: Iterable[str]) -> Watchlist:
    """Return the watchlist of `answer_phrases`, without words that several members or editors wrote."""
    writers: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for text, member in phrases:
        phrase = " ".join(search_words(text)[:LONGEST_PHRASE])
        writers.setdefault(phrase, set()).add(member)
        texts[phrase] = text
    alone = ((texts[each], next(iter(ids))) for each, ids in writers.items() if len(ids) == 1)
    return make_watchlist(alone, (), written)


def _own_words(answer: ReceivedAnswer) -> Iterator[str]:
    if answer.kind != OWN_DATA:
        yield from (text for _, text in answer.values if len(search_words(text)) >= FEWEST_WORDS)


def _is_quoted(text: str, fixed: Decoded) -> bool:
    return fixed.holds([word for word in search_words(text)[:LONGEST_PHRASE] if not word.isdigit()])


def _fixed_words(theme: Path) -> Decoded:
    """Return the words of all templates, without what they insert."""
    texts = (file.read_text("utf-8", "replace") for file in sorted(theme.rglob("*.html")))
    return Decoded.of("\n".join(" ".join(_MARKUP.sub(" ", text).split()) for text in texts))
