"""Planners with the real theme, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pelicanconf
from members_portal.newsletter.cache import open_cache
from members_portal.newsletter.issue import Issue, Sheet
from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.newsletter.letter.sheets import Tools
from members_portal.newsletter.post.address_window import DIN_5008_B, Window
from members_portal.newsletter.press.print_run import Letter, Press, write_run
from members_portal.newsletter.press.run_manifest import ManifestRow
from members_portal.newsletter.print_templates import PrintTemplates
from members_portal.portal.rendering.font import font_file
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.workers.executor import open_executor
from tests.newsletter import specimen

THEME = specimen.ROOT / "theme" / "print"
MADE_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fonts() -> tuple[tuple[str, Path], ...]:
    """Return the theme's fonts, from their packages."""
    return tuple((name, font_file(*where)) for name, where in pelicanconf.PORTAL_FONTS.items())


def planner(
    sheets: Sequence[Sheet] = (),
    issue: Issue | None = None,
    window: Window = DIN_5008_B,
    content: Path = specimen.CONTENT,
) -> Planner:
    """Set up a planner for one edition."""
    issue, house = issue or specimen.issue(), specimen.house()
    filters = date_filters(house.language) | number_filters(house.language, "EUR")
    templates = PrintTemplates(THEME, house, filters, window)
    return Planner(templates, Materials(content, THEME, fonts()), {issue.edition: issue}, sheets)


@contextmanager
def tools(folder: Path, processes: int = 1) -> Iterator[Tools]:
    """Open a cache and an executor."""
    with open_cache(folder / "cache.sqlite", b"") as cache, open_executor(None, processes) as workers:
        yield Tools(workers, cache, lambda _letters: None)


def layouts(planner: Planner, tools: Tools) -> Layouts:
    """Make the layouts of a planner."""
    return planner.layouts(tools)


def letters_of(sheets: Sequence[Sheet]) -> list[Letter]:
    """Give letters postcodes in the order of the sheets."""
    return [Letter(sheet, "IE", f"{place:05d}") for place, sheet in enumerate(sheets)]


def print_run(planner: Planner, sheets: Sequence[Sheet], folder: Path, tools: Tools) -> list[ManifestRow]:
    """Write a run of all sheets of a planner."""
    rows, refused = write_run(letters_of(sheets), planner, layouts(planner, tools), Press(), folder, MADE_AT, tools)
    assert not refused
    return rows
