"""Planning: issues and sheets in, layouts, jobs and orders out. Layouts are cached by a key of all their inputs."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import pikepdf

from members_portal import picture_file
from members_portal.newsletter.cache import key_of
from members_portal.newsletter.issue import Issue, Sheet
from members_portal.newsletter.layout import Materials, lay_out, write_pdf
from members_portal.newsletter.layout_check import check_layout
from members_portal.newsletter.letter.compositor import Forme
from members_portal.newsletter.letter.frame import frame_of
from members_portal.newsletter.letter.job import Job, Order
from members_portal.newsletter.letter.master import Master, Slot, lay_out_master
from members_portal.newsletter.letter.qr_code import QrPictures
from members_portal.newsletter.letter.sheets import Tools
from members_portal.newsletter.letter.tags import complete_tags
from members_portal.newsletter.letter.typesetter import Style
from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.press.postage import LEAF
from members_portal.newsletter.print_error import PrintError
from members_portal.newsletter.print_templates import QR_TEXTS, PrintTemplates, Shell
from members_portal.workers.executor import run_batches

LAYOUT_PACKAGES = ("weasyprint", "pydyf", "pikepdf", "uharfbuzz", "segno", "pillow", "fonttools", "tinycss2", "jinja2")
SIDES_PER_MASTER = 24  # sides per master: one master for a small club, several for a large one, so all cores have work


@dataclass(frozen=True)
class Plan:
    """The input of one layout: the pages of an edition (`variants`), or sides of sheets (`shell` and `sides`).

    `variants` are documents with the same pages; the first one that fills whole sheets of paper is used, or the last.
    `files` are the content paths that may be shown; `characters` are those of members' names.
    """

    edition: str
    variants: tuple[str, ...]
    shell: Shell | None
    sides: tuple[str, ...]
    files: frozenset[str]
    characters: str


@dataclass(frozen=True)
class Layouts:
    """Layouts by edition: the pages of the edition as a tagged PDF with bleed, and the masters of its sheets."""

    editions: Mapping[str, bytes]
    masters: Mapping[str, Sequence[Master]]

    def sheets(self, order: Order) -> int:
        """Return the number of sheets of paper of a letter."""
        return (len(order.sides) + self._page_counts[order.edition]) // LEAF

    @cached_property
    def _page_counts(self) -> dict[str, int]:
        return {edition: page_count(pdf) for edition, pdf in self.editions.items()}


class Planner:
    """Plans the letters of one issue: makes the layouts of its editions, the jobs and the orders of its sheets."""

    def __init__(
        self, templates: PrintTemplates, materials: Materials, issues: Mapping[str, Issue], sheets: Sequence[Sheet] = ()
    ) -> None:
        self.templates, self.materials, self.issues = templates, materials, issues
        self.longest = longest_texts(sheets)
        self.characters = "".join(sorted({character for sheet in sheets for character in sheet.name}))
        self.orders, self.sides = self._ordered(sheets)
        self.own_files = {sheet.member: sheet.files for sheet in sheets}
        self.files = {
            edition: issue.files.union(*(sheet.files for sheet in sheets if sheet.edition == edition))
            for edition, issue in issues.items()
        }

    def _ordered(self, sheets: Sequence[Sheet]) -> tuple[list[Order], dict[str, tuple[str, ...]]]:
        """Return the order of each sheet, and the distinct sides of each edition, which the orders number."""
        known: dict[str, dict[str, int]] = {edition: {} for edition in self.issues}
        placeholders = QrPictures(self.longest).placeholders
        orders = []
        for sheet in sheets:
            sides = self.templates.sides(sheet, self.issues[sheet.edition], placeholders)
            own = known[sheet.edition]
            numbers = tuple(own.setdefault(side.html, len(own)) for side in sides)
            values, codes = tuple(side.values for side in sides), tuple(side.codes for side in sides)
            orders.append(Order(sheet.member, sheet.edition, numbers, values, codes))
        return orders, {edition: tuple(sides) for edition, sides in known.items()}

    @cached_property
    def _page_plans(self) -> list[Plan]:
        return [
            Plan(edition, self.templates.editions(issue), None, (), issue.files, "")
            for edition, issue in self.issues.items()
        ]

    @cached_property
    def edition_keys(self) -> dict[str, str]:
        """Return the cache key of each edition's pages."""
        return {plan.edition: self._key(plan) for plan in self._page_plans}

    def letter_keys(self) -> dict[str, str]:
        """Return the cache key of each member's letter."""
        return {order.member: self._letter_key(order) for order in self.orders}

    def _letter_key(self, order: Order) -> str:
        own = json.dumps([order.values, order.codes])
        words = (*(self.sides[order.edition][side] for side in order.sides), own)
        pictures = self._pictures(self.own_files[order.member])
        return key_of("letter", self.edition_keys[order.edition], *words, *pictures)

    def layouts(self, tools: Tools) -> Layouts:
        """Lay out the pages of every edition, and the sides of all sheets in masters of up to 24 sides."""
        pages = self._page_plans
        sides = [plan for edition in self.issues for plan in self._side_plans(edition)]
        made = self._laid_out([*pages, *sides], tools)
        editions = {plan.edition: data for plan, data in zip(pages, made, strict=False)}
        masters: dict[str, list[Master]] = {edition: [] for edition in self.issues}
        for plan, data in zip(sides, made[len(pages) :], strict=True):
            masters[plan.edition].append(_from_bytes(data))
        return Layouts(editions, masters)

    def _side_plans(self, edition: str) -> Iterator[Plan]:
        sides, shell = self.sides[edition], self.templates.shell(self.issues[edition])
        for start in range(0, len(sides), SIDES_PER_MASTER):
            together = sides[start : start + SIDES_PER_MASTER]
            yield Plan(edition, (), shell, together, self.files[edition], self.characters)

    def _laid_out(self, plans: Sequence[Plan], tools: Tools) -> list[bytes]:
        """Return the layout of each plan, from the cache or new."""
        keys = [self._key(plan) for plan in plans]
        kept = [tools.cache.find(key) for key in keys]
        missing = [[plan] for plan, data in zip(plans, kept, strict=True) if data is None]
        made = run_batches(tools.workers, partial(lay_out_plan, materials=self.materials), missing)
        return [
            tools.cache.keep(key, next(made)) if data is None else data for key, data in zip(keys, kept, strict=True)
        ]

    @cached_property
    def materials_key(self) -> str:
        """Return the key of the inputs shared by all layouts: source code, theme, fonts and package versions."""
        source = [*sorted(Path(__file__).parents[1].rglob("*.py")), Path(picture_file.__file__)]
        fonts = [path for _, path in self.materials.fonts]
        theme = sorted(path for path in self.materials.theme.rglob("*") if path.is_file())
        named = [str(path.relative_to(self.materials.theme)) for path in theme]
        names = [name for name, _ in self.materials.fonts]
        versions = [f"{package} {version(package)}" for package in LAYOUT_PACKAGES]
        files = [_digest(path) for path in (*source, *fonts, *theme)]
        return key_of(*named, *names, *versions, *files)

    def _pictures(self, files: frozenset[str]) -> list[str]:
        """Return the paths of pictures with the digests of their content."""
        return [f"{path}\0{_digest(self.materials.content / path)}" for path in sorted(files)]

    def _key(self, plan: Plan) -> str:
        pictures = self._pictures(plan.files)
        shell = (plan.shell.before, plan.shell.after) if plan.shell else ()
        return key_of(self.materials_key, *plan.variants, *shell, *plan.sides, plan.characters, *pictures)

    def jobs(self, masters: Mapping[str, Sequence[Master]], *, tagged: bool = True) -> dict[str, Job]:
        """Return the job of each edition; print runs need no tags."""
        return {edition: self._job(edition, found, tagged) for edition, found in masters.items() if found}

    def _job(self, edition: str, masters: Sequence[Master], tagged: bool) -> Job:
        sides, shell = self.sides[edition], self.templates.shell(self.issues[edition])
        parts = (shell.before, shell.after, *sides, json.dumps(self.longest), str(tagged))
        return Job(
            edition=edition,
            key=key_of(self.materials_key, *parts, *map(to_bytes, masters)),
            shell=shell,
            sides=sides,
            formes=tuple(chain.from_iterable(formes_of(master, self.materials, tagged=tagged) for master in masters)),
            longest=self.longest,
            files=self.files[edition],
            materials=self.materials,
        )


def longest_texts(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Return the longest text of each kind of QR code."""
    texts = {kind: [text for sheet in sheets for text in read(sheet)] for kind, read in QR_TEXTS.items()}
    return {kind: max(found, key=len) for kind, found in texts.items() if found}


def lay_out_plan(batch: Sequence[Plan], materials: Materials) -> bytes:
    """Lay out one plan (a batch of one); return a PDF, or a serialised master."""
    (plan,) = batch
    try:
        return _laid_out(plan, materials)
    except PrintError as error:
        raise PrintError(f"edition {plan.edition}: {error}") from error


def _laid_out(plan: Plan, materials: Materials) -> bytes:
    if plan.shell:
        return to_bytes(lay_out_master(plan.shell, plan.sides, plan.files, materials, plan.characters))
    for variant in plan.variants:
        document = lay_out(variant, materials, plan.files)
        if len(document.pages) % LEAF == 0:
            break
    check_layout(document)
    return complete_tags(write_pdf(document))


def formes_of(master: Master, materials: Materials, *, tagged: bool) -> list[Forme]:
    """Return the forme of each side of a master."""
    files = dict(materials.fonts)
    fonts = tuple((font, files[name]) for font, name in sorted(master.fonts.items()))
    with pikepdf.open(io.BytesIO(master.pdf)) as pdf:
        return [
            Forme(frame_of(pdf.pages[page], slots, tagged=tagged), fonts, master.glyphs)
            for page, slots in zip(master.pages, master.slots, strict=True)
        ]


def page_count(data: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_bytes(master: Master) -> bytes:
    """Serialise a master: a line of JSON, then the PDF."""
    note = {
        "pages": master.pages,
        "codes": [code and asdict(code) for code in master.codes],
        "kept": [zone and asdict(zone) for zone in master.kept],
        "fonts": master.fonts,
        "glyphs": {font: sorted(glyphs) for font, glyphs in master.glyphs.items()},
        "slots": [[asdict(slot) for slot in slots] for slots in master.slots],
    }
    return json.dumps(note, sort_keys=True).encode() + b"\n" + master.pdf


def _from_bytes(data: bytes) -> Master:
    """Parse the form of `to_bytes`."""
    head, _, pdf = data.partition(b"\n")
    note = json.loads(head)
    slots = tuple(tuple(_slot(each) for each in side) for side in note["slots"])
    glyphs = {font: frozenset(numbers) for font, numbers in note["glyphs"].items()}
    codes, kept = (tuple(zone and Zone(**zone) for zone in note[name]) for name in ("codes", "kept"))
    return Master(pdf, tuple(note["pages"]), slots, codes, kept, note["fonts"], glyphs)


def _slot(note: dict[str, Any]) -> Slot:
    return Slot(**{**note, "style": _style(note["style"]) if note["style"] else None})


def _style(note: dict[str, Any]) -> Style:
    return Style(**{**note, "features": tuple((name, value) for name, value in note["features"])})
