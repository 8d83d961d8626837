"""Pages: files that are written once, parts and item pages that are rendered once."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.page import Pages, Theme, part
from tests.portal.small_portal import ON, library_of, listing, text, write

FILES = {"reports/all.md": text("All", "members"), "reports/top.md": text("Top", "gold")}
NONCE = "0123456789abcdef"
TEMPLATES = {
    "list.html": "{{ part('masthead') }} {{ edition.name }} {{ root }}",
    "item.html": "{{ part('masthead') }} {{ edition.name }} {{ item.title }} {{ root }}",
    "blocks/masthead.html": "[{{ edition.name }} {{ root }}]",
}


def pages_of(folder: Path, *readers: str) -> list[Pages]:
    """Return the pages of some editions, with one theme."""
    library, programme = library_of(folder, FILES)
    templates = write(folder / "templates", TEMPLATES)
    env = Environment(loader=FileSystemLoader(templates), autoescape=True)
    env.globals["part"] = part
    theme = Theme(env, templates, {}, NONCE)
    editions = [make_edition(reader, library, programme, ON) for reader in readers]
    return [Pages(theme, edition, folder / "tree" / edition.name) for edition in editions]


def test_a_page_is_written_with_its_parts(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    gold.write("reports/", "list", title="Reports")
    gold.write("404.html", "list", title="Not found", root="/club/")
    assert listing(tmp_path / "tree") == ["gold/404.html", "gold/reports/index.html"]
    assert (tmp_path / "tree/gold/reports/index.html").read_text("utf-8") == "[gold ../] gold ../"
    assert (tmp_path / "tree/gold/404.html").read_text("utf-8") == "[gold /club/] gold /club/"


def test_a_file_is_never_written_twice(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    gold.write("reports/", "list", title="Reports")
    with pytest.raises(FileExistsError):
        gold.write("reports/", "list", title="Reports again")


def test_a_template_that_the_theme_lacks_is_an_error(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    with pytest.raises(FileNotFoundError, match=r"templates/tier\.html"):
        gold.write("tiers/gold/", "tier", title="Gold")


def test_an_item_is_rendered_once_for_all_tiers_and_completed_for_each(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, "silver", "gold", "staff")
    for each in pages:
        each.write_item(each.edition.items["reports/all.md"])
    found = {file: (tmp_path / "tree" / file).read_text("utf-8") for file in listing(tmp_path / "tree")}
    assert found == {
        "gold/reports/all/index.html": "[gold ../../] members All ../../",
        "silver/reports/all/index.html": "[silver ../../] members All ../../",
        "staff/reports/all/index.html": "[staff ../../] staff All ../../",
    }
    theme = pages[0].theme
    assert (len(theme.items), len(theme.parts)) == (2, 3)
