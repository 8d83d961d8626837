"""The texts of a message: of the parts of an e-mail, or of a plain text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from members_portal.inbox.sources.arrival import MOST_MESSAGE, TOO_LARGE, Arrival

HEADER_LINE = re.compile(rb"(?:From |[!-9;-~]{1,70}:[ \t])")
MARK_WORD = "SEALED"
MOST_PARTS = 100
NOT_A_MESSAGE = "can't be read as a message"
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


def read_arrival(raw: bytes, origin: str, key: str) -> Arrival:
    """Return the arrival of a message or a text file, of which at most MOST_MESSAGE + 1 bytes were read."""
    if len(raw) > MOST_MESSAGE:
        return Arrival(origin, key, fault=TOO_LARGE)
    try:
        found = tuple(_texts(raw))
    except (RecursionError, ValueError, LookupError, AssertionError):  # a hostile structure of parts
        return Arrival(origin, key, fault=NOT_A_MESSAGE)
    return Arrival(origin, key, found)


def any_text(raw: bytes) -> str:
    """Return the text of a file: UTF-16 with a mark, or UTF-8 with any other bytes replaced."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if raw.startswith(mark)), "utf-8")
    return raw.decode(encoding, "replace")


def _texts(raw: bytes) -> Iterator[str]:
    """Yield the texts of an e-mail's parts that may have an answer; else the whole text."""
    found = list(_parts(BytesParser(policy=compat32).parsebytes(raw))) if HEADER_LINE.match(raw) else []
    yield from found or [any_text(raw)]


def _parts(message: Message) -> Iterator[str]:
    """Yield the texts with an answer. Of alternatives only the first counts: they have the same answer."""
    if message.is_multipart():
        is_choice = message.get_content_type() == "multipart/alternative"
        parts = message.get_payload()
        for part in parts[:MOST_PARTS] if isinstance(parts, list) else ():
            found = list(_parts(part)) if isinstance(part, Message) else []
            yield from found
            if found and is_choice:
                return
    else:
        content = message.get_payload(decode=True)
        text = any_text(content) if isinstance(content, bytes) else ""
        if MARK_WORD in text:
            yield text
