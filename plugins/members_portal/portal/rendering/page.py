"""Pages of an edition, and the parts around their content.

The parts of a page around its content (masthead, footer) belong to the edition and are the same on most pages. A
template writes `{{ part("masthead") }}`, and `blocks/masthead.html` is rendered once for each edition and depth.
Without its parts, an item's page is the same for every tier that may read it: it is rendered once and completed for
each tier. Its template gets no edition, only the kind of reader (`public`, `members` or `staff`), so it can't name a
tier. The page of a newsletter is rendered for each edition, because its sections differ.
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
    """Return the placeholder of a part."""
    return Markup(f"\0{name}\0")  # noqa: S704 - replaced before the page is written


@dataclass(frozen=True)
class Readers:
    """The readers of an item's page: `public`, `members` or `staff`."""

    name: str
    is_public: bool


@dataclass
class Theme:
    """The theme's templates, and a cache of the pages and parts rendered in this run."""

    env: Environment
    folder: Path
    common: Mapping[str, Any]
    items: dict[tuple[object, ...], str] = field(default_factory=dict)
    parts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def template(self, *names: str) -> Template:
        """Return the first of these templates that the theme has. Pelican's own theme is not searched."""
        for name in names:
            if (self.folder / f"{name}.html").is_file():
                return self.env.get_template(f"{name}.html")
        raise FileNotFoundError(f"the theme has no templates/{names[-1]}.html")


class Pages:
    """Writes the pages of one edition below a folder."""

    def __init__(self, theme: Theme, edition: Edition, folder: Path) -> None:
        self.theme, self.edition, self.folder = theme, edition, folder
        name = edition.name if edition.is_public or edition.name == STAFF else MEMBERS
        self.readers = Readers(name, edition.is_public)
        self.context = {**theme.common, **_edition_context(edition)}
        self.named = {link.url for link in (*edition.menu, *edition.footer)} | {"", "tiers/", "account/", "till/"}

    def write(self, url: str, *templates: str, title: str, description: str = "", **more: Any) -> None:
        """Render one page of the edition and write it."""
        root = more.pop("root", _root(url))
        page = {"title": title, "url": url, "description": description}
        html = self.theme.template(*templates).render({**self.context, "page": page, "root": root, **more})
        self._complete(url, root, html)

    def write_item(self, shown: Shown) -> None:
        """Write the page of an item; without its parts, it is rendered once for all editions with the same page."""
        url, root = shown.url, _root(shown.url)
        key = (shown.path, shown.since, shown.body, self.readers.name)
        if key not in self.theme.items:
            page = {"title": shown.title, "url": url, "description": shown.summary}
            context = {**self.theme.common, "edition": self.readers, "page": page, "root": root, "item": shown}
            self.theme.items[key] = self.theme.template(f"item-{shown.kind}", "item").render(context)
        self._complete(url, root, self.theme.items[key])

    def _complete(self, url: str, root: str, html: str) -> None:
        """Replace the placeholders of a page by its parts, and write it to a file that must not exist yet."""
        file = self.folder / (url if url.endswith(".html") else f"{url}index.html")
        whole = _PART.sub(lambda found: self._part(found[1], url, root), html)
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "x", encoding="utf-8") as page:
            page.write(whole)

    def _part(self, name: str, url: str, root: str) -> str:
        """Render a part, once for each edition, depth and page of the navigation."""
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
