"""Loopback addresses: whether a host is this machine, without a name lookup."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Return whether a host is a loopback address or `localhost`. Resolvers may ask DNS for a name below it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
