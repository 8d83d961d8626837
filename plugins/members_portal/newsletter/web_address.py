"""Addresses of the web and of e-mail on paper: divided without a hyphen, which a reader would type.

A word with a dot, an @ or a scheme inside gets the class `address`, for which the style sheet turns hyphenation off.
"""

import re

from members_portal.newsletter.combining_marks import PARTS

WEB_ADDRESS = re.compile(r"[^\s<>]*(?:\w://\w|\w@\w|\w\.[^\W\d_]{2})[^\s<>]*")


def set_addresses(html: str) -> str:
    """Return HTML with its addresses in elements of the class `address`."""
    parts = PARTS.split(html)
    return "".join(part if place % 2 else _text(part) for place, part in enumerate(parts))


def _text(text: str) -> str:
    return WEB_ADDRESS.sub(r'<span class="address">\g<0></span>', text)
