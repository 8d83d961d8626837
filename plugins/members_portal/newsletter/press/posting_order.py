"""The order in which letters are printed and posted: country, postcode, member."""


def posting_order(country: str, postcode: str, member: str) -> tuple[str, str, str]:
    """Return the sort key of a letter for the post."""
    return country, postcode, member
