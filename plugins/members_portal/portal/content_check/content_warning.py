"""All warnings of the content, for one day."""

import json
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from functools import partial

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.body import Body
from members_portal.portal.content.front_matter import Document, find_text
from members_portal.portal.content.library import Library
from members_portal.portal.content_check.day_check import day_problems
from members_portal.portal.content_check.expired_links import expired_links
from members_portal.portal.content_check.folder_check import folder_problems
from members_portal.portal.content_check.markdown_check.block_check import block_problems
from members_portal.portal.content_check.markdown_check.character_check import character_problems
from members_portal.portal.content_check.markdown_check.html_check import html_problems
from members_portal.portal.content_check.markdown_check.literal_check import literal_problems
from members_portal.portal.content_check.markdown_check.source_text import SourceText
from members_portal.portal.content_check.markdown_check.text_check import text_problems

TEXT_WARNINGS = "text warnings"
TEXT_CHECKS = (literal_problems, block_problems, html_problems, text_problems, character_problems)


def content_warnings(library: Library, on: date, base: str = "") -> Iterator[Problem]:
    """Yield the warnings of all texts, days and files; `base` is the address of the site."""
    library.record.load(TEXT_WARNINGS)
    for path in library.documents:
        yield from _known_warnings(library, path)
    for check_library in (day_problems, folder_problems, partial(expired_links, base=base)):
        yield from check_library(library, on)


def _known_warnings(library: Library, path: str) -> list[Problem]:
    """Return the warnings of a text. Those of a valid item are kept in the work record."""
    item, document, body = library.items.get(path), library.documents[path], library.bodies[path]
    if item is None:
        return list(_text_warnings(document, body))
    if (data := library.record.find(TEXT_WARNINGS, item.digest)) is not None:
        return [Problem(*fields) for fields in json.loads(data)]
    found = list(_text_warnings(document, body))
    library.record.keep(TEXT_WARNINGS, item.digest, json.dumps([astuple(problem) for problem in found]).encode())
    return found


def _text_warnings(document: Document, body: Body) -> Iterator[Problem]:
    """Yield the warnings of a text, but for the places of its refused markup, which are errors."""
    if body.refused and not body.html:  # too much work to convert
        return
    source, refused = SourceText(document, body.html), {find_text(document, each.needle) for each in body.refused}
    for check in TEXT_CHECKS:
        yield from (problem for problem in check(source) if (problem.line, problem.column) not in refused)
