"""Bind texts into one unambiguous byte string: what keys are derived from and messages are bound to."""

from __future__ import annotations

from members_portal.seal.seal_error import BadName

FORMAT = "portal-release/1"
PROTOCOL = FORMAT.encode()


def bind(*parts: str) -> bytes:
    """Join the protocol and the parts, one NUL before each part; refuse a part that holds a NUL."""
    text = "\0".join(parts)
    if text.count("\0") != len(parts) - 1:
        raise BadName("a NUL inside a name would make two names look the same")
    return PROTOCOL + b"\0" + text.encode()


def context(site: str, role: str, name: str) -> bytes:
    """Name the one place a sealed message belongs to, so that it opens nowhere else."""
    return bind(site, role, name)
