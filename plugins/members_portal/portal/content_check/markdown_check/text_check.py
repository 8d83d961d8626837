"""Text check: headings, pictures, footnotes and links of a text that work, but not as an editor may expect."""

import re
from collections.abc import Iterator
from html import unescape
from ipaddress import ip_address

from members_portal.loopback import is_loopback
from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.attachment import PICTURE_TYPES
from members_portal.portal.content_check.markdown_check.source_text import SourceText

ALTERNATIVE = "a description of the picture"
WHOLE_ADDRESS = "an address such as https://a.example, mailto:a@b.example or tel:+353201234567"
LARGE_TEXT = 100_000  # characters: about 75 minutes of reading
_HEADING = re.compile(r"<h([1-6])[ >]")
_WRITTEN_HEADING = re.compile(
    r"^ {0,3}#{1,6}[^#\n].*$|^(?![ \t]*$)(?!.*\|)[^\n]+\n {0,3}(?:=+|-+)[ \t]*$|<h[1-6]\b", re.MULTILINE | re.IGNORECASE
)
_EMPTY_HEADING = re.compile(r"<h[1-6][^>]*>\s*</h")
_WRITTEN_EMPTY_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]*#*[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[(?P<alt>[^\]\n]{0,500})\](?=[(\[])|<img\b(?P<attributes>[^>]{0,2000})>", re.IGNORECASE)
_ALT = re.compile(r"""(?<!\S)alt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_FILE_NAME = re.compile(
    rf"[^\n]+\.(?:{'|'.join((*PICTURE_TYPES, 'heic', 'tiff?'))})|(?:IMG|DSC|DSCN|DSCF|PXL|MVI)[_-]?[0-9]\S*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\n]+)\]:", re.MULTILINE)
_EMPTY_LINK = re.compile(r'<a (?:(?!id=|name=)[^>])*href="[^"]*"[^>]*>\s*</a>')
_WRITTEN_EMPTY_LINK = re.compile(r"(?<!!)\[[ \t]{0,9}\]\(|<a\b[^>]{0,2000}>\s{0,9}</a>", re.IGNORECASE)
_LOST_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\]\n]{0,500})\]\([ \t]{0,9}<?(?P<target>[^)\n]{0,2000}?)>?\)")
_PARTIAL = re.compile(
    r"https?:(?!//[^/?#\s])\S*|mailto:(?![^@\s]+@[^@\s]+$)\S*|tel:(?!\+?[0-9 ()./-]{3,}$).*", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?P<origin>https?://(?:[^\s/@<>()\"']{1,100}@)?(?P<host>\[[0-9a-f:.]{2,45}\]|[^\s/:?#<>()\[\]\"'*_`]{1,253}))"
    r"[^\s<>()\[\]\"'`]*(?<![.,;:!?])",
    re.IGNORECASE,
)
_HREF = re.compile(r' href="(https?:[^"]*)"', re.IGNORECASE)
_PRIVATE_NAMES = ("home.arpa", "internal", "lan", "local", "localhost")
_NO_WORDS = re.compile(
    r"(?:alt|bild|foto|graphic|icon|illustration|image|img|logo|photo|photograph|pic|picture|screenshot)"
    r"(?:[ _-]?[0-9]+)?|alt(?:ernative)?[ -]text|placeholder|untitled|todo|tbd|x+|\W+",
    re.IGNORECASE,
)


def text_problems(source: SourceText) -> Iterator[Problem]:
    """Yield a warning for each part of a text that an editor may not expect."""
    yield from _heading_problems(source)
    yield from _picture_problems(source)
    yield from _note_problems(source)
    yield from _link_problems(source)
    yield from _address_problems(source)
    yield from _image_alt_problems(source)
    if len(source.document.body) > LARGE_TEXT:
        what = f"a text of {len(source.document.body):,} characters"
        yield source.warning(0, what, f"at most {LARGE_TEXT:,}, or several pages")


def _heading_problems(source: SourceText) -> Iterator[Problem]:
    """Find headings without words, main headings beside the title, and headings that skip a level."""
    for found in source.find(_WRITTEN_EMPTY_HEADING) if _EMPTY_HEADING.search(source.html) else ():
        yield source.warning(found.start(), "a heading without words", "words, or no `#`")
    levels = [int(level) for level in _HEADING.findall(source.html)]
    if not levels:
        return
    places = [found.start() for found in source.find(_WRITTEN_HEADING)]
    places = places if len(places) == len(levels) else [0] * len(levels)
    before = 1
    for level, at in zip(levels, places, strict=True):
        if level == 1:
            yield source.warning(at, "a second main heading: `Title:` is the first", "`##` for a heading in the text")
        elif level > before + 1:
            yield source.warning(at, f"a heading of level {level} after level {before}", f"`{'#' * (before + 1)}`")
        before = level


def _picture_problems(source: SourceText) -> Iterator[Problem]:
    """Find pictures without text alternative; HTML with `alt=""` is a decoration."""
    expected = f'{ALTERNATIVE}, or HTML with `alt=""` for a decoration'
    for found in source.find(_PICTURE) if "<img" in source.html else ():
        written = _ALT.search(found["attributes"] or "")
        alt = found["alt"] if found["alt"] is not None else (written[1] or written[2] or "") if written else None
        if alt is None or (found["alt"] is not None and not alt.strip()):
            yield source.warning(found.start(), "a picture without a text alternative", expected)
        elif fault := _alternative_fault(alt):
            yield source.warning(found.start(), fault, expected)


def _alternative_fault(alt: str) -> str:
    """Return why a text alternative says nothing about its picture; empty if it may."""
    alt = alt.strip()
    if _FILE_NAME.fullmatch(alt):
        return f"the text alternative `{alt:.60}` is a file name"
    return f"the text alternative `{alt:.60}` says nothing about the picture" if _NO_WORDS.fullmatch(alt) else ""


def _image_alt_problems(source: SourceText) -> Iterator[Problem]:
    """Check the text alternative in front matter."""
    front = source.document.front
    value = front.value if isinstance(front.value, dict) else {}
    alt = value.get("image_alt")
    if isinstance(alt, str) and "image" not in value:
        yield front.problem(("image_alt",), "a text alternative without `Image:`", "`Image:`", key=True).as_warning()
    elif isinstance(alt, str) and (fault := _alternative_fault(alt)):
        yield front.problem(("image_alt",), fault, ALTERNATIVE).as_warning()


def _note_problems(source: SourceText) -> Iterator[Problem]:
    """Find footnotes that no text refers to, and footnotes with one name."""
    first: set[str] = set()
    for found in source.find(_NOTE) if "[^" in source.text else ():
        name = found[1]
        if name in first:
            yield source.warning(found.start(), f"a second footnote `[^{name}]`: one is lost", "a name of its own")
        elif source.text.count(f"[^{name}]") < 2:
            yield source.warning(
                found.start(), f"nothing refers to the footnote `[^{name}]`", f"`[^{name}]` in the text"
            )
        first.add(name)


def _link_problems(source: SourceText) -> Iterator[Problem]:
    if _EMPTY_LINK.search(source.html):
        for found in source.find(_WRITTEN_EMPTY_LINK):
            yield source.warning(found.start(), "a link without words", "words that name its target")
    lost = set(_LOST_LINK.findall(source.html)) if "<a>" in source.html else set[str]()
    for found in source.find(_LINK) if "](" in source.text else ():
        target = found["target"].split(' "')[0].strip()
        if _PARTIAL.fullmatch(target):
            yield source.warning(found.start("target"), f"`{target:.60}` isn't a whole address", WHOLE_ADDRESS)
        elif not target:
            yield source.warning(found.start(), "a link without a target", "a file, or an address with https://")
        elif found["words"] in lost:
            yield source.warning(
                found.start("target"), f"`{target:.60}` isn't an address: the link is plain text", "no spaces"
            )


def _address_problems(source: SourceText) -> Iterator[Problem]:
    """Find links to this machine and to private networks, also bare ones."""
    linked = {found["origin"].lower() for found in _ADDRESS.finditer(unescape(" ".join(_HREF.findall(source.html))))}
    for found in source.find(_ADDRESS) if linked else ():
        is_label = source.text.startswith("](", found.end())  # the text of a link; its target follows
        if not is_label and found["origin"].lower() in linked and (where := _private_place(found["host"])):
            yield source.warning(found.start(), f"`{found[0]:.60}` is an address of {where}", "a public address")


def _private_place(host: str) -> str:
    """Return the name of the place that a host is in; empty for a public host."""
    host = host.lower().strip("[]").rstrip(".")
    if is_loopback(host) or host in ("0.0.0.0", "::") or host.endswith(".localhost"):  # noqa: S104 - compared only
        return "this machine"
    try:
        is_private = not ip_address(host).is_global
    except ValueError:
        is_private = "." not in host or host.endswith(tuple(f".{name}" for name in _PRIVATE_NAMES))
    return "a private network" if is_private else ""
