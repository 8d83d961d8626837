"""The texts of a PDF: what its pages show, hidden text included, and its outlines, descriptions and properties."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pikepdf
from pikepdf import (
    Array,
    ContentStreamInlineImage,
    Dictionary,
    Name,
    Object,
    Page,
    Stream,
    String,
    parse_content_stream,
)

from members_portal.newsletter.preflight.typeface import Typeface, read_typeface

FOLLOWED_FORMS = "Tm Td TD T* Tf Tj TJ ' \" Do BDC"
LINE_END = "\n"
SPACE = -150  # thousandths of the type size; a larger gap within one operator stands for a space
DEEPEST_FORM = 12  # nesting depth of forms
MOST_PAGES = 2000  # pages read of one file
DESCRIPTIONS = (Name.Title, Name.Alt, Name.ActualText, Name.Contents, Name.E, Name.TU, Name.V, Name.F, Name.UF)
PROPERTIES = (Name.Author, Name.Subject, Name.Keywords, Name.Creator, Name.Producer)
UNUSUAL = (ValueError, KeyError, AttributeError, TypeError, IndexError)  # fonts of other programs
NOT_OPENED = (pikepdf.PdfError, pikepdf.PasswordError)  # no PDF, or it needs a password


@dataclass(frozen=True)
class PdfReader:
    """Reads texts of PDFs. Files and pages are kept by content: letters share the pages of their edition."""

    pages: dict[bytes, list[str]] = field(default_factory=dict)
    files: dict[bytes, list[str]] = field(default_factory=dict)

    def texts(self, data: bytes) -> list[str]:
        """Return the texts of a PDF in the order of its pages; none for a file that cannot be opened."""
        key = sha256(data).digest()
        if key not in self.files:
            self.files[key] = self._read(data)
        return self.files[key]

    def _read(self, data: bytes) -> list[str]:
        try:
            with pikepdf.open(io.BytesIO(data)) as pdf:
                shown = [text for page in pdf.pages[:MOST_PAGES] for text in (*self._page(page), LINE_END)]
                return shown + [text for found in _descriptions(pdf) for text in (found, LINE_END)]
        except NOT_OPENED:
            return []

    def _page(self, page: Page) -> list[str]:
        resources = page.obj.get(Name.Resources, Dictionary())
        key = sha256()
        for part in _contents(page.obj.get(Name.Contents), resources):
            key.update(len(part).to_bytes(8, "big") + part)
        if key.digest() not in self.pages:
            self.pages[key.digest()] = list(_shown(page, resources))
        return self.pages[key.digest()]


def _contents(drawn: Object | None, resources: Object, depth: int = 0) -> Iterator[bytes]:
    """Yield the streams that decide on a page's text: contents, forms, and the text of fonts' codes."""
    for stream in drawn.as_list() if isinstance(drawn, Array) else [drawn]:
        yield stream.read_bytes() if isinstance(stream, Stream) else b""
    for font in resources.get(Name.Font, Dictionary()).values():
        yield font.ToUnicode.read_bytes() if Name.ToUnicode in font else b""
    for form in resources.get(Name.XObject, Dictionary()).values() if depth < DEEPEST_FORM else ():
        if form.get(Name.Subtype) == Name.Form:
            yield from _contents(form, form.get(Name.Resources, Dictionary()), depth + 1)


def _shown(drawn: Object | Page, resources: Object, depth: int = 0) -> Iterator[str]:
    """Yield the text of each operator in painting order, and LINE_END before each line.

    Text without a mapping to Unicode is read as cp1252.
    """
    face: Typeface | None = None
    height = 0.0
    for instruction in parse_content_stream(drawn, FOLLOWED_FORMS):
        if isinstance(instruction, ContentStreamInlineImage):
            continue
        name, operands = str(instruction.operator), instruction.operands
        if name == "Tf":
            face = _face(resources.get(Name.Font, Dictionary()).get(str(operands[0])))
        elif name in PLACED:
            before, height = height, PLACED[name](height, operands)
            if height != before:
                yield LINE_END
        elif name == "BDC":
            yield from _strings(operands[1], (Name.ActualText, Name.Alt))
        elif name == "Do":
            form = resources.get(Name.XObject, Dictionary()).get(str(operands[0]))
            if form is not None and form.get(Name.Subtype) == Name.Form and depth < DEEPEST_FORM:
                yield from _shown(form, form.get(Name.Resources, resources), depth + 1)
        else:
            yield from (LINE_END, _set(operands[-1], face)) if name in {"'", '"'} else (_set(operands[-1], face),)


PLACED: dict[str, Callable[[float, Any], float]] = {  # the height of the baseline after an operator
    "Tm": lambda _, operands: float(operands[5]),
    "Td": lambda height, operands: height + float(operands[1]),
    "TD": lambda height, operands: height + float(operands[1]),
    "T*": lambda height, _: height - 1,
}


def _face(font: Object | None) -> Typeface | None:
    try:
        face = read_typeface(font) if font is not None else None
    except UNUSUAL:
        return None
    return face if face and face.text else None


def _set(shown: Object, face: Typeface | None) -> str:
    """Return the text of an operand of Tj or TJ."""
    text = []
    for part in shown.as_list() if isinstance(shown, Array) else [shown]:
        if isinstance(part, String):
            text.append(face.set(part)[1] if face else bytes(part).decode("cp1252", "ignore"))
        elif float(part) < SPACE:
            text.append(" ")
    return "".join(text)


def _descriptions(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield outlines, alternative texts, notes, form values and properties."""
    for thing in pdf.objects:
        if isinstance(thing, Stream) and thing.get(Name.Type) in (Name.Metadata, Name.EmbeddedFile):
            yield thing.read_bytes().decode("utf-8", "replace")
        else:
            yield from _described(thing)
    yield from _strings(pdf.trailer.get(Name.Info, Dictionary()), PROPERTIES)


def _described(thing: Object, depth: int = 0) -> Iterator[str]:
    """Yield the descriptions in a dictionary or an array, and in those directly inside it."""
    yield from _strings(thing, DESCRIPTIONS)
    inside = thing.as_list() if isinstance(thing, Array) else thing.values() if isinstance(thing, Dictionary) else ()
    for part in inside:
        if isinstance(part, Array | Dictionary) and not part.is_indirect and depth < DEEPEST_FORM:
            yield from _described(part, depth + 1)


def _strings(thing: Object, keys: tuple[Name, ...]) -> Iterator[str]:
    if isinstance(thing, Dictionary):
        yield from (str(thing[key]) for key in keys if isinstance(thing.get(key), String))
