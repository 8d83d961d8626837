"""The letter that benchmarks print: four pages, three photos, two typefaces, after the theme's templates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from members_portal.newsletter.issue import Issue, Picture, Sheet
from members_portal.newsletter.letter.planning import Planner, longest_texts
from members_portal.newsletter.letter.qr_code import QrPictures
from members_portal.newsletter.print_templates import filled
from tests.newsletter import planners, specimen

EDITION = "gold"
PAGES = 4
FILES = ("images/cooling-tray.jpg", "images/evening-window.jpg", "images/drying-beds.png")
PHOTOS = [Picture(f"content:{file}", "A photo") for file in FILES]
SMALL = '<p><img src="{}" alt="A photo" style="width: 50mm"></p>'


@cache
def issue() -> Issue:
    """Return an issue of two pages: the editor's letter with two photos, and the promises."""
    whole = specimen.short_issue(EDITION)
    paragraphs = re.findall(r"<p>.*?</p>", whole.editorial, re.DOTALL)[:2]
    editorial = "\n".join([*paragraphs, SMALL.format(PHOTOS[1].src)])
    return replace(whole, editorial=editorial, picture=PHOTOS[0], sections=(), files=whole.files | set(FILES))


def sheets(count: int) -> list[Sheet]:
    """Return the sheets of so many members, with a photo of their account manager."""
    return [_with_photo(sheet) for sheet in specimen.sheets(count, EDITION)]


def _with_photo(sheet: Sheet) -> Sheet:
    assert sheet.manager
    return replace(sheet, manager=replace(sheet.manager, picture=PHOTOS[2]))


def planner(members: Sequence[Sheet] = ()) -> Planner:
    """Set up a planner for that letter."""
    return planners.planner(members, issue())


def sheets_html(members: Sequence[Sheet]) -> Iterator[str]:
    """Write each sheet as HTML, as a program does that knows of no shapes."""
    house, pictures = planner().templates, QrPictures(longest_texts(members))
    placeholders = pictures.placeholders
    for sheet in members:
        for side in house.sides(sheet, issue(), placeholders):
            codes = [pictures.picture(*code) for code in side.codes]
            yield filled(side.html, side.values, placeholders.values(), codes)


def whole_letters(members: Sequence[Sheet]) -> Iterator[str]:
    """Write each letter as a whole document."""
    house = planner().templates
    for sheet in sheets_html(members):
        yield house.shell(issue(), pages=True).around([sheet])
