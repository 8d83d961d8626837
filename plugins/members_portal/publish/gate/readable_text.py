"""Readable texts of the files of an edition or a member: pages, PDFs, captions, calendars, indexes, feeds."""

import json
import re
from binascii import a2b_qp
from collections.abc import Iterator
from html import unescape
from typing import Any

from members_portal.publish.gate.decoding import Decoded, decoded_text, pdf_readings
from members_portal.publish.gate.pdf_text import PDF, PdfReader

_TAG = re.compile(r"<[^<>]*>")
_FOLD = re.compile(r"\r?\n[ \t]")  # RFC 5545, 3.1: a line of a calendar goes on in the next one
_ESCAPED = re.compile(r"\\([nN,;\\])")  # RFC 5545, 3.3.11
_SOFT = re.compile(r"=[ \t]*\r?\n[ \t]*")  # RFC 2045, 6.7: a line of quoted-printable goes on in the next one
_NOTE = re.compile(r"^(?:NOTE|STYLE|REGION)\b.*(?:\n.+)*", re.MULTILINE)
_TIMES = re.compile(r"^(?:(?<=\n\n).*\n)?.*-->.*$", re.MULTILINE)  # of a cue, after the name that it may have


def readings(path: str, data: bytes, pdfs: PdfReader) -> Iterator[Decoded]:
    """Yield what a reader of a file can read, in each likely form; nothing for pictures and other binary files."""
    if data.startswith(PDF):
        yield from pdf_readings(data, pdfs)
    elif (text := decoded_text(data)) is not None:
        for form in dict.fromkeys((text, unescape(text), *typed_forms(path, text))):
            yield Decoded.of(form)
        if "<" in text:
            yield Decoded.of(unescape(_TAG.sub("", text)), noise=True)


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
