"""What fits on paper: columns of tables, the resolution of photos, and the parts of drawings that are printed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from members_portal.newsletter.issue import Article, Issue
from members_portal.newsletter.preflight.resolution import LEAST_PHOTO_DPI, WORST_PHOTO_DPI

MOST_COLUMNS = 14  # of a table: more are too narrow for a word, also in the smallest type
MM_PER_INCH = 25.4
TEXT, OPENING, FRONT = (110.0, 0.0), (110.0, 60.0), (139.0, 84.0)  # mm: frames of theme/print; 0 follows the picture
UNPRINTED = re.compile(rb"<(?:\w+:)?filter\b|\bfilter\s*[:=]")  # of SVG
JOINED_SCRIPT = "is in a script whose letters join, which drawings on paper do not show"
LATIN_MARKS = "\u036f"  # the last of the combining marks that stay on single letters
_SVG_TEXT = re.compile(r"<(?:\w+:)?text\b.*?</(?:\w+:)?text>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL | re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_CELL = re.compile(r"<t[hd]\b", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^>]*?\ssrc\s*=\s*[\"']content:([^\"']*)", re.IGNORECASE)

PictureFrame = tuple[float, float]


def wide_tables(html: str) -> list[int]:
    """Return the numbers of columns that are too many for paper, each once."""
    columns = (len(_CELL.findall(row)) for row in _ROW.findall(html))
    return list(dict.fromkeys(count for count in columns if count > MOST_COLUMNS))


def table_line(text: str, columns: int) -> int:
    """Return the line of the first row of a table in markdown with a number of columns; 0 when there is none."""
    return next((number for number, line in enumerate(text.split("\n"), 1) if _cells(line) == columns), 0)


def _cells(line: str) -> int:
    row = line.strip()
    return len(_BAR.findall(row)) + 1 - row.startswith("|") - (len(row) > 1 and row.endswith("|"))


def pictures_of(issue: Issue) -> Iterator[tuple[str, PictureFrame]]:
    """Yield the pictures of the editor's letter as (path below the content folder, frame)."""
    yield from ((path, TEXT) for path in _shown(issue.editorial))
    if issue.picture:
        yield _path(issue.picture.src), FRONT


def pictures_of_article(article: Article) -> Iterator[tuple[str, PictureFrame]]:
    """Yield the pictures of an article that is printed whole."""
    yield from ((path, TEXT) for path in _shown(article.html))
    if article.full and article.picture:
        yield _path(article.picture.src), OPENING


def picture_fault(file: Path, frame: PictureFrame) -> tuple[str, bool]:
    """Return what is wrong with a picture in a frame, and whether it is an error; "" for nothing."""
    if not file.is_file():
        return "", False  # found by another check
    if file.suffix.lower() == ".svg":
        return _drawing_fault(file.read_bytes())
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except (OSError, UnidentifiedImageError):
        return "", False  # found by another check
    dpi = min(width / frame[0], height / frame[1] if frame[1] else width / frame[0]) * MM_PER_INCH
    if dpi >= LEAST_PHOTO_DPI:
        return "", False
    return f"has {width} x {height} pixels: {dpi:.0f} dpi on paper", dpi < WORST_PHOTO_DPI


def _drawing_fault(data: bytes) -> tuple[str, bool]:
    if UNPRINTED.search(data):
        return "has a filter, which paper does not show", True
    texts = _SVG_TEXT.findall(data.decode("utf-8", "replace"))
    return (f"has text that {JOINED_SCRIPT}", True) if any(map(is_joined, texts)) else ("", False)


def is_joined(text: str) -> bool:
    """Tell whether letters of a text are joined or reordered, which WeasyPrint does not do in drawings."""
    marks = (each for each in unescape(text) if unicodedata.category(each) in {"Mc", "Mn"} and each > LATIN_MARKS)
    return any(unicodedata.bidirectional(each) in {"R", "AL"} for each in unescape(text)) or any(marks)


def _shown(html: str) -> Iterable[str]:
    return (_path(f"content:{unescape(found)}") for found in _PICTURE.findall(html))


def _path(src: str) -> str:
    return unquote(src.removeprefix("content:"))
