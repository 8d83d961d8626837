"""Find whole e-mail addresses in a text: `smith@mail.example` is only a part of `john.smith@mail.example`."""

import re
from collections.abc import Collection, Iterator
from html import unescape

LONGEST = 254  # characters before and behind `@` (RFC 5321, 4.5.3.1)

_JOINTS = ".+_'’-"  # signs that join the words of a local part
_WIDE = re.compile(rf"(?:;93#&|;72x#&|[^\s<>()\[\]\"\\,;@]){{1,{LONGEST}}}")  # reversed; `&#39;` is an apostrophe
_LOCAL = re.compile(rf"[\w{_JOINTS}]+$")
_DOMAIN = re.compile(rf"[\w.-]{{1,{LONGEST}}}")


def whole_addresses(text: str, known: Collection[str] = ()) -> Iterator[str]:
    """Yield the longest address around each `@` of a text.

    Signs such as `=` and `/` end an address, unless it is known: `?email=smith@mail.example` is `smith@mail.example`.
    """
    reversed_text = text[::-1]
    for sign in re.finditer("@", text):
        before, after = _WIDE.match(reversed_text, len(text) - sign.start()), _DOMAIN.match(text, sign.end())
        if before and after:
            local, domain = unescape(before[0][::-1]), after[0].rstrip(".-_")
            yield f"{local}@{domain}" if f"{local}@{domain}" in known else f"{_narrow(local)}@{domain}"


def _narrow(local: str) -> str:
    """Return the end of a local part from its last sign that joins no words, without dots and quotation marks first."""
    found = _LOCAL.search(local)
    return found[0].lstrip(_JOINTS) if found else ""
