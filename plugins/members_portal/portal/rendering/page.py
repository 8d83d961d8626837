"""Pages of an edition, and the parts around their content.

The parts of a page around its content (masthead, footer) belong to the edition and are the same on most pages. A
template writes `{{ part("masthead") }}`, and `blocks/masthead.html` is rendered once for each edition and depth.
Without its parts, a shared page (of an item, an issue or a list) is the same for every tier that sees the same items
on it: it is rendered once and completed for each tier. Its template gets no edition, only the kind of reader (`public`,
`members` or `staff`), so it can't name a tier. The page record knows the shared pages of earlier runs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from members_portal.loyalty.programme.audience import MEMBERS, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.answering.form_view import form_path
from members_portal.portal.content.item import Shown, texts_read
from members_portal.portal.rendering.dated_part import SameDays
from members_portal.portal.rendering.edition import Edition, Section
from members_portal.portal.rendering.issue_contents import Contents
from members_portal.portal.rendering.page_record import KnownPage, PageRecord, ShownDigests
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.slot import check_slots
from members_portal.work_record import digest_of

OWN_PAGES = {"", "wallet/", "tiers/", "account/", "till/", "desk/"}  # named by the menu of members
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
    """The theme's templates, and a cache of the pages and parts rendered in this run.

    `issues` is a digest of all newsletters. `persons` maps the path of an event to the number of those who come, that
    of feedback to those who said it.
    """

    env: Environment
    folder: Path
    common: Mapping[str, Any]
    nonce: str
    days: SameDays
    record: PageRecord
    shown: ShownDigests
    programme: Programme
    issues: bytes
    persons: Mapping[str, int] = field(default_factory=dict)
    pages: dict[bytes, str] = field(default_factory=dict)
    parts: dict[bytes, str] = field(default_factory=dict)

    def rendered(self, template: Template, context: Mapping[str, Any]) -> tuple[str, set[str]]:
        """Render a template; return the HTML, and the content paths of the items of which it read the text.

        Afterwards `days` holds the days of this HTML.
        """
        self.days.start()
        with texts_read() as texts:
            return template.render(context), texts

    def template(self, *names: str) -> Template:
        """Return the first of these templates that the theme has. Pelican's own theme is not searched."""
        for name in names:
            if (self.folder / f"{name}.html").is_file():
                return self.env.get_template(f"{name}.html")
        raise FileNotFoundError(f"the theme has no templates/{names[-1]}.html")


class Pages:
    """Writes the pages of one edition below a folder of the tree."""

    def __init__(self, theme: Theme, edition: Edition, tree: RenderedTree, folder: str) -> None:
        self.theme, self.edition, self.tree, self.folder = theme, edition, tree, folder
        name = edition.name if edition.is_public or edition.name == STAFF else MEMBERS
        self.readers = Readers(name, edition.is_public)
        self.basis = theme.shown.of_edition(edition, theme.programme)  # covers what its own pages and parts can reach
        self._digests: dict[tuple[object, ...], str] = {}
        self.context = {**theme.common, **_edition_context(edition)}
        self.named = {link.url for link in (*edition.menu, *edition.footer)} | OWN_PAGES

    def write(self, url: str, *templates: str, title: str, description: str = "", **more: Any) -> None:
        """Write or keep a page of the edition. The `repr` of `more` covers all of it, but for items of the edition."""
        root = more.pop("root", _root(url))
        page = {"title": title, "url": url, "description": description}
        key = self.theme.record.key(self.basis, repr((page, root, templates, more)))
        self._write(key, url, root, templates, lambda: {**self.context, "page": page, "root": root, **more})

    def write_item(self, shown: Shown) -> None:
        """Write the page of an item."""
        persons = self.theme.persons.get(form_path(shown.item), 0)
        digest = digest_of(self.theme.shown.of(shown), str(persons))
        templates = (f"item-{shown.kind}", "item")
        self._write_shared(_head(shown), templates, digest, lambda: {"item": shown, "persons": persons})

    def write_issue(self, shown: Shown, contents: Callable[[], Contents], pdf: str) -> None:
        """Write the page of an issue; `contents` picks its contents, `pdf` is the address of its PDF, or empty."""
        theme, picked = self.theme, cache(contents)
        key = theme.record.key(self.basis, "contents", theme.issues, str(theme.days.on), shown.path)
        issue = theme.record.find_contents(key, lambda: theme.shown.of_contents(picked()))
        digest = digest_of(theme.shown.of(shown), issue, pdf)
        more = lambda: {"item": shown, "issue": picked(), "pdf": pdf}  # noqa: E731
        self._write_shared(_head(shown), ("item-newsletter", "item"), digest, more)

    def write_list(self, section: Section) -> None:
        """Write a list page."""
        page = {"title": section.title, "url": section.url, "description": ""}
        digest = self.theme.shown.of_list(section.items)
        self._write_shared(page, (f"list-{section.kind}", "list"), digest, lambda: {"section": section})

    def _write_shared(
        self, page: Mapping[str, str], templates: tuple[str, ...], digest: bytes, more: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Write or keep a page that several editions share; its template gets no edition.

        `digest` covers what `more` returns, but for the texts of items.
        """
        root = _root(page["url"])
        key = self.theme.record.key(*page.values(), *templates, self.readers.name, digest)
        about = {"edition": self.readers, "page": page, "root": root}
        self._write(key, page["url"], root, templates, lambda: {**self.theme.common, **about, **more()})

    def _write(
        self, key: bytes, url: str, root: str, templates: tuple[str, ...], context: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Write a page, or keep the file of an earlier run; `key` covers the context, but for the texts of items."""
        record = self.theme.record
        known = record.find(key)
        if known and self._keep(url, root, known, key):
            return
        if key not in self.theme.pages:
            html, texts = self.theme.rendered(self.theme.template(*templates), context())
            self.theme.pages[key] = html
            known = record.add(key, tuple(dict.fromkeys(_PART.findall(html))), self.theme.days, texts)
        file = self._complete(url, root, self.theme.pages[key])
        if known:
            record.add_file(key, self._texts(known, url, root), file)

    def _keep(self, url: str, root: str, known: KnownPage, key: bytes) -> bool:
        """Keep the file of a known page in the tree; return whether it is there."""
        texts = self._texts(known, url, root)
        file = known.files.get(texts)
        if file is None or not self.tree.keep(self._path(url), file):
            return False
        self.theme.record.add_file(key, texts, file)
        return True

    def _texts(self, known: KnownPage, url: str, root: str) -> str:
        """Return the digest (hex) of the texts of the parts of a page."""
        place = (known.parts, root, *self._place(url))
        if place not in self._digests:
            self._digests[place] = digest_of(*(self._part_digest(name, url, root) for name in known.parts)).hex()
        return self._digests[place]

    def _complete(self, url: str, root: str, html: str) -> str:
        """Replace the placeholders of a page by its parts, and write it to a new file; return its SHA-256 (hex)."""
        whole = _PART.sub(lambda found: self._part(found[1], url, root), html)
        check_slots(whole, self.theme.nonce, f"{self.edition.name}: {url}")
        return self.tree.write(self._path(url), whole.encode())

    def _path(self, url: str) -> str:
        return f"{self.folder}/{url if url.endswith('.html') else f'{url}index.html'}"

    def _part(self, name: str, url: str, root: str) -> str:
        """Render a part, once for each edition, depth and page of the navigation."""
        url, section = self._place(url)
        key = self._part_key(name, url, section, root)
        if key not in self.theme.parts:
            context = {**self.context, "page": {"url": url, "section": section}, "root": root}
            text, texts = self.theme.rendered(self.theme.template(f"blocks/{name}"), context)
            self.theme.parts[key] = text
            self.theme.record.add(key, (), self.theme.days, texts)
            self.theme.record.add_file(key, "", digest_of(text).hex())
        return self.theme.parts[key]

    def _part_digest(self, name: str, url: str, root: str) -> str:
        """Return the digest (hex) of the text of a part, which is not rendered if it is known."""
        key = self._part_key(name, *self._place(url), root)
        known = self.theme.record.find(key)
        if known is None or key in self.theme.parts:
            return digest_of(self._part(name, url, root)).hex()
        self.theme.record.add_file(key, "", known.files[""])
        return known.files[""]

    def _part_key(self, name: str, url: str, section: str, root: str) -> bytes:
        return self.theme.record.key(self.basis, "part", name, url, section, root)

    def _place(self, url: str) -> tuple[str, str]:
        """Return the address of a page and of its section, as far as the navigation names them."""
        section = url.partition("/")[0] + "/"
        return url if url in self.named else "-", section if section in self.named else "-"


def _head(shown: Shown) -> dict[str, str]:
    return {"title": shown.title, "url": shown.url, "description": shown.summary}


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
