"""The paper check: what an issue can't print, found before anything is laid out.

A character without a font in the texts of an issue is an error with file and line. A member whose salutation or address
can't be printed is left out, with the reason.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, read_text, shown_path
from members_portal.newsletter.glyph_coverage import described
from members_portal.newsletter.issue import Article, Issue
from members_portal.newsletter.post.postal_address import NO_FONT, Missing
from members_portal.newsletter.post.recipients import MISFIT
from members_portal.newsletter.preflight.resolution import LEAST_PHOTO_DPI
from members_portal.newsletter.print_error import PrintError
from members_portal.portal.content.front.offer import Offer
from members_portal.publish.issue.mailing import Mailing, MailingBuilder
from members_portal.publish.issue.paper_fit import (
    JOINED_SCRIPT,
    MOST_COLUMNS,
    PictureFrame,
    is_joined,
    picture_fault,
    pictures_of,
    pictures_of_article,
    table_line,
    wide_tables,
)
from members_portal.publish.issue.print_contents import house_of, issue_of, readers_of

_TAG = re.compile(r"<[^>]*>")
NAMED_FILE = re.compile(r"(\S+\.md): (page \d+: `(.*)` is .*)")  # in a message of `check_layout`
_MARKS = re.compile(r"^(?:[\s>+#|-]|\d+[.)])*|[*_`]")  # of quotes, lists, headings, tables; of words in a line
FAULTS = (NO_FONT, MISFIT)  # reasons that somebody has to mend; the others are decisions


def paper_problems(builder: MailingBuilder, mailings: Iterable[Mailing]) -> list[Problem]:
    """Return the characters that the issues can't print, and the members left out because of a fault."""
    missing, problems = builder.printing.coverage.missing, set[Problem]()
    for mailing in (made := list(mailings)):
        for issue in mailing.issues.values():
            problems.update(_unprintable(issue, builder.context.content, missing))
        problems.update(
            sheet_left_out(mailing, member.id, reason, builder)
            for member, reason in mailing.choice.left_out
            if reason.startswith(FAULTS)
        )
    if made:
        problems.update(_beside_issues(builder, missing))
    return sorted(problems)


def check_issue(builder: MailingBuilder, mailing: Mailing) -> tuple[Problem, ...]:
    """Return the warnings about an issue on paper and its left-out members; raise InvalidInput when it has an error."""
    return check_degree(paper_problems(builder, [mailing]), strict=builder.context.strict)


def sheet_left_out(mailing: Mailing, member: str, reason: str, builder: MailingBuilder) -> Problem:
    """Return the problem of a member whose letter can't be printed."""
    file = shown_path(builder.context.content / mailing.newsletter.path)
    return Problem(file, 0, 0, f"no letter on paper for member {member}: {reason}").as_left_out()


def layout_problem(mailing: Mailing, error: PrintError, builder: MailingBuilder) -> InvalidInput:
    """Return an error of the layout of an issue as a problem of the file that it comes from."""
    content = builder.context.content
    if found := NAMED_FILE.search(str(error)):
        return InvalidInput([_located_text(content / found[1], found[3], found[2], "content that fits")])
    file, expected = content / mailing.newsletter.path, "texts that fit, such as a shorter `Greeting:`"
    return InvalidInput([_problem(file, "Greeting:", str(error), expected)])


def contents_problems(builder: MailingBuilder, faulty: Collection[str]) -> set[Problem]:
    """Return the problems of the issues of an incomplete library: characters, tables and pictures.

    `faulty` are the files with errors: their newsletters are not looked at.
    """
    missing, content, inputs = builder.printing.coverage.missing, builder.context.content, builder.inputs
    found = set(_beside_issues(builder, missing))
    for item in inputs.library.newsletters:
        if not (item.draft or shown_path(content / item.path) in faulty):
            for reader in readers_of(item, inputs.programme):
                found.update(_unprintable(issue_of(item, reader, inputs), content, missing))
    return found


def _unprintable(issue: Issue, content: Path, missing: Missing) -> Iterator[Problem]:
    labels = [line for chart in issue.charts for bar in chart.bars for line in bar.lines]
    charts = [text for chart in issue.charts for text in (chart.title, chart.alt, chart.note or "")]
    for label in labels:
        if is_joined(label):
            yield _problem(content / issue.file, label.split()[0], f"`{label}` {JOINED_SCRIPT}", "Latin labels")
    own = [issue.title, issue.summary, issue.editorial, *issue.greeting, *charts]
    yield from _in_file(content / issue.file, own, missing)
    yield from _fits(issue.editorial, pictures_of(issue), content / issue.file, content)
    for article in _articles(issue):
        file = content / article.file
        yield from _in_file(file, _texts(article), missing)
        yield from _fits(article.html, pictures_of_article(article), file, content)


def _beside_issues(builder: MailingBuilder, missing: Missing) -> Iterator[Problem]:
    """Yield the characters that letters can't print: of the house, the programme, and offers on coupons."""
    context, inputs = builder.context, builder.inputs
    house, programme = house_of(inputs), inputs.programme
    shown = [programme.name, *(tier.name for tier in programme.tiers)]
    shown += [text for manager in programme.account_managers for text in (manager.name, manager.role, manager.hours)]
    yield from _in_file(context.members / "programme.yaml", shown, missing)
    settings = (house.name, house.company, house.tagline, house.hours, *house.address)
    yield from _in_file(context.root / "pelicanconf.py", settings, missing)
    for item in inputs.library.items.values():
        if isinstance(item.front, Offer) and not item.draft:
            offer = (item.front.title, item.front.value, item.front.redeem, item.front.terms)
            yield from _in_file(context.content / item.path, offer, missing)


def _articles(issue: Issue) -> Iterator[Article]:
    for section in issue.sections:
        yield from section.articles
    yield from (*issue.promises, *issue.events)


def _texts(article: Article) -> Iterator[str]:
    yield from (article.title, article.summary, article.html)
    yield from (str(value) for value in vars(article.front).values() if isinstance(value, str))


def _in_file(path: Path, texts: Iterable[str], missing: Missing) -> Iterator[Problem]:
    for character in missing(unescape(_TAG.sub(" ", " ".join(texts)))):
        what = f"no font on this machine can print {described(character)}"
        yield _problem(path, character, what, "another character, or a font that has it")


def _fits(html: str, pictures: Iterable[tuple[str, PictureFrame]], file: Path, content: Path) -> Iterator[Problem]:
    for columns in wide_tables(html):
        what = f"a table of {columns} columns is too wide for paper"
        expected = f"at most {MOST_COLUMNS} columns"
        line = table_line(read_text(file), columns)
        yield Problem(shown_path(file), line, 1, what, expected) if line else _problem(file, "<tr", what, expected)
    for path, frame in pictures:
        what, is_error = picture_fault(content / path, frame)
        if what:
            expected = "paths instead of it" if path.lower().endswith(".svg") else f"{LEAST_PHOTO_DPI} dpi"
            problem = _problem(file, _needle(read_text(file), path), f"{path} {what}", expected)
            yield problem if is_error else problem.as_warning()


def _located_text(path: Path, shown: str, what: str, expected: str) -> Problem:
    """Return a problem at the line that begins with a text, after its marks; else at the first place of its words."""
    lines = [(number, _MARKS.sub("", line)) for number, line in enumerate(read_text(path).split("\n"), 1)]
    word = max(shown.split(), key=len)
    begins = next((number for number, line in lines if line.startswith(shown)), 0)
    line = begins or next((number for number, line in lines if word in line), 0)
    return Problem(shown_path(path), line, 1 if line else 0, what, expected)


def _needle(text: str, path: str) -> str:
    """Return the form in which a text has the path of a picture: whole before the name alone, plain before encoded."""
    name = path.rpartition("/")[2]
    forms = (path, quote(path), f"/{name}", f"/{quote(name)}", name, quote(name))
    return next((form for form in forms if form in text), name)


def _problem(path: Path, word: str, what: str, expected: str) -> Problem:
    """Return a problem at the first place of a word in a file."""
    lines = read_text(path).split("\n")
    line = next((number for number, text in enumerate(lines, 1) if word in text), 0)
    column = lines[line - 1].index(word) + 1 if line else 0
    return Problem(shown_path(path), line, column, what, expected)
