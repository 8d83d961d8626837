"""The Pelican generator that writes public/, editions/, members/, and the slots of members in slots.tsv and slots.z.

Pelican's own generators are switched off in pelicanconf.py (no ARTICLE_PATHS, no DIRECT_TEMPLATES). All content is
rendered through an Edition, so no template can reach another tier's items.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader
from pelican.generators import Generator
from pelican.log import console

from members_portal import clock
from members_portal.loyalty.input.problem import shown_path
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.answering.answer_source import AnswerSource
from members_portal.portal.answering.answered_view import persons_by_page
from members_portal.portal.answering.form_view import TELL_US, AnswerWays, FormViews, change_form_url, seen_by_all
from members_portal.portal.desk.desk_file import has_desk
from members_portal.portal.event_calendar import CALENDAR, CalendarWriter
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.portal.personal.pass_source import PassSource
from members_portal.portal.personal.personal_parts import PersonalParts
from members_portal.portal.rendering.asset import (
    asset_versions,
    bundle_worker,
    complete_worker,
    public_digests,
    public_paths,
    theme_assets,
)
from members_portal.portal.rendering.dated_part import SameDays
from members_portal.portal.rendering.edition import Edition, make_editions
from members_portal.portal.rendering.edition_writer import EditionWriter
from members_portal.portal.rendering.font import build_fonts
from members_portal.portal.rendering.page import Theme
from members_portal.portal.rendering.page_record import PageRecord, RenderWork, ShownDigests
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.template_functions import TemplateFunctions, has_additions
from members_portal.portal.site_settings import Contact, read_site_settings
from members_portal.whole_file import make_private, private_umask
from members_portal.work_record import digest_of

log = logging.getLogger(__name__)

WORKER = "js/sw.js"
UNSEALED = "0" * 16  # the nonce of slots in a tree that Pelican alone renders: it is never sealed
SWITCHED_OFF = (
    "ARTICLE_PATHS",
    "PAGE_PATHS",
    "STATIC_PATHS",
    "THEME_STATIC_PATHS",
    "THEME_TEMPLATES_OVERRIDES",
    "DIRECT_TEMPLATES",
    "TEMPLATE_PAGES",
)


class UnsafeSettings(Exception):
    """Raised when a Pelican setting would publish content outside the editions, or print text unescaped."""


def refuse_unsafe_settings(pelican: Any) -> None:
    """Refuse settings under which Pelican would publish content by itself or print it unescaped."""
    settings = pelican.settings
    for name in SWITCHED_OFF:
        if settings.get(name):
            raise UnsafeSettings(f"{name} must be empty: content reaches a page only through an edition")
    if settings["JINJA_ENVIRONMENT"].get("autoescape") is not True:
        raise UnsafeSettings("JINJA_ENVIRONMENT needs autoescape=True")


@dataclass(frozen=True)
class Site:
    """The company and its programme, as templates see them; `root` is the path of the portal's `address`."""

    name: str
    root: str
    address: str
    tagline: str
    company: str
    language: str
    contact: Contact
    programme: str
    points: str


class EditionsGenerator(Generator):
    """Renders each edition once, and each member's slots once."""

    def generate_context(self) -> None:
        """Read and check the inputs, unless PORTAL_INPUTS holds them."""
        console.quiet = "PORTAL_INPUTS" in self.settings
        self.inputs: Inputs = self.settings.get("PORTAL_INPUTS") or self._load_inputs()
        self.on = self.inputs.on
        self.stated_day = self.on if self.settings.get("PORTAL_TODAY") else None
        self.cache = Path(self.settings.get("PORTAL_CACHE") or Path(self.output_path).parent / "cache")

    def _load_inputs(self) -> Inputs:
        site = read_site_settings(self.settings, Path("pelicanconf.py"))
        today = site.today or clock.today(site.timezone)
        now = None if site.today else clock.now().astimezone(site.timezone)
        inputs = load_inputs(Path(self.path), Path(self.settings["PORTAL_MEMBERS"]), today, site, now=now)
        for warning in inputs.warnings:
            log.log(logging.WARNING if warning.is_warning else logging.INFO, "%s", warning)
        return inputs

    def _prepare_theme(self) -> Theme:
        self.env.loader = FileSystemLoader(Path(self.theme) / "templates")  # without Pelican's own theme
        jinja = {key: value for key, value in self.settings["JINJA_ENVIRONMENT"].items() if key != "bytecode_cache"}
        self.jinja = None if has_additions(self.env, jinja) else jinja
        self.static = theme_assets(Path(self.theme) / "static")
        self.nonce = self.settings.get("PORTAL_SLOT_NONCE") or UNSEALED
        is_fixed = self.stated_day is not None or self.nonce == UNSEALED
        days, language = SameDays(self.on), self.inputs.site.language
        self.functions = TemplateFunctions(
            asset_versions(self.static), self.nonce, is_fixed, language, self.inputs.programme.currency
        )
        self.functions.add_to(self.env, self.inputs.pictures, days, self.static)
        self.env.globals["form_of"] = FormViews(self.inputs.programme).view
        common = {
            "site": self._site(),
            "stated_day": self.stated_day,
            "has_till": bool(self.settings.get("PORTAL_TILL")),
            "has_desk": has_desk(self.inputs.members),
            "has_camera_library": "js/qr/decode.js" in self.static,
            "ways": self._answer_ways(),
            "tell_us": self._has_tell_us(),
        }
        self.work: RenderWork = self.settings.get("PORTAL_WORK") or RenderWork()
        shown, items = ShownDigests(self.inputs.pictures), self.inputs.library.items
        base = digest_of(self.work.base, repr(common), self.nonce, language)
        record = PageRecord(
            self.work.record, base, self.on, lambda path: shown.of_item(items[path]).hex() if path in items else ""
        )
        persons = persons_by_page(self.inputs.received, items.values())
        issues = digest_of(*(item.head for item in self.inputs.library.newsletters))
        folder, programme = Path(self.theme) / "templates", self.inputs.programme
        return Theme(self.env, folder, common, self.nonce, days, record, shown, programme, issues, persons)

    def _site(self) -> Site:
        site, programme = self.inputs.site, self.inputs.programme
        return Site(
            name=site.name,
            root=site.root,
            address=site.address,
            tagline=site.tagline,
            company=site.company,
            language=site.language,
            contact=site.contact,
            programme=programme.name,
            points=programme.points.name,
        )

    def _answer_ways(self) -> AnswerWays:
        """Return the ways of answers; without a key where Pelican renders alone."""
        source: AnswerSource | None = self.settings.get("PORTAL_ANSWER_SOURCE")
        answers = self.inputs.site.answers
        if source is None:
            return AnswerWays(endpoint=answers.endpoint, email=answers.email)
        return AnswerWays(source.public_key, source.site, answers.endpoint, answers.email)

    def _calendars(self) -> CalendarWriter:
        """Return the writer of calendars; events have ids of the site's host where Pelican renders alone."""
        source: AnswerSource | None = self.settings.get("PORTAL_ANSWER_SOURCE")
        site = self.inputs.site
        name = source.site if source else urlsplit(site.url).hostname or ""
        self.work.record.load(CALENDAR)
        return CalendarWriter(site.address, name, site.timezone, self.work.record, self.work.base)

    def _has_tell_us(self) -> bool:
        """Tell whether all members can see the form that the foot of every page links to."""
        item = self.inputs.library.items.get(TELL_US)
        return item is not None and seen_by_all(item, self.inputs.programme.ladder, self.on)

    def generate_output(self, _writer: Any) -> None:
        """Write the tree without Pelican's writer. Only its owner can read it."""
        make_private(Path(self.output_path))
        with private_umask():
            self._write_all()
        if "PORTAL_INPUTS" not in self.settings:
            self._tell()

    def _tell(self) -> None:
        """Say what Pelican alone has made, instead of its own sentence about 0 articles and 0 pages."""
        folder, count = shown_path(Path(self.output_path)), len(self.inputs.members)
        editions = ", ".join(self.inputs.programme.readers)
        made = f"Rendered into {folder}/: the editions {editions}, and the parts of {count} members.\n"
        caution = "All of it is in plaintext: never deploy this folder. `make publish` makes a sealed release."
        console.print(made + caution, soft_wrap=True, markup=False, highlight=False)
        console.quiet = True

    def _write_all(self) -> None:
        programme, library, theme = self.inputs.programme, self.inputs.library, self._prepare_theme()
        self.tree = RenderedTree(Path(self.output_path), self.work.tree_memory)
        self._write_static()
        editions = make_editions(programme.readers, library, programme, self.on)
        self._encode_pictures(editions.values())
        versions, calendars = asset_versions(self.static), self._calendars()
        writer = EditionWriter(self.inputs, self.tree, theme, self.settings, versions, calendars, self.on)
        for edition in editions.values():
            writer.write(edition)
        self._write_worker()
        self._write_members(editions, theme)
        self.tree.remove_rest()
        theme.record.keep()
        self.work.digests.update(self.tree.digests)

    def _write_static(self) -> None:
        for path, content in self.static.items():
            if path != WORKER:
                self.tree.write(f"{PUBLIC}/theme/{path}", content)
        key = self.settings.get("PORTAL_CACHE_KEY", b"")
        for name, data in build_fonts(self.inputs.site.fonts, self.cache / "fonts", key):
            self.tree.write(f"{PUBLIC}/theme/fonts/{name}", data)

    def _write_worker(self) -> None:
        """Write the service worker with its scripts, the public key, and digests and paths of the public files.

        The public files must be complete. The scope of a service worker is its own folder.
        """
        public = Path(self.output_path) / PUBLIC
        self.tree.remove_rest(PUBLIC)
        script = bundle_worker(self.static.get(WORKER, b"").decode(), lambda path: (public / path).read_text("utf-8"))
        key = self.settings.get("PORTAL_PUBLIC_KEY", "")
        endpoint = self.inputs.site.answers.endpoint
        complete = complete_worker(script, public_digests(public), key, public_paths(public), endpoint)
        self._write_text(f"{PUBLIC}/sw.js", complete)

    def _join_address(self) -> str:
        """Return the address of the form for joining, if there is a form of the kind `referral` too; else nothing."""
        items = self.inputs.library.items.values()
        shown = [item for item in items if item.front.form and item.shown_since(STAFF, self.on)]
        has_link = any(item.front.form and item.front.form.kind == "referral" for item in shown)
        joins = [item.url for item in shown if item.front.form and item.front.form.kind == "join"]
        return f"{self.inputs.site.address}{joins[0]}" if has_link and joins else ""

    def _slot_base(self) -> dict[str, object]:
        """Return the context of all slot templates."""
        change = change_form_url(self.inputs.library.items.values(), self.inputs.programme.ladder, self.on)
        addresses = {"join": self._join_address(), "change_form": change}
        return {"site": self._site(), "root": self.inputs.site.root, **addresses}

    def _write_members(self, editions: Mapping[str, Edition], theme: Theme) -> None:
        """Write the own files of all members, and their slots."""
        passes: PassSource | None = self.settings.get("PORTAL_PASS_SOURCE")
        PersonalParts(
            self.inputs,
            theme,
            self.functions,
            self.jinja,
            self._slot_base(),
            self.settings.get("PORTAL_LETTERS", {}),
            self.settings.get("PORTAL_COUPONS"),
            self.stated_day is not None,
            self.settings.get("PORTAL_WORK"),
            self.cache,
            self.settings.get("PORTAL_SPREAD"),
            passes,
            self.settings.get("PORTAL_ANSWER_SOURCE"),
        ).write(self.tree, editions)

    def _encode_pictures(self, editions: Collection[Edition]) -> None:
        """Encode the pictures that the cache lacks; remove from the cache those that are no longer used."""
        managers = self.inputs.programme.account_managers
        photos = {manager.photo for manager in managers if manager.photo}
        self.inputs.pictures.prepare(sorted(photos.union(*(edition.files for edition in editions))))
        self.inputs.pictures.forget_unused()

    def _write_text(self, path: str, text: str) -> None:
        self.tree.write(path, text.encode())
