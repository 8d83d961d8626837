"""Inline pictures: `data:` addresses in texts and drawings, encoded anew as picture files are."""

import binascii
import re
from base64 import b64decode, b64encode
from urllib.parse import unquote_to_bytes

from members_portal.picture_file import UnreadablePicture, published_picture, read_picture

INLINE_PICTURE = re.compile(r"data:image/(?:avif|gif|jpeg|png|webp)[;,][^\"'()<>]*", re.IGNORECASE)


def clean_inline(address: str) -> str:
    """Return a `data:` address with its picture encoded anew; raise UnreadablePicture."""
    picture = read_picture(_payload(address))
    data = published_picture(picture, picture.format)
    return f"data:image/{picture.format.lower()};base64,{b64encode(data).decode()}"


def _payload(address: str) -> bytes:
    head, _, text = address.partition(",")
    data = unquote_to_bytes(text)
    if not head.lower().endswith(";base64"):
        return data
    try:
        return b64decode(b"".join(data.split()))
    except binascii.Error as error:
        raise UnreadablePicture("is not base64") from error


def clean_all_inline(text: str) -> str:
    """Return a text with all its inline pictures encoded anew; raise UnreadablePicture."""
    return INLINE_PICTURE.sub(lambda found: clean_inline(found[0]), text)
