"""Offers of all kinds for the till, added to the sample."""

from __future__ import annotations

from tests.site.sample import Sample

OFFERS = {  # name: additional front matter
    "jar-of-honey": "Starts: 2026-11-01\nEnds: 2026-11-21\nRedeem: Take one jar off the shelf.\nPoints: 40",
    "third-cup": "Starts: 2026-11-01\nEnds: 2026-12-31\nLimit: 2",
    "last-weeks-cake": "Starts: 2026-11-01\nEnds: 2026-11-20",
    "next-weeks-cake": "Starts: 2026-11-23\nEnds: 2026-12-31",
    "one-seat": "Starts: 2026-11-01\nEnds: 2026-12-31\nCapacity: 1",
}
ITEM = """---
Title: The {slug} offer
Summary: For whoever comes by.
Audience: members
Publish: 2026-11-01
Type: gift
Value: One {slug}
Coupon: true
{more}
---
Come by.
"""


def write_offers(sample: Sample) -> None:
    """Add the offers."""
    for slug, more in OFFERS.items():
        (sample.folder / f"content/offers/{slug}.md").write_text(ITEM.format(slug=slug, more=more), "utf-8")
