"""Print settings: the setting PORTAL_PRINT, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale

from members_portal.loyalty.input.problem import closest
from members_portal.newsletter.glyph_coverage import GlyphCoverage
from members_portal.newsletter.post.address_window import Window, window_named
from members_portal.newsletter.post.postal_address import AddressSetter, FontRuler
from members_portal.newsletter.press.ink import DEFAULT_PROFILE
from members_portal.newsletter.press.postage import LETTER, LETTER_BANDS, PAPERS, US_LETTER_BANDS, Stock
from members_portal.newsletter.press.print_run import Press
from members_portal.newsletter.print_error import PrintError
from members_portal.portal.rendering.font import font_file
from members_portal.portal.site_settings import SiteSettings
from members_portal.publish.publish_error import PublishError

PRINT_SETTING = "PORTAL_PRINT"
DEFAULTS = {"window": "DIN 5008 B", "country": "", "grammage": 100, "profile": "", "condition": "", "seeds": []}
SEED = {"name", "address"}
GRAMMAGES = range(40, 401)  # g/m², from bible paper to card
ADDRESS_FONT = "source-serif-regular"  # the theme's font of the address window


@dataclass(frozen=True)
class Seed:
    """A seed address: an employee of the house, who receives each letter by post as a control."""

    name: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class PrintSettings:
    """The checked settings; `country` (ISO 3166-1) is the country of posting."""

    window: Window
    country: str
    press: Press
    seeds: tuple[Seed, ...]
    fonts: tuple[tuple[str, Path], ...]

    def address_setter(self, language: str) -> AddressSetter:
        """Return the setter of addresses in the window; raise PublishError when their font is missing."""
        fonts = dict(self.fonts)
        if ADDRESS_FONT not in fonts:
            raise PublishError(f"PORTAL_FONTS has no {ADDRESS_FONT!r}: addresses of letters are measured in it")
        ruler = FontRuler(fonts[ADDRESS_FONT], self.window.type_size)
        return AddressSetter(self.window, ruler, self.country, language, self.coverage.missing)

    @property
    def coverage(self) -> GlyphCoverage:
        """The characters that can be printed."""
        return GlyphCoverage(path for _, path in self.fonts)


def print_settings(site: SiteSettings) -> PrintSettings:
    """Return the checked settings; raise PublishError with the invalid value and the expected ones."""
    block = dict(site.printing)
    for key in block.keys() - DEFAULTS.keys():
        raise _wrong(f"unknown key {key!r}", f"one of {', '.join(DEFAULTS)}", key)
    found = {**DEFAULTS, **block}
    try:
        window = window_named(found["window"])
    except PrintError as error:
        raise PublishError(f"{PRINT_SETTING}: {error}") from error
    paper = PAPERS[window.paper]
    press = Press(
        stock=Stock(paper, _grammage(found["grammage"])),
        profile=Path(found["profile"]) if found["profile"] else DEFAULT_PROFILE,
        condition=found["condition"],
        bands=US_LETTER_BANDS if paper is LETTER else LETTER_BANDS,
    )
    seeds = tuple(_seed(seed, window) for seed in found["seeds"])
    fonts = tuple((name, font_file(*where)) for name, where in site.fonts.items())
    return PrintSettings(window, _country(found["country"]), press, seeds, fonts)


def _wrong(what: str, expected: str, word: str = "") -> PublishError:
    meant = closest(word, DEFAULTS)
    hint = f" (did you mean {meant}?)" if meant else ""
    return PublishError(f"{PRINT_SETTING}: {what}, expected {expected}{hint}")


def _grammage(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or int(value) not in GRAMMAGES:
        raise _wrong(f"grammage {value!r}", f"a number from {GRAMMAGES[0]} to {GRAMMAGES[-1]}, in g/m²")
    return float(value)


def _country(code: Any) -> str:
    if code and (not isinstance(code, str) or len(code) != 2 or code not in Locale("en").territories):
        raise _wrong(f"country {code!r}", "two capital letters (ISO 3166-1), such as IE")
    return str(code)


def _seed(seed: Any, window: Window) -> Seed:
    if not isinstance(seed, Mapping) or set(seed) != SEED or isinstance(seed["address"], str):
        raise _wrong(f"seed {seed!r}", '{"name": "…", "address": ["a line", "…"]}')
    if 1 + len(seed["address"]) > window.lines:
        raise _wrong(f"the seed {seed['name']!r} has too many lines", f"{window.lines} with the name at most")
    return Seed(seed["name"], tuple(seed["address"]))
