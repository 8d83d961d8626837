"""Readable texts of the files of an edition or a member: pages, PDFs, captions, calendars, indexes, feeds."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from members_portal.publish.gate.decoding import Decoded, decoded_text, search_words
from members_portal.publish.gate.pdf_text import PdfReader

_TAG = re.compile(r"<[^<>]*>")
_FOLD = re.compile(r"\r?\n[ \t]")  # RFC 5545, 3.1: a line of a calendar goes on in the next one
_ESCAPED = re.compile(r"\\([nN,;\\])")  # RFC 5545, 3.3.11
_HYPHEN = re.compile(r"[-\u2010]\s+")  # a word that is divided at the end of a line

PDF = b"%PDF"


def readings(path: str, data: bytes, pdfs: PdfReader) -> Iterator[Decoded]:
    """Yield what a reader of a file can read, in each likely form; nothing for pictures and other binary files."""
    if data.startswith(PDF):
        texts = pdfs.texts(data)
        whole = " ".join(texts)
        yield Decoded(search_words(whole))
        yield Decoded(search_words("".join(texts)), noise=True)
        yield Decoded(search_words(_HYPHEN.sub("", whole)), noise=True)
    elif (text := decoded_text(data)) is not None:
        for form in dict.fromkeys((text, unescape(text), *_of_type(path, text))):
            yield Decoded(search_words(form))
        if "<" in text:
            yield Decoded(search_words(unescape(_TAG.sub("", text))), noise=True)


def _of_type(path: str, text: str) -> Iterator[str]:
    """Yield the text of a calendar without folds and escapes, and the strings of JSON."""
    if path.endswith(".ics"):
        yield _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], _FOLD.sub("", text))
    if path.endswith("json"):
        try:
            yield "\n".join(_strings(json.loads(text)))
        except ValueError:  # no JSON: searched as plain text
            return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, str):
        yield unescape(value)
