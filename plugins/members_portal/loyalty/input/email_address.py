"""E-mail addresses: the form in which a message is sent, and one form for all spellings of an address."""

import re
from contextlib import suppress
from functools import lru_cache

LOCAL_SIZE, ADDRESS_SIZE = 64, 254  # characters; RFC 5321, 4.5.3.1
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+")


def written_address(address: str) -> str:
    """Return an address with its domain in ASCII; raise ValueError for an address that few servers accept.

    `straße.example` is another domain than `strasse.example`, which the older IDNA 2003 takes for the same.
    """
    local, _, domain = address.rpartition("@")
    domain = _written_domain(domain)
    if not (domain and _LOCAL.fullmatch(local) and len(local) <= LOCAL_SIZE):
        raise ValueError("not an e-mail address that can be written to")
    if len(found := f"{local}@{domain}") > ADDRESS_SIZE:
        raise ValueError(f"an e-mail address has at most {ADDRESS_SIZE} characters")
    return found


@lru_cache(maxsize=1 << 12)  # most members share a few domains
def _written_domain(domain: str) -> str:
    """Return a domain in ASCII; an empty text for one that few servers accept."""
    try:
        domain = domain.lower() if domain.isascii() and "--" not in domain else ascii_domain(domain)
    except UnicodeError:  # idna.IDNAError
        return ""
    return domain if _DOMAIN.fullmatch(domain) else ""


def ascii_domain(domain: str) -> str:
    """Return a domain in ASCII, by IDNA 2008 (RFC 5891) after the mapping of UTS 46; raise idna.IDNAError.

    Capitals become small first, label by label: UTS 46 alone maps a final capital sigma to a letter within a word, and
    `ΒΌΛΟΣ` would be another domain than `βόλος`.
    """
    import idna  # imported late: few addresses need it

    small = ".".join(label.lower() for label in domain.split("."))
    return idna.encode(small, uts46=True, std3_rules=True).decode("ascii")


def address_key(address: str) -> str:
    """Return the same text for all spellings of an address: in other case, or with the domain in ASCII."""
    if address.isascii() and "@" in address:
        return address.strip().lower()
    local, _, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):  # idna.IDNAError, no domain: compared as it is written
        domain = domain if domain.isascii() else ascii_domain(domain)
    return f"{local}@{domain}".lower()
