"""Addresses read by their glyphs: the text of a PDF is not reliable in scripts that reorder or join letters.

The address is laid out once more, alone. The window has to show the same glyphs of the same fonts in the same order.
"""

import io
from collections.abc import Iterable, Sequence
from html import escape

import pikepdf

from members_portal.newsletter.layout import Materials, lay_out, write_pdf
from members_portal.newsletter.preflight.trace import TracedText, Tracer
from members_portal.newsletter.preflight.typeface import read_typeface
from members_portal.newsletter.preflight.window_view import is_seen
from members_portal.newsletter.print_templates import Shell

Glyphs = tuple[tuple[str, tuple[int, ...]], ...]  # pairs of a font's name and glyph ids


def glyphs_of(texts: Iterable[TracedText]) -> Glyphs:
    """Return the glyphs of texts, in the order of painting."""
    return tuple((text.font, text.glyphs) for text in texts if is_seen(text))


def lay_out_addresses(addresses: Sequence[Sequence[str]], shell: Shell, materials: Materials) -> list[Glyphs]:
    """Return the glyphs of addresses, each given by its lines in the window."""
    document = lay_out(shell.around(map(_side, addresses)), materials, frozenset())
    found = []
    with pikepdf.open(io.BytesIO(write_pdf(document))) as pdf:
        for page in pdf.pages:
            shown = Tracer(page.resources, read_typeface).follow(page)
            found.append(glyphs_of(each for each in shown if isinstance(each, TracedText)))
    return found


def _side(lines: Iterable[str]) -> str:
    shown = "".join(f'<div class="value line" data-value="">{escape(line)}</div>' for line in lines)
    return f'<section class="sheet cover"><div class="recipient">{shown}</div></section>'
