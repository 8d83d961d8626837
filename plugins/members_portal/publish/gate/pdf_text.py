"""The texts of a PDF: what its pages show, hidden text included, and its outlines, descriptions and properties."""

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
    settings,
)

from members_portal.newsletter.preflight.typeface import Typeface, read_typeface
from members_portal.publish.gate.packed_stream import STREAM_HEAD, unpacked
from members_portal.publish.gate.pdf_description import descriptions, strings
from members_portal.publish.gate.work_limit import Budget, TooComplex

FOLLOWED_FORMS = "Tm Td TD T* Tf Tj TJ ' \" Do BDC"
LINE_END = "\n"
SPACE = -150  # thousandths of the type size; a larger gap within one operator stands for a space
DEEPEST_FORM = 12  # nesting depth of forms
FORM_COST = 20  # operators that take as long to read as to begin a form
OPERATOR_BLOCK = 1 << 19  # bytes; a stream without a letter in as many has no operators
MOST_UNPACKED = 1 << 25  # bytes of one stream
QPDF_EXCEEDED = "memory limit exceeded"
PDF = b"%PDF"
_OPERATORS = re.compile(rb"T[mdDfjJ*]|Do|BDC|['\"/]")  # those of FOLLOWED_FORMS, and names among their operands
_LETTER = re.compile(rb"[A-Za-z]")
WRONG_PARTS = "is a PDF with parts of a wrong type, and can't be searched: save it again with another program"
UNUSUAL = (ValueError, KeyError, AttributeError, TypeError, IndexError)  # fonts of other programs
NOT_OPENED = (pikepdf.PdfError, pikepdf.PasswordError)  # no PDF, or it needs a password


@dataclass(frozen=True)
class PdfReader:
    """Reads texts of PDFs. Files and pages are kept by content: letters share the pages of their edition."""

    pages: dict[bytes, list[str]] = field(default_factory=dict)
    files: dict[bytes, list[str]] = field(default_factory=dict)
    refused: dict[bytes, TooComplex] = field(default_factory=dict)

    def texts(self, data: bytes, budget: Budget | None = None) -> list[str]:
        """Return the texts of a PDF in the order of its pages; none for a file that cannot be opened.

        Raise TooComplex for one beyond the limits.
        """
        key = sha256(data).digest()
        if key in self.refused:
            raise self.refused[key]
        if key not in self.files:
            try:
                self.files[key] = self._read(data, budget or Budget.of(len(data)))
            except TooComplex as error:
                if not budget:  # otherwise other files have used it up
                    self.refused[key] = error
                raise
        return self.files[key]

    def _read(self, data: bytes, budget: Budget) -> list[str]:
        with _limits():
            try:
                with pikepdf.open(io.BytesIO(data)) as pdf:
                    file = _File(budget)
                    shown = [text for page in pdf.pages for text in (*self._page(page, file), LINE_END)]
                    found = list(descriptions(pdf, file.budget, file.bytes))
                    _check_limit(*map(str, pdf.get_warnings()))
                    return shown + [text for each in found for text in (each, LINE_END)]
            except NOT_OPENED as error:
                _check_limit(str(error))
                _check_streams(data)
                return []
            except UNUSUAL as error:
                raise TooComplex(WRONG_PARTS) from error

    def _page(self, page: Page, file: "_File") -> list[str]:
        key = file.page_key(page)
        if key not in self.pages:
            self.pages[key] = list(file.shown(page, page.obj.get(Name.Resources, Dictionary())))
        return self.pages[key]


@contextmanager
def _limits() -> Iterator[None]:
    """Limit the sizes that qpdf unpacks, which are those of the process."""
    most = MOST_UNPACKED
    before: dict[str, Any] = settings.set_qpdf_limits(
        flate_max_memory=most, png_max_memory=most, run_length_max_memory=most, tiff_max_memory=most
    )
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)


def _check_limit(*messages: str) -> None:
    """Raise TooComplex when qpdf found a stream beyond a limit; it may only warn."""
    if any(QPDF_EXCEEDED in message for message in messages):
        raise TooComplex


def _check_streams(data: bytes) -> None:
    """Raise TooComplex when a stream of a file that qpdf cannot open is beyond the limit: it may hold all objects."""
    budget = replace(Budget.of(len(data)), pieces=MOST_UNPACKED)
    for start in STREAM_HEAD.finditer(data):
        unpacked(zlib.decompressobj(), data, start.start(), budget)


@dataclass
class _File:
    """One open PDF: its budget, the digests of its streams, its typefaces and the forms that are open."""

    budget: Budget
    digests: dict[tuple[int, int], bytes] = field(default_factory=dict)
    faces: dict[tuple[int, int], Typeface | None] = field(default_factory=dict)
    open: list[tuple[int, int]] = field(default_factory=list)

    def page_key(self, page: Page) -> bytes:
        """Return a digest of all that decides on a page's text: contents, forms, and the text of fonts' codes."""
        key = sha256()
        numbers: dict[tuple[int, int], int] = {}
        for part in _parts(page.obj.get(Name.Contents)):
            key.update(self._digest(part))
        waiting = [page.obj.get(Name.Resources, Dictionary())]
        while waiting:
            resources = waiting.pop()
            key.update(b"\n")
            for name, font in _named(resources, Name.Font):
                self.budget.show(1)
                key.update(f"{name} ".encode() + self._digest(font.get(Name.ToUnicode)))
            for name, form in _named(resources, Name.XObject):
                self.budget.show(1)
                if form.get(Name.Subtype) == Name.Form:
                    is_new = form.objgen not in numbers
                    key.update(f"{name} {numbers.setdefault(form.objgen, len(numbers))} ".encode())
                    if is_new:
                        key.update(self._digest(form))
                        waiting.append(form.get(Name.Resources, Dictionary()))
        return key.digest()

    def _digest(self, stream: Object | None) -> bytes:
        """Return the digest of a stream's bytes; each is read once."""
        if not isinstance(stream, Stream):
            return b"-"
        if stream.objgen not in self.digests:
            self.digests[stream.objgen] = sha256(self.bytes(stream)).digest()
        return self.digests[stream.objgen]

    def bytes(self, stream: Stream) -> bytes:
        """Return the bytes of a stream, none of a damaged one."""
        try:
            data: bytes = stream.read_bytes()
        except pikepdf.PdfError as error:
            _check_limit(str(error))
            return b""
        self.budget.show(1, len(data))
        return data

    def shown(self, drawn: Object | Page, resources: Object) -> Iterator[str]:
        """Yield the text of each operator in painting order, and LINE_END before each line.

        Text without a mapping to Unicode is read as cp1252.
        """
        face: Typeface | None = None
        height = 0.0
        for instruction in self._instructions(drawn):
            if isinstance(instruction, ContentStreamInlineImage):
                continue
            name, operands = str(instruction.operator), instruction.operands
            if name == "Tf":
                face = self._face(resources.get(Name.Font, Dictionary()).get(str(operands[0])))
            elif name in PLACED:
                before, height = height, PLACED[name](height, operands)
                if height != before:
                    yield LINE_END
            elif name == "BDC":
                yield from strings(operands[1], (Name.ActualText, Name.Alt))
            elif name == "Do":
                yield from self._form(resources.get(Name.XObject, Dictionary()).get(str(operands[0])), resources)
            else:
                yield from (LINE_END, _set(operands[-1], face)) if name in {"'", '"'} else (_set(operands[-1], face),)

    def _face(self, font: Object | None) -> Typeface | None:
        """Return the typeface of a font; each is read once, but for one that is no object of its own."""
        number = font.objgen if font is not None else (0, 0)
        if number == (0, 0):
            return _face(font)
        if number not in self.faces:
            self.faces[number] = _face(font)
        return self.faces[number]

    def _form(self, form: Object | None, resources: Object) -> Iterator[str]:
        """Yield the text of a form, none of one that draws itself; raise TooComplex for forms nested too deeply."""
        if form is None or form.get(Name.Subtype) != Name.Form or form.objgen in self.open:
            return
        if len(self.open) == DEEPEST_FORM:
            raise TooComplex
        self.budget.show(FORM_COST)
        self.open.append(form.objgen)
        yield from self.shown(form, form.get(Name.Resources, resources))
        self.open.pop()

    def _instructions(self, drawn: Object | Page) -> list[Any]:
        """Parse the operators of a page or a form, after counting them."""
        parts = _parts(drawn.obj.get(Name.Contents)) if isinstance(drawn, Page) else [drawn]
        data = b"\n".join(self.bytes(part) for part in parts if isinstance(part, Stream))
        self.budget.show(len(_OPERATORS.findall(data)))
        if any(
            _LETTER.search(data, at, at + OPERATOR_BLOCK) is None
            for at in range(0, len(data) - OPERATOR_BLOCK, OPERATOR_BLOCK)
        ):
            raise TooComplex  # operands without end
        try:
            return list(parse_content_stream(drawn, FOLLOWED_FORMS))
        except pikepdf.PdfError:
            return []


def _parts(contents: Object | None) -> list[Any]:
    return list(contents.as_list()) if isinstance(contents, Array) else [contents]


def _named(resources: Object, kind: Name) -> Iterator[tuple[str, Object]]:
    """Yield the fonts or the XObjects of resources, by name."""
    found = resources.get(kind, Dictionary())
    yield from found.items() if isinstance(found, Dictionary) else ()


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
