"""Readable texts of the files of an edition or a member: pages, PDFs, captions, calendars, indexes, feeds.

A title that a member may not see is no leak in the member's own ledger line: a tier lapses, and the ledger keeps the
name of an event of that tier. Only the text of a line in the slots `statement` and `earlier` is
exempt, and only for the line's member.
"""

import json
import re
from binascii import a2b_qp
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from markupsafe import escape

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.statement.statement import SPENDING
from members_portal.portal.personal.slot_renderer import EARLIER_SLOT
from members_portal.publish.gate.archive import packed_files
from members_portal.publish.gate.decoding import decoded_text, pdf_readings
from members_portal.publish.gate.pdf_text import PDF, PdfReader
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.search.decoded import SHORT_LINE, Decoded, search_words
from members_portal.publish.gate.work_limit import Budget

CARD_SUFFIX = ".pkpass"  # an archive of JSON and pictures
STATEMENT_SLOT = "statement"
EARLIER_FILE = f"slots/{EARLIER_SLOT}-"  # a slot in a file of its own
SHORT_SECTION = 1 << 13  # characters
SLOTS_JSON = "slots.json"  # the name of a member's slots in findings; no file has it
_TAG = re.compile(r"<[^<>]*>")
_SECTION = re.compile(r"\n(?=<(?:article|body|footer|h[1-6]|header|main|nav|section)\b)")  # of pages
_FOLD = re.compile(r"\r?\n[ \t]")  # RFC 5545, 3.1: a line of a calendar goes on in the next one
_ESCAPED = re.compile(r"\\([nN,;\\])")  # RFC 5545, 3.3.11
_SOFT = re.compile(r"=[ \t]*\r?\n[ \t]*")  # RFC 2045, 6.7: a line of quoted-printable goes on in the next one
_NOTE = re.compile(r"^(?:NOTE|STYLE|REGION)\b.*(?:\n.+)*", re.MULTILINE)
_TIMES = re.compile(r"^(?:(?<=\n\n).*\n)?.*-->.*$", re.MULTILINE)  # of a cue, after the name that it may have


def readings(path: str, data: bytes, pdfs: PdfReader) -> Iterator[Decoded]:
    """Yield what a reader of a file can read, in each likely form; nothing for pictures and other binary files."""
    if data.startswith(PDF):
        yield from pdf_readings(data, pdfs)
    elif path.endswith(CARD_SUFFIX):
        for name, content in card_parts(data):
            yield from readings(name, content, pdfs)
    elif (text := decoded_text(data)) is not None:
        yield from _text_readings(text)
        for form in dict.fromkeys(typed_forms(path, text)):
            yield Decoded.of(form)


def card_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in an Apple Wallet pass."""
    return packed_files(data, Budget.of(len(data)))


def _text_readings(text: str) -> Iterator[Decoded]:
    """Yield a text as it is, with its escapes decoded, and without its tags; by sections, as pages share most of them.

    Escapes don't run over the end of a line, and tags not over the end of a section: the next one begins with `<`.
    """
    plain, unescaped, untagged, _ = zip(*map(_any_section, _SECTION.split(text)), strict=True)
    yield Decoded(_without_empty(plain), source=text)
    if unescaped != plain:
        yield Decoded(_without_empty(unescaped), source=lambda: unescape(text))
    if "<" in text:
        yield Decoded(_without_empty(untagged), noise=True, source=lambda: unescape(_TAG.sub("", text)))


def _without_empty(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, parts))


class _Words(NamedTuple):
    """The words of a line or a section: as it is, with its escapes decoded, without its tags.

    `open`: a tag can run over its end.
    """

    plain: str
    unescaped: str
    untagged: str
    open: bool


def _any_section(section: str) -> _Words:
    return _short_section(section) if len(section) <= SHORT_SECTION else _read_section(section)


@lru_cache(maxsize=1 << 12)  # the versions of a page follow each other
def _short_section(section: str) -> _Words:
    return _read_section(section)


def _read_section(section: str) -> _Words:
    parts = section.split("\n")
    lines = [*map(_short_line if max(map(len, parts)) <= SHORT_LINE else _any_line, parts)]
    if any(line.open for line in lines):
        return _read_words(section)
    plain, unescaped, untagged, _ = zip(*lines, strict=True)
    return _words_of(*(" ".join(filter(None, words)) for words in (plain, unescaped, untagged)), is_open=False)


def _any_line(line: str) -> _Words:
    return _short_line(line) if len(line) <= SHORT_LINE else _read_words(line)


@lru_cache(maxsize=1 << 15)
def _short_line(line: str) -> _Words:
    return _read_words(line)


def _read_words(text: str) -> _Words:
    is_open = text.rfind("<") > text.rfind(">")
    return _words_of(_words(text), _words(unescape(text)), _words(unescape(_TAG.sub("", text))), is_open=is_open)


def _words_of(plain: str, unescaped: str, untagged: str, *, is_open: bool) -> _Words:
    """Return equal words as one text, which is compared and looked up faster."""
    return _Words(plain, plain if unescaped == plain else unescaped, untagged, is_open)


def _words(text: str) -> str:
    return " ".join(search_words(text))


def typed_forms(path: str, text: str) -> Iterator[str]:
    """Yield the text of calendars and contacts without folds and escapes, of captions as one, the strings of JSON."""
    ending = path.rpartition(".")[2].lower()
    if ending in ("ics", "vcf"):
        lines = _FOLD.sub("", text)
        yield _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], lines)
        plain = a2b_qp(_FOLD.sub("", _SOFT.sub("", text)).encode("utf-8", "replace"))
        yield decoded_text(plain) or plain.decode("utf-8", "replace")
    if ending == "vtt":
        cues = _TIMES.sub("", _NOTE.sub("", "\n".join(text.splitlines())))
        yield unescape(_TAG.sub("", cues))
    if path.endswith("json"):
        try:
            yield "\n".join(_strings(json.loads(text)))
        except (ValueError, RecursionError):  # no JSON: searched as plain text
            return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, str):
        yield unescape(value)


def history_texts(account: Account | None, first: date = date.min, last: date = date.max) -> Counter[str]:
    """Count the texts of ledger lines of some days as pages show them: references, and the tags of a line."""
    lines = [line for line in account.lines if first <= line.day <= last] if account else []
    references = (line.reference for line in lines if line.kind not in SPENDING)
    return Counter(text for text in (*references, *(", ".join(line.tags) for line in lines)) if text)


def member_searches(path: str, data: bytes, hidden: Watchlist, own: Counter[str]) -> Iterator[tuple[Watchlist, bytes]]:
    """Yield the phrases to search for in a file of a member, with the bytes to search.

    A phrase inside one of the texts `own` is searched in the slots without these texts, any other phrase everywhere.
    """
    held, others = hidden.divide(own) if is_earlier(path) or path == SLOTS_JSON else (Watchlist(), hidden)
    yield others, data
    if held.phrases:
        yield held, _without_lines(data.decode(), own).encode() if is_earlier(path) else without_history(data, own)


def is_earlier(path: str) -> bool:
    """Return whether a file of a member has the lines of earlier years."""
    return path.startswith(EARLIER_FILE)


def without_history(slots: bytes, own: Counter[str]) -> bytes:
    """Return slots without the texts of own ledger lines in the slot `statement`.

    A text is removed only if it is all that stands between two tags, and once per ledger line.
    """
    found = json.loads(slots)
    for name, fragments in found.items():
        if name.rpartition("-")[0] == STATEMENT_SLOT:
            for fragment in fragments:
                fragment["html"] = _without_lines(fragment["html"], own)
    return json.dumps(found, ensure_ascii=False).encode()


def _without_lines(html: str, own: Counter[str]) -> str:
    for text, lines in own.items():
        html = re.sub(rf"(?<=>)\s*{re.escape(str(escape(text)))}\s*(?=<)", "", html, count=lines)
    return html
