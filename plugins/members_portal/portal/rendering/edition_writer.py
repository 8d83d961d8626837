"""Writes the pages and files of one edition into the tree."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.item import Shown
from members_portal.portal.desk.desk_file import DESK_URL, has_desk
from members_portal.portal.desk.desk_page import DeskPage, desk_page
from members_portal.portal.event_calendar import CalendarWriter, calendar_files
from members_portal.portal.inputs import Inputs
from members_portal.portal.picture.picture_markup import rendition_addresses
from members_portal.portal.rendering.edition import Edition
from members_portal.portal.rendering.issue_contents import contents_of
from members_portal.portal.rendering.page import Pages, Theme
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.tier_css import tier_colours
from members_portal.portal.web_manifest import MANIFEST, web_manifest


@dataclass(frozen=True)
class EditionWriter:
    """Writes editions; `settings` are those of Pelican, `versions` the versions of the theme's files.

    `calendars` writes the calendars of events.
    """

    inputs: Inputs
    tree: RenderedTree
    theme: Theme
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    calendars: CalendarWriter
    on: date

    def write(self, edition: Edition) -> None:
        """Write the pages of an edition, and the files that they show."""
        folder = PUBLIC if edition.is_public else f"editions/{edition.name}"
        pages = Pages(self.theme, edition, self.tree, folder)
        if edition.is_public:
            self._write_public_pages(pages)
            self.tree.write(f"{folder}/theme/{MANIFEST}", web_manifest(self.inputs.site, self.versions))
        else:
            self._write_members_pages(edition, pages)
            self.tree.write(f"{folder}/assets/tiers.css", tier_colours(self.inputs.programme).encode())
        for section in edition.sections:
            pages.write_list(section)
        for shown in edition.items.values():
            if isinstance(shown.item.front, Newsletter):
                self._write_newsletter(shown, edition, pages)
            else:
                pages.write_item(shown)
        for path, data in calendar_files(edition.items.values(), self.calendars, self.on):
            self.tree.write(f"{folder}/{path}", data)
        self._copy_files(edition.files, folder)
        self._write_renditions(edition, folder)

    def _write_public_pages(self, pages: Pages) -> None:
        pages.write("", "landing", title=self.inputs.site.name)
        pages.write("404.html", "shell", title=self.inputs.site.name, root=self.inputs.site.root)

    def _write_members_pages(self, edition: Edition, pages: Pages) -> None:
        desk = self._desk(edition)
        pages.write("", "home", title=self.inputs.site.name, causes=self.inputs.standings.causes, desk=desk)
        pages.write("404.html", "not-found", title="Not found", root=self.inputs.site.root)
        reaches = (0, *self.inputs.programme.reaches_on(self.on))
        pages.write("tiers/", "tiers", title="Tiers", reaches=reaches, qualifying=self.inputs.programme.qualifying)
        pages.write("wallet/", "wallet", title="Wallet")
        if self.inputs.standings.accounts:
            pages.write("account/earlier/", "earlier", title="Earlier years")
        pages.write("account/", "account", title="Your account", causes=self.inputs.standings.causes)
        if edition.name == STAFF and (till := self.settings.get("PORTAL_TILL")):
            pages.write("till/", "till", title="At the till", till=till)
        if desk:
            pages.write(DESK_URL, "desk", title="The desk", desk=desk)
        own: dict[str, Any] = {"qualifying": self.inputs.programme.qualifying}
        for ranked, reach in zip(edition.tiers, reaches, strict=True):
            own |= {"tier": ranked, "reach": reach, "is_first": ranked is edition.tiers[0]}
            pages.write(ranked.url, "tier", title=ranked.tier.name, description=ranked.tier.summary, **own)

    def _desk(self, edition: Edition) -> DeskPage | None:
        """Return what the desk's page shows, in the edition of staff."""
        if edition.name != STAFF or not has_desk(self.inputs.members):
            return None
        return desk_page(self.inputs, edition, self.settings.get("PORTAL_COUPONS"))

    def _write_newsletter(self, shown: Shown, edition: Edition, pages: Pages) -> None:
        """Write the page of an issue. Its sections differ between editions."""
        library, language = self.inputs.library, self.inputs.site.language
        item = library.items[shown.path]
        has_pdf = not edition.is_public and item.slug in self.settings.get("PORTAL_PDF_ISSUES", ())
        contents = lambda: contents_of(item, edition, library, language, self.on)  # noqa: E731
        pages.write_issue(shown, contents, f"{item.slug}.pdf" if has_pdf else "")

    def _copy_files(self, paths: frozenset[str], folder: str) -> None:
        """Copy files below content/; raise FileExistsError rather than replace a file of the product."""
        for path in sorted(paths):
            if not self.tree.keep(f"{folder}/{path}", self.inputs.pictures.published_digests(path)[path]):
                self.tree.write(f"{folder}/{path}", self.inputs.pictures.published(path))

    def _write_renditions(self, edition: Edition, folder: str) -> None:
        """Write the renditions of the pictures on an edition's pages; equal pictures have the same ones."""
        items = [shown.item for shown in edition.items.values()]
        pictures, missing = self.inputs.pictures, defaultdict[str, list[str]](list)
        for address, path in dict(rendition_addresses(items, pictures)).items():
            if not self.tree.keep(f"{folder}/{address}", pictures.published_digests(path)[address]):
                missing[path].append(address)
        for path, addresses in missing.items():
            files = dict(pictures.renditions(path))
            for address in addresses:
                self.tree.write(f"{folder}/{address}", files[address])
