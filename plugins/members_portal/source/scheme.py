"""The schemes of database addresses. This module imports nothing, so every command may import it."""

SQLITE, POSTGRESQL = frozenset({"sqlite"}), frozenset({"postgresql", "postgres"})
DATABASES = SQLITE | POSTGRESQL


def scheme_of(address: str) -> str:
    """Return the scheme of an address, or an empty text for a path."""
    scheme, separator, _ = address.partition("://")
    return scheme.lower() if separator else ""
