"""The schemes of addresses that members may be read from; importing this imports nothing else."""

SQLITE, POSTGRESQL = frozenset({"sqlite"}), frozenset({"postgresql", "postgres"})
DATABASES = SQLITE | POSTGRESQL


def scheme_of(address: str) -> str:
    """Return the scheme of an address, or nothing for a path."""
    scheme, separator, _ = address.partition("://")
    return scheme.lower() if separator else ""
