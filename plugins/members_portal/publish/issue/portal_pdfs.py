"""Stage 4: newsletters as PDFs, one for each edition, and a letter for each chosen member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from members_portal.loyalty.input.problem import Problem, check_degree
from members_portal.loyalty.member.member import Member
from members_portal.newsletter.issue import Sheet
from members_portal.newsletter.letter.job import Order
from members_portal.newsletter.letter.planning import Layouts, Planner, page_count
from members_portal.newsletter.letter.screen_pdf import edition_pdf, letters
from members_portal.newsletter.letter.sheets import Tools
from members_portal.newsletter.press.postage import LEAF
from members_portal.newsletter.print_error import PrintError
from members_portal.publish.issue.letter_weight import weight_problems
from members_portal.publish.issue.mailing import Mailing, MailingBuilder
from members_portal.publish.issue.member_sheets import sheets_of
from members_portal.publish.issue.paper_check import layout_problem, sheet_left_out
from members_portal.publish.issue.pdf_reuse import ReleasedPdfs


@dataclass(frozen=True)
class PortalPdfs:
    """The PDFs of a release: `issues`: slugs with a PDF per edition; `letters`: ids of members by slug.

    `passes` are the ids of the members with an Apple Wallet pass.
    """

    issues: frozenset[str] = frozenset()
    letters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    passes: frozenset[str] = frozenset()

    def settings(self) -> dict[str, Any]:
        """Return the settings for the pages' links to PDFs."""
        return {"PORTAL_PDF_ISSUES": self.issues, "PORTAL_LETTERS": self.letters}


def portal_pdfs(builder: MailingBuilder, mailings: list[Mailing]) -> PortalPdfs:
    """Return the list of PDFs that stage 4 will write."""
    holders = {mailing.slug: frozenset(member.id for member in builder.holders(mailing)) for mailing in mailings}
    return PortalPdfs(frozenset(holders), {slug: members for slug, members in holders.items() if members})


def write_letters(
    builder: MailingBuilder, mailings: list[Mailing], tree: Path, released: ReleasedPdfs
) -> list[Problem]:
    """Write all PDFs into the folders of their editions and members in the rendered tree.

    Return the members whose sheet was left out of their letter, with the reason, and warnings about weight.
    """
    left_out: list[Problem] = []
    with ExitStack() as stack:
        writer = _PdfWriter(builder, tree, released, stack)
        for mailing in mailings:
            refused = writer.write(mailing)
            left_out += [sheet_left_out(mailing, member, reason, builder) for member, reason in refused.items()]
    builder.keep_templates()
    return [*left_out, *check_degree(writer.warned, strict=builder.context.strict)]


def check_issue_layout(builder: MailingBuilder, mailing: Mailing) -> list[Problem]:
    """Lay out an issue and the sheets of its letters; raise InvalidInput when a text does not fit its page.

    Return the warnings about the weight of its letters.
    """
    if not builder.inputs.site.url:
        return []
    sheets = screen_sheets(builder, mailing, mailing.choice.members)
    planner = builder.planner(mailing, sheets, sorted(mailing.issues))
    with builder.tools() as tools:
        layouts = laid_out(builder, mailing, planner, tools)
    return list(weight_problems(builder, mailing, planner, layouts.sheets))


def laid_out(builder: MailingBuilder, mailing: Mailing, planner: Planner, tools: Tools) -> Layouts:
    """Return the layouts of an issue; raise InvalidInput when a text does not fit its page."""
    try:
        return planner.layouts(tools)
    except PrintError as error:
        raise layout_problem(mailing, error, builder) from error


def screen_sheets(builder: MailingBuilder, mailing: Mailing, holders: Sequence[Member]) -> list[Sheet]:
    """Return the sheets of the letters in the portal."""
    return [sheet.for_screen() for sheet in sheets_of(builder, mailing, holders)]


class _PdfWriter:
    """Writes PDFs; starts workers only when the release in force lacks one."""

    def __init__(self, builder: MailingBuilder, tree: Path, released: ReleasedPdfs, stack: ExitStack) -> None:
        self.builder, self.tree, self.released, self.stack = builder, tree, released, stack
        self.tools: Tools | None = None
        self.warned: list[Problem] = []

    def write(self, mailing: Mailing) -> dict[str, str]:
        """Write the PDFs of one issue, first the reusable ones; return the reasons of refused sheets by member id."""
        readers, holders = self.builder.readers(mailing.newsletter), self.builder.holders(mailing)
        members = {member.id: member for member in holders}
        sheets = screen_sheets(self.builder, mailing, holders)
        editions = sorted({*readers, *(sheet.edition for sheet in sheets)})
        planner = self.builder.planner(mailing, sheets, editions)
        name, own = f"{mailing.newsletter.url}{mailing.slug}.pdf", letter_path(mailing.slug)
        keys = {reader: self.released.key(planner.edition_keys[reader]) for reader in readers}
        lacking = {
            reader: key
            for reader, key in keys.items()
            if not self._put(f"editions/{reader}/{name}", self.released.of_edition(reader, name, key))
        }
        letter_keys = {member: self.released.key(key) for member, key in planner.letter_keys().items()}
        waiting = {
            member: key
            for member, key in letter_keys.items()
            if not self._put(f"members/{member}/{own}", self.released.of_member(members[member], own, key))
        }
        if lacking or waiting:
            return self._make(mailing, planner, lacking, waiting, name, own)
        pages: dict[str, int] = {}
        self.warned += weight_problems(
            self.builder, mailing, planner, partial(self._sheets, pages, dict.fromkeys(readers, name), own)
        )
        return {}

    def _sheets(self, pages: dict[str, int], issues: Mapping[str, str], letter: str, order: Order) -> int:
        """Return the number of sheets of paper of a letter, from the PDFs in the tree.

        `pages` holds the pages that are counted already, by edition. `issues` are the addresses of the issue's PDFs by
        edition: those of members who had another edition on its day have none, and are counted in a letter.
        """
        if order.edition not in pages:
            issue = issues.get(order.edition)
            path = f"editions/{order.edition}/{issue}" if issue else f"members/{order.member}/{letter}"
            pages[order.edition] = page_count((self.tree / path).read_bytes()) - (0 if issue else len(order.sides))
        return (len(order.sides) + pages[order.edition]) // LEAF

    def _make(
        self, mailing: Mailing, planner: Planner, editions: dict[str, str], members: dict[str, str], name: str, own: str
    ) -> dict[str, str]:
        """Lay out and write the missing PDFs; `editions` and `members` map to the PDFs' keys."""
        self.tools = self.tools or self.stack.enter_context(self.builder.tools())
        layouts = laid_out(self.builder, mailing, planner, self.tools)
        self.warned += weight_problems(self.builder, mailing, planner, layouts.sheets)
        for reader, key in editions.items():
            self._put(f"editions/{reader}/{name}", edition_pdf(layouts.editions[reader], key))
        refused: dict[str, str] = {}
        if members:
            for member, pdf in letters(planner, layouts, self.tools, members, refused):
                self._put(f"members/{member}/{own}", pdf if member in members else None)
        return refused

    def _put(self, path: str, data: bytes | None) -> bool:
        """Write a file unless `data` is None; return whether it was written."""
        if data is None:
            return False
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return True


def letter_path(slug: str) -> str:
    """Return the path of a letter among the files of a member's record."""
    return f"letters/{slug}.pdf"
