"""Pages, and the parts around their content.

What surrounds a page's content (masthead, footer) belongs to the edition and is the same on most of its pages: a
template says `{{ part("masthead") }}`, and `blocks/masthead.html` is rendered once for each edition and depth. Without
its parts, an item's page is the same for every tier that may read it: it is rendered once and completed for each. Its
template is given no edition, only whether its readers are `public`, `members` or `staff`: it can't name a tier.
A newsletter's page is one of the edition's own: its sections are what this edition may see.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from members_portal.loyalty.programme.audience import MEMBERS, STAFF
from members_portal.portal.content.item import Shown
from members_portal.portal.rendering.edition import Edition

_PART = re.compile("\0([a-z-]+)\0")


def part(name: str) -> Markup:
    """Mark the place of a part in a page."""
    return Markup(f"\0{name}\0")  # noqa: S704 - replaced before the page is written


@dataclass(frozen=True)
class Readers:
    """What an item's page may know of who reads it."""

    name: str
    is_public: bool


@dataclass(frozen=True)
class Rendered:
    """A finished page, in the form that Pelican's writer renders."""

    html: str

    def render(self, _context: Mapping[str, Any]) -> str:
        """Return the page."""
        return self.html


@dataclass
class Theme:
    """The theme's templates, and what has been rendered of them in this run."""

    env: Environment
    folder: Path
    common: Mapping[str, Any]
    items: dict[tuple[object, ...], str] = field(default_factory=dict)
    parts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def template(self, *names: str) -> Template:
        """Return the first of these templates that the theme has; Pelican's own theme never steps in."""
        for name in names:
            if (self.folder / f"{name}.html").is_file():
                return self.env.get_template(f"{name}.html")
        raise FileNotFoundError(f"the theme has no templates/{names[-1]}.html")

    def item(self, shown: Shown, readers: Readers, page: Mapping[str, str], root: str) -> str:
        """Render an item's page without its parts, once for all who see it alike."""
        key = (shown.path, shown.since, shown.body, readers.name)
        if key not in self.items:
            template = self.template(f"item-{shown.kind}", "item")
            context = {**self.common, "edition": readers, "page": page, "root": root, "item": shown}
            self.items[key] = template.render(context)
        return self.items[key]


class Pages:
    """Writes the pages of one edition below a folder of the output."""

    def __init__(self, theme: Theme, edition: Edition, writer: Any, folder: str) -> None:
        self.theme, self.writer, self.folder = theme, writer, folder
        self.edition = edition
        name = edition.name if edition.is_public or edition.name == STAFF else MEMBERS
        self.readers = Readers(name, edition.is_public)
        self.context = {**theme.common, **_edition_context(edition)}
        self.named = {entry.url for entry in (*edition.menu, *edition.footer)} | {"", "tiers/", "account/", "till/"}

    def write(self, url: str, *templates: str, title: str, description: str = "", **more: Any) -> None:
        """Render one page of the edition and write it."""
        root = more.pop("root", _root(url))
        page = {"title": title, "url": url, "description": description}
        html = self.theme.template(*templates).render({**self.context, "page": page, "root": root, **more})
        self._complete(url, root, html)

    def write_item(self, shown: Shown) -> None:
        """Write an item's page."""
        url, root = shown.url, _root(shown.url)
        page = {"title": shown.title, "url": url, "description": shown.summary}
        self._complete(url, root, self.theme.item(shown, self.readers, page, root))

    def _complete(self, url: str, root: str, html: str) -> None:
        name = url if url.endswith(".html") else f"{url}index.html"
        whole = _PART.sub(lambda found: self._part(found[1], url, root), html)
        self.writer.write_file(f"{self.folder}/{name}", Rendered(whole), {"localsiteurl": None})

    def _part(self, name: str, url: str, root: str) -> str:
        """Render a part, once for each edition, depth, and page that the navigation names."""
        url = url if url in self.named else "-"
        key = (self.edition.name, name, root, url)
        if key not in self.theme.parts:
            template = self.theme.template(f"blocks/{name}")
            self.theme.parts[key] = template.render({**self.context, "page": {"url": url}, "root": root})
        return self.theme.parts[key]


def _root(url: str) -> str:
    return "../" * url.count("/")


def _edition_context(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition,
        "sections": edition.sections,
        "menu": edition.menu,
        "footer": edition.footer,
        "tiers": edition.tiers,
        "teasers": edition.teasers,
    }
