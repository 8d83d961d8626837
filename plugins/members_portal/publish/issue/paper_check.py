"""The paper check: what an issue can't print, found before anything is laid out.

A character without a font in the texts of an issue is an error with file and line. A member whose salutation or address
can't be printed is left out, with the reason.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from members_portal.loyalty.input.problem import Problem, read_text, shown_path
from members_portal.newsletter.glyph_coverage import described
from members_portal.newsletter.issue import Article, Issue
from members_portal.newsletter.post.postal_address import NO_FONT, Missing
from members_portal.newsletter.post.recipients import MISFIT
from members_portal.portal.content.item import Item
from members_portal.publish.issue.mailing import Mailing, MailingBuilder

_TAG = re.compile(r"<[^>]*>")
FAULTS = (NO_FONT, MISFIT)  # reasons that somebody has to mend; the others are decisions


def paper_problems(builder: MailingBuilder, mailings: Iterable[Mailing]) -> list[Problem]:
    """Return the characters that the issues can't print, and the members left out because of a fault."""
    missing, problems = builder.printing.coverage.missing, set[Problem]()
    for mailing in mailings:
        for issue in mailing.issues.values():
            problems.update(_unprintable(mailing, issue, builder, missing))
        problems.update(
            sheet_left_out(mailing, member.id, reason, builder)
            for member, reason in mailing.choice.left_out
            if reason.startswith(FAULTS)
        )
    return sorted(problems)


def sheet_left_out(mailing: Mailing, member: str, reason: str, builder: MailingBuilder) -> Problem:
    """Return the problem of a member whose letter can't be printed."""
    file = shown_path(builder.context.content / mailing.newsletter.path)
    return Problem(file, 0, 0, f"no letter on paper for member {member}: {reason}").as_left_out()


def _unprintable(mailing: Mailing, issue: Issue, builder: MailingBuilder, missing: Missing) -> Iterator[Problem]:
    inputs = builder.inputs
    charts = [text for chart in issue.charts for text in (chart.title, chart.alt, chart.note or "")]
    own = [issue.title, issue.summary, issue.editorial, *issue.greeting, *charts]
    yield from _in_file(mailing.newsletter, own, builder, missing)
    items = {inputs.site.address + item.url: item for item in inputs.library.items.values()}
    for article in _articles(issue):
        yield from _in_file(items[article.url], _texts(article), builder, missing)


def _articles(issue: Issue) -> Iterator[Article]:
    for section in issue.sections:
        yield from section.articles
    yield from (*issue.promises, *issue.events)


def _texts(article: Article) -> Iterator[str]:
    yield from (article.title, article.summary, article.html)
    yield from (str(value) for value in vars(article.front).values() if isinstance(value, str))


def _in_file(item: Item, texts: Iterable[str], builder: MailingBuilder, missing: Missing) -> Iterator[Problem]:
    found = missing(unescape(_TAG.sub(" ", " ".join(texts))))
    if not found:
        return
    path = builder.context.content / item.path
    lines = read_text(path).split("\n")
    for character in found:
        line = next((number for number, text in enumerate(lines, 1) if character in text), 0)
        column = lines[line - 1].index(character) + 1 if line else 0
        what = f"no font on this machine can print {described(character)}"
        yield Problem(shown_path(path), line, column, what, "another character, or a font that has it")
