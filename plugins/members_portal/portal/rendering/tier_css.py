"""The colours of the tiers as CSS, light and dark. Sealed with each edition: no public file contains a tier name."""

from members_portal.loyalty.programme.programme import Programme

PAPER, INK = "#fffaf0", "#10191b"


def tier_colours(programme: Programme) -> str:
    """Return a CSS rule per `[data-tier]`: `--tier`, and `--tier-ink`, the text colour with more contrast on it."""
    light = "".join(_rule(tier.key, tier.colour) for tier in programme.tiers)
    dark = "".join(_rule(tier.key, tier.colour_dark) for tier in programme.tiers)
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _rule(key: str, colour: str) -> str:
    ink = max((PAPER, INK), key=lambda candidate: contrast(candidate, colour))
    return f'[data-tier="{key}"] {{ --tier: {colour}; --tier-ink: {ink} }}\n'


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
