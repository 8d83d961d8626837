"""Addresses of PostgreSQL: their parts, the defaults of missing parts, and the form without secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

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
HOST_PARTS = {"hostaddr": "PGHOSTADDR", "host": "PGHOST"}  # and their variables
SERVICE = "PGSERVICE"
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
    defaults = _libpq_defaults(parts.get("service"))
    is_encrypted = parts.get("sslmode") or defaults.get("sslmode") in ENCRYPTED
    return found if is_encrypted or _is_local(parts, defaults) else found | {"sslmode": ENCRYPTED[0]}


def _libpq_defaults(service: str | None) -> dict[str, str]:
    """Return libpq's values of all parts: from the service file, and of parts that it leaves open, from variables.

    libpq takes the name of a service from PGSERVICE only, so the `service` of an address is put there meanwhile.
    """
    before = os.environ.get(SERVICE)
    try:
        if service is not None:
            os.environ[SERVICE] = service
        return {found.keyword.decode(): (found.val or b"").decode() for found in Conninfo.get_defaults()}
    finally:
        if before is not None:
            os.environ[SERVICE] = before
        elif service is not None:
            del os.environ[SERVICE]


def _is_local(parts: Mapping[str, Any], defaults: Mapping[str, str]) -> bool:
    """Return whether all hosts are sockets or loopback addresses of this machine.

    A `hostaddr` wins over the `host` at the same place. psycopg divides lists of PGHOST and PGHOSTADDR itself, whatever
    a service names, so hosts of the service and of the environment must both be local.
    """
    given = {name: str(parts[name]) for name in HOST_PARTS if name in parts}
    variables = {name: os.environ.get(variable, "") for name, variable in HOST_PARTS.items()}
    found = [{**defaults, **given}, {**variables, **given}]
    hosts = {host for one in found for other in found for host in _hosts(one["hostaddr"], other["host"])}
    return all(not host or host.startswith(("/", "@")) or is_loopback(host) for host in hosts)


def _hosts(hostaddr: str, host: str) -> list[str]:
    """Return the hosts of two lists: libpq connects to the address at a place, and without one to the name there."""
    pairs = zip_longest(hostaddr.split(","), host.split(","), fillvalue="")
    return [address or name for address, name in pairs]


def _is_well_formed(address: str, parts: Mapping[str, Any]) -> bool:
    """Return whether every part has its allowed form; in a malformed address any part may hold the password."""
    fits = (pattern.fullmatch(str(parts.get(part, ""))) for part, pattern in PART_PATTERNS.items())
    return address.count("@") <= 1 and all(fits)


def shown_address(parts: Mapping[str, Any]) -> str:
    """Return the address without password and options."""
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"
