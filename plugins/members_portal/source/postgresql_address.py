"""Addresses of PostgreSQL: their parts, the defaults of missing parts, and the form without secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from members_portal.loopback import is_loopback
from members_portal.source.unreadable import Unreadable

CONNECT_TIMEOUT = 10  # seconds
PART_PATTERNS = {  # the allowed form of each part of an address
    "host": re.compile(r"[\w.:/,-]*"),
    "port": re.compile(r"[0-9,]*"),
    "user": re.compile(r"[\w.-]*"),
    "dbname": re.compile(r"[\w.-]*"),
    "sslmode": re.compile(r"disable|allow|prefer|require|verify-ca|verify-full|"),
}
BAD_ADDRESS = (
    "members: that isn't an address of PostgreSQL, expected postgresql://user:password@host/database with other signs"
    " than letters and digits in it written as %40 for @, %3A for :, %2F for /"
)
ENCRYPTED = ("require", "verify-ca", "verify-full")  # values of sslmode that never fall back to clear text


def connection_parts(address: str) -> dict[str, Any]:
    """Parse an address; raise Unreadable with a message that holds no part of it."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        parts = {}
    if not parts or not _is_well_formed(address, parts):
        raise Unreadable(BAD_ADDRESS)
    return parts


def default_parts(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that an address leaves open: a timeout, and encryption for servers beyond this machine."""
    found: dict[str, Any] = {} if "connect_timeout" in parts else {"connect_timeout": CONNECT_TIMEOUT}
    is_encrypted = parts.get("sslmode") or os.environ.get("PGSSLMODE") in ENCRYPTED
    return found if is_encrypted or _is_local(parts) else found | {"sslmode": ENCRYPTED[0]}


def _is_local(parts: Mapping[str, Any]) -> bool:
    """Return whether all hosts of an address are sockets or loopback addresses of this machine."""
    if "service" in parts:
        return False  # the host is in a file of libpq
    given = parts.get("hostaddr") or parts.get("host") or os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST")
    hosts = str(given or "").split(",")
    return all(not host or host.startswith(("/", "@")) or is_loopback(host) for host in hosts)


def _is_well_formed(address: str, parts: Mapping[str, Any]) -> bool:
    """Return whether every part has its allowed form; in a malformed address any part may hold the password."""
    fits = (pattern.fullmatch(str(parts.get(part, ""))) for part, pattern in PART_PATTERNS.items())
    return address.count("@") <= 1 and all(fits)


def shown_address(parts: Mapping[str, Any]) -> str:
    """Return the address without password and options."""
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"
