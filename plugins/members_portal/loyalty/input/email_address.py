"""E-mail addresses: the domain in ASCII, and one form for all spellings of an address."""

from contextlib import suppress


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
    local, _, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):  # idna.IDNAError, no domain: compared as it is written
        domain = domain if domain.isascii() else ascii_domain(domain)
    return f"{local}@{domain}".lower()
