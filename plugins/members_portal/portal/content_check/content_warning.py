"""All warnings of the content, for one day."""

from collections.abc import Iterator
from datetime import date

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.body import Body
from members_portal.portal.content.front_matter import Document, find_link
from members_portal.portal.content.library import Library
from members_portal.portal.content_check.character_check import character_problems
from members_portal.portal.content_check.day_check import day_problems
from members_portal.portal.content_check.expired_links import expired_links
from members_portal.portal.content_check.folder_check import folder_problems
from members_portal.portal.content_check.html_check import html_problems
from members_portal.portal.content_check.literal_check import literal_problems
from members_portal.portal.content_check.source_text import SourceText
from members_portal.portal.content_check.text_check import text_problems

TEXT_CHECKS = (literal_problems, html_problems, text_problems, character_problems)


def content_warnings(library: Library, on: date) -> Iterator[Problem]:
    """Yield the warnings of all texts, days and files."""
    for path, document in library.documents.items():
        yield from _text_warnings(document, library.bodies[path])
    for check_library in (day_problems, folder_problems, expired_links):
        yield from check_library(library, on)


def _text_warnings(document: Document, body: Body) -> Iterator[Problem]:
    """Yield the warnings of a text, but for the places of its refused markup, which are errors."""
    if body.refused and not body.html:  # too much work to convert
        return
    source, refused = SourceText(document, body.html), {find_link(document, each.needle) for each in body.refused}
    for check in TEXT_CHECKS:
        yield from (problem for problem in check(source) if (problem.line, problem.column) not in refused)
