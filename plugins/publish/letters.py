"""Stage 4: newsletters become PDFs, one for each edition, and a letter for each member they are meant for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins.newsletter.letter.reading import edition_pdf, letters
from plugins.newsletter.letter.sheets import Tools
from plugins.publish.bureau import Bureau, Mailing


def announced(bureau: Bureau, mailings: list[Mailing]) -> dict[str, Any]:
    """Return what pages are told of the PDFs that there will be."""
    holders = {mailing.slug: frozenset(member.id for member in bureau.holders(mailing)) for mailing in mailings}
    return {
        "PORTAL_PDF": frozenset(holders),
        "PORTAL_LETTERS": {slug: members for slug, members in holders.items() if members},
    }


def write_letters(bureau: Bureau, mailings: list[Mailing], tree: Path) -> None:
    """Write every PDF where the edition, or the member, that it belongs to has its files."""
    if not mailings:
        return
    with bureau.tools() as tools:
        for mailing in mailings:
            _write(bureau, mailing, tree, tools)


def _write(bureau: Bureau, mailing: Mailing, tree: Path, tools: Tools) -> None:
    sheets = list(bureau.sheets(mailing, bureau.holders(mailing)))
    readers = bureau.readers(mailing.newsletter)
    workshop = bureau.workshop(mailing, sheets, sorted({*readers, *(sheet.edition for sheet in sheets)}))
    layouts = workshop.layouts(tools)
    for reader in readers:
        pdf = edition_pdf(layouts.editions[reader])
        _put(tree / "editions" / reader / mailing.newsletter.url / f"{mailing.slug}.pdf", pdf)
    for member, pdf in letters(workshop, layouts, tools):
        _put(tree / "members" / member / letter_path(mailing.slug), pdf)


def letter_path(slug: str) -> str:
    """Return where a member's letter lies among the files that are theirs alone."""
    return f"letters/{slug}.pdf"


def _put(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


