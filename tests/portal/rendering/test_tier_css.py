"""The colours of the tiers, and a readable text colour on each."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.portal.rendering.tier_css import contrast, tier_colours
from tests.loyalty.small_club import programme_of


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_each_tier_has_a_colour_by_day_and_by_night_and_ink_for_both(tmp_path: Path) -> None:
    assert tier_colours(programme_of(tmp_path)).splitlines() == [
        '[data-tier="member"] { --tier: #7a5532; --tier-ink: #fffaf0 }',
        '[data-tier="silver"] { --tier: #59656d; --tier-ink: #fffaf0 }',
        '[data-tier="gold"] { --tier: #876011; --tier-ink: #fffaf0 }',
        "@media (prefers-color-scheme: dark) {",
        '[data-tier="member"] { --tier: #cfa679; --tier-ink: #10191b }',
        '[data-tier="silver"] { --tier: #b9c4cb; --tier-ink: #10191b }',
        '[data-tier="gold"] { --tier: #e3bc58; --tier-ink: #10191b }',
        "}",
    ]
