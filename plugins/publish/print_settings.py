"""How newsletters are printed: the block PORTAL_PRINT of the settings, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from plugins.newsletter.error import PrintError
from plugins.newsletter.ink import DEFAULT_PROFILE
from plugins.newsletter.postage import PAPERS, Stock
from plugins.newsletter.print_run import Press
from plugins.newsletter.window import Window, window_named
from plugins.portal.font import font_file
from plugins.publish.errors import PublishError

NAME = "PORTAL_PRINT"
ADDRESS_FONT = "source-serif-regular"  # in which the theme sets what stands in the window


@dataclass(frozen=True)
class Seed:
    """Somebody of the house who gets the letter by post like members do, and sees how it arrives."""

    name: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class PrintSettings:
    """What the block says; `country` (ISO 3166-1) is where letters are posted."""

    window: Window
    country: str
    press: Press
    seeds: tuple[Seed, ...]
    fonts: tuple[tuple[str, Path], ...]


def print_settings(settings: Mapping[str, Any]) -> PrintSettings:
    """Read the block; raise PublishError naming what is wrong with it."""
    block = dict(settings.get(NAME, {}))
    known = {"window": "DIN 5008 B", "country": "", "grammage": 100, "profile": "", "condition": "", "seeds": []}
    for key in block.keys() - known.keys():
        meant = get_close_matches(key, known, n=1)
        raise PublishError(f"{NAME}: unknown key {key!r}{f' (did you mean {meant[0]!r}?)' if meant else ''}")
    found = {**known, **block}
    try:
        window = window_named(found["window"])
        stock = Stock(PAPERS[window.paper], float(found["grammage"]))
        seeds = tuple(Seed(seed["name"], tuple(seed["address"])) for seed in found["seeds"])
    except (PrintError, KeyError, TypeError, ValueError) as error:
        raise PublishError(f"{NAME}: {error}") from error
    press = Press(stock, Path(found["profile"]) if found["profile"] else DEFAULT_PROFILE, found["condition"])
    fonts = tuple((name, font_file(*where)) for name, where in settings["PORTAL_FONTS"].items())
    return PrintSettings(window, found["country"], press, seeds, fonts)
