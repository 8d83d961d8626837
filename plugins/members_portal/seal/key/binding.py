"""Join text parts into one unambiguous byte string, the input of key derivation and of message contexts."""

from __future__ import annotations

from members_portal.seal.seal_error import BadName

FORMAT = "portal-release/2"  # of a release
LABEL = b"portal-release/1"  # of all derivations: access codes outlive a format


def bind(*parts: str) -> bytes:
    """Return the label and the parts, one NUL before each part; raise BadName if a part contains a NUL."""
    text = "\0".join(parts)
    if text.count("\0") != len(parts) - 1:
        raise BadName("a NUL inside a name would make two names look the same")
    return LABEL + b"\0" + text.encode()


def context(site: str, role: str, name: str) -> bytes:
    """Return the context of a message. A message opens only under the context that it was sealed with."""
    return bind(site, role, name)
