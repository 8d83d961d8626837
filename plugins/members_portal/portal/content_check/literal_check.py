"""Literal check: markup that readers see as it was written, since nothing here converts it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content_check.source_text import SourceText


class Literal(NamedTuple):
    """A form of markup, the problem with it, and the expected form. Where it is shown, the HTML has one of `signs`.

    A group `sign` in the pattern is the part to search for in the HTML; without it, the whole match is.
    """

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    what: str
    expected: str


def _literal(signs: str, pattern: str, what: str, expected: str) -> Literal:
    return Literal(tuple(signs.split()), re.compile(pattern, re.MULTILINE | re.IGNORECASE), what, expected)


_WORDPRESS = "audio|button|caption|contact-form[\\w-]*|embed|gallery|playlist|video|youtube|vimeo|vc_\\w+|et_pb_\\w+"
_EMOJI = "a name of an emoji is shown as text"
_BOX = "`!!! note`, and indented text below it"
LITERALS = (
    _literal(
        "[ {{ {:",
        r"\[\[_?toc_?\]\]|\[toc\b[^\]\n]{0,100}\](?![(\[:])|\{:toc\}|\{\{[<%]?\s?\w{0,20}toc\w{0,20}\s?[>%]?\}\}",
        "a table of contents of another system is shown as text",
        "`Contents: true` in the front matter",
    ),
    _literal(
        "%%",
        r"(?P<sign>%%)(?!%)[^%]{1,2000}%%(?!%)",
        "a comment of another system: readers see it",
        "`<!-- … -->`, which is not published",
    ),
    _literal("{{", r"\{\{[<%].{0,300}?[>%]\}\}", "a shortcode of another system is shown as text", "markdown or HTML"),
    _literal("{%", r"\{%.{0,300}?%\}", "a template tag is shown as text", "markdown or HTML"),
    _literal("{{", r"\{\{(?![<%]).{0,300}?\}\}", "a template variable is shown as text", "the text itself"),
    _literal(
        "[",
        rf"\[/?(?:{_WORDPRESS})\b[^\]\n]{{0,300}}\](?![(\[:])",
        "a shortcode of another system is shown as text",
        "markdown or HTML",
    ),
    _literal(
        "[[",
        r"!?\[\[[^\]\n]{1,300}\]\](?!\()",
        "a wiki link is shown as text",
        "a link such as [words](../reports/x.md)",
    ),
    _literal(":::", r"^[ \t]*:::+.*$", "a container of another markdown is shown as text", _BOX),
    _literal(
        "!!! ???",
        r"^[ \t]*(?:!!!|\?\?\?)[+ ].*$",
        "an admonition is shown as text",
        "a blank line before it, and indented text",
    ),
    _literal(
        "[!",
        r"\[![A-Z][A-Z-]{1,30}\][+-]?(?![(\[])",
        "a callout of another system is shown as text",
        _BOX,
    ),
    _literal("==", r"(?<![=<>!])==[^=\s][^=\n]{0,300}==(?!=)", "a highlight is shown as text", "`<mark>`"),
    _literal("++", r"(?<![\w+])\+\+[^+\s][^+\n]{0,300}\+\+(?![\w+])", "an insertion is shown as text", "`<ins>`"),
    _literal("~", r"(?<=\w)~[^~\s]{1,20}~(?!~)", "a subscript is shown as text", "`<sub>`"),
    _literal("^", r"(?<=\w)\^[^^\s[\]]{1,20}\^(?!\^)", "a superscript is shown as text", "`<sup>`"),
    _literal("$$", r"\$\$[^$]{1,500}\$\$", "a formula is shown as text", "words, or a picture of the formula"),
    _literal(
        "{",
        r"(?<!\{)\{:?[ ]?[.#][a-z][\w-]*(?:[ ][^{}\n]{1,200})?\}",
        "attributes are shown as text",
        "`{…}` behind a heading, or in the line below a paragraph",
    ),
    _literal("~~", r"~~[^~\n]{1,300}~~", "a strike-through is shown as text", "`<del>`"),
    _literal(":", r"(?<!\S):[a-z][a-z_+-]+:(?!\S)", _EMOJI, "the character itself"),
    _literal("[^", r"\[\^[^\]\n]{1,300}\](?!:)", "a footnote without a text", "a line `[^name]: …` with its text"),
    _literal(
        "]",
        r"\[[^\]\n]{1,300}\] \((?=[^)\s]{0,300}[/.#@])[^)\s]{1,300}\)",
        "a link is shown as text",
        "no space before `(`",
    ),
    _literal(
        ")[",
        r"\([^()\n]{1,300}\)\[[^\]\n]{0,300}[/.][^\]\n]{0,300}\]",
        "a link is shown as text",
        "brackets first: [words](target)",
    ),
    _literal(
        "][",
        r"\[[^\]^\n]{1,300}\]\[[^\]\n]{0,300}\]",
        "a link without a target is shown as text",
        "a line `[name]: target`",
    ),
    _literal("](", r"\[[^\]\n]{1,300}\]\((?=\S{0,300}[/.#])[^)\n]{0,300}$", "a link isn't closed", "a `)`"),
    _literal(
        "](",
        r"!?\[[^\]^\n]{1,300}\]\([^)\n]{1,300}\)",
        "a link is shown as text: HTML around it",
        "`<a href=…>`, or no HTML around it",
    ),
    _literal("&lt;!", r"<!--", "a comment isn't closed: readers see it", "`-->` at its end"),
    _literal(
        "**",
        r"\*\*[^*\s][^*\n]{0,300}\*\*",
        "bold is shown as text: HTML around it, or a space inside",
        "`<strong>`, or no space",
    ),
    _literal(")", r"^ {0,3}[0-9]+\)[ \t]+\S.*$", "a numbered list is shown as text", "a dot: `1. `"),
    _literal("• · ‣ ▪ ●", r"^ {0,3}[•·‣▪●][ \t]+\S.*$", "a list is shown as text", "`- ` before each part"),
    _literal("[", r"^[ \t]*[-*+] \[[ x]\] .*$", "a task list is shown as text", "a blank line before it"),
)


def literal_problems(source: SourceText) -> Iterator[Problem]:
    """Yield a warning for each piece of markup that stays literal."""
    taken: set[int] = set()  # the indexes of pieces that an earlier form explains
    for literal in LITERALS:
        if not any(sign in source.html for sign in literal.signs):
            continue
        for found in source.find(literal.pattern):
            place = range(found.start(), found.end())
            shown = found["sign"] if "sign" in literal.pattern.groupindex else found[0]
            if taken.isdisjoint(place) and source.shows(shown):
                taken.update(place)
                yield source.warning(found.start(), f"`{_cut(found[0])}`: {literal.what}", literal.expected)


def _cut(text: str) -> str:
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= 40 else f"{text[:39]}…"
