"""The page numbers of the manifest: each letter follows the one before, and fills whole sheets."""

from collections.abc import Iterator, Sequence

from members_portal.newsletter.press.postage import LEAF
from members_portal.newsletter.press.run_manifest import ManifestRow


def gaps(rows: Sequence[ManifestRow], pages: int) -> Iterator[str]:
    """Yield the gaps between letters in the manifest, and a wrong page count."""
    following = 1
    for place, row in enumerate(rows, 1):
        if row.sequence != place or row.first != following:
            yield f"row {place} of the manifest has letter {row.sequence} begin on page {row.first}"
        following = row.last + 1
    if following - 1 != pages:
        yield f"has {pages} pages, and the manifest's letters {following - 1}"


def page_faults(row: ManifestRow) -> Iterator[str]:
    """Yield the problems of a letter's page numbers."""
    if row.pages % LEAF:
        yield f"has {row.pages} pages, an odd number"
    if row.last - row.first + 1 != row.pages or -(-row.pages // LEAF) != row.sheets:
        yield f"has {row.pages} pages on {row.sheets} sheets, from page {row.first} to page {row.last}"
