"""Tracing of a page: the text, pictures and dashed lines of its content stream, with position and ink."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pikepdf import ContentStreamInlineImage, Dictionary, Name, Object, Page, parse_content_stream

from members_portal.newsletter.preflight.typeface import Typeface

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
FOLLOWED = "q Q cm Do g k rg cs sc scn BT Tm Td TD TL T* Tf Tc Tr Tj TJ ' \""
OUTLINES = " d m l re S s f f* F B B* b b* n"  # followed in addition for dashed lines
ENDS_PATH = set(OUTLINES.split()) - {"d", "m", "l", "re"}
STROKES = {"S", "s", "B", "B*", "b", "b*"}
SHOWS = {"Tj", "TJ", "'", '"'}
SPACES = {"g": "/DeviceGray", "k": "/DeviceCMYK", "rg": "/DeviceRGB"}
DARK = 0.7  # black ink level from which a colour looks black
HIDDEN = 3  # text rendering mode: invisible
DEEPEST = 12  # nesting depth of forms


@dataclass(frozen=True)
class Paint:
    """A fill colour: its space, and its levels (none for a pattern)."""

    space: str
    levels: tuple[float, ...]

    @property
    def is_black_ink(self) -> bool:
        """Tell whether the cyan, magenta and yellow plates are empty."""
        if self.space == "/DeviceCMYK":
            return len(self.levels) == 4 and not any(self.levels[:3])
        return self.space == "/DeviceGray"

    @property
    def is_dark(self) -> bool:
        """Tell whether the colour looks black on any plates; a pattern counts as dark."""
        if self.space == "/DeviceCMYK" and len(self.levels) == 4:
            return self.levels[3] >= DARK
        return self.space not in ("/DeviceGray", "/DeviceCMYK")


BLACK_PAINT = Paint("/DeviceGray", (0.0,))


@dataclass(frozen=True)
class TracedText:
    """Text of one operator: the start of its baseline, its width and its type size, in points.

    `glyphs` are the codes of its glyphs in the font named `font`.
    """

    x: float
    y: float
    width: float
    size: float
    words: str
    paint: Paint
    font: str = ""
    glyphs: tuple[int, ...] = ()


@dataclass(frozen=True)
class TracedPicture:
    """A picture, and the size of its frame in points."""

    picture: Object
    width: float
    height: float


@dataclass(frozen=True)
class TracedDash:
    """A dashed line or frame: the rectangle around it, in points."""

    left: float
    top: float
    width: float
    height: float


Traced = TracedText | TracedPicture | TracedDash


@dataclass
class _State:
    """The part of the graphics state that is used here (saved by q)."""

    matrix: Matrix
    paint: Paint
    dashed: bool = False


@dataclass
class _Type:
    """The text state (ISO 32000-1, 9.3)."""

    matrix: Matrix = IDENTITY
    line: Matrix = IDENTITY
    leading: float = 0
    face: Typeface | None = None
    size: float = 0
    spacing: float = 0
    mode: int = 0


class Tracer:
    """Interprets one content stream; dashed lines only with `dashes`, since they make it slower."""

    def __init__(
        self,
        resources: Object,
        typeface: Callable[[Object], Typeface],
        matrix: Matrix = IDENTITY,
        paint: Paint = BLACK_PAINT,
        depth: int = 0,
        *,
        dashes: bool = False,
    ) -> None:
        self.resources, self.typeface, self.depth, self.dashes = resources, typeface, depth, dashes
        self.path: list[tuple[float, float]] = []
        self.state = _State(matrix, paint)
        self.saved: list[_State] = []
        self.type = _Type()

    def follow(self, drawing: Object | Page) -> Iterator[Traced]:
        """Yield text, pictures and dashed lines in painting order."""
        for instruction in parse_content_stream(drawing, FOLLOWED + OUTLINES if self.dashes else FOLLOWED):
            if isinstance(instruction, ContentStreamInlineImage):
                continue
            name, operands = str(instruction.operator), instruction.operands
            if name in SHOWS:
                yield from self._show(name, operands)
            elif name == "Do":
                yield from self._draw(operands[0])
            elif name in ENDS_PATH:
                yield from self._paint(name)
            else:
                self._change(name, operands)

    def _change(self, name: str, operands: Any) -> None:
        match name:
            case "q":
                self.saved.append(replace(self.state))
            case "Q":
                self.state = self.saved.pop() if self.saved else self.state
            case "cm":
                self.state.matrix = times(_matrix(operands), self.state.matrix)
            case "g" | "k" | "rg":
                self.state.paint = Paint(SPACES[name], tuple(map(float, operands)))
            case "d":
                self.state.dashed = len(operands[0]) > 0
            case "m" | "l" | "re":
                self._outline(operands)
            case "cs":
                self.state.paint = Paint(str(operands[0]), ())
            case "sc" | "scn":
                levels = tuple(float(each) for each in operands if not isinstance(each, Name))
                self.state.paint = Paint(self.state.paint.space, levels)
            case _:
                self._change_type(name, operands)

    def _change_type(self, name: str, operands: Any) -> None:
        match name:
            case "BT":
                self.type.matrix = self.type.line = IDENTITY
            case "Tm":
                self.type.matrix = self.type.line = _matrix(operands)
            case "Td" | "TD":
                across, up = map(float, operands)
                self.type.leading = -up if name == "TD" else self.type.leading
                self._next_line(across, up)
            case "TL":
                self.type.leading = float(operands[0])
            case "T*":
                self._next_line(0, -self.type.leading)
            case "Tf":
                self.type.face = self._face(operands[0])
                self.type.size = float(operands[1])
            case "Tc":
                self.type.spacing = float(operands[0])
            case "Tr":
                self.type.mode = int(operands[0])

    def _face(self, name: Object) -> Typeface | None:
        font = self.resources.get(Name.Font, Dictionary()).get(str(name))
        return None if font is None else self.typeface(font)

    def _next_line(self, across: float, up: float) -> None:
        self.type.line = times((1, 0, 0, 1, across, up), self.type.line)
        self.type.matrix = self.type.line

    def _show(self, name: str, operands: Any) -> Iterator[TracedText]:
        if name in ("'", '"'):
            self._next_line(0, -self.type.leading)
        face, size = self.type.face, self.type.size
        spacing = self.type.spacing / size if size else 0
        advance, words, glyphs = face.set(operands[-1], spacing) if face else (0.0, "", ())
        advance *= size
        whole = times(self.type.matrix, self.state.matrix)
        self.type.matrix = times((1, 0, 0, 1, advance, 0), self.type.matrix)
        if self.type.mode != HIDDEN:
            across, up = math.hypot(whole[0], whole[1]), math.hypot(whole[2], whole[3])
            name = face.name if face else ""
            yield TracedText(whole[4], whole[5], advance * across, size * up, words, self.state.paint, name, glyphs)

    def _outline(self, operands: Any) -> None:
        x, y, *size = map(float, operands)
        corners = [(x, y), (x + size[0], y + size[1])] if size else [(x, y)]
        for across, up in corners:
            whole = times((1, 0, 0, 1, across, up), self.state.matrix)
            self.path.append((whole[4], whole[5]))

    def _paint(self, name: str) -> Iterator[TracedDash]:
        """End the path; yield it if it was stroked with dashes."""
        if self.path and self.state.dashed and name in STROKES:
            xs, ys = zip(*self.path, strict=True)
            yield TracedDash(min(xs), max(ys), max(xs) - min(xs), max(ys) - min(ys))
        self.path = []

    def _draw(self, name: Object) -> Iterator[Traced]:
        drawn = self.resources.get(Name.XObject, Dictionary()).get(str(name))
        if drawn is None:
            return
        if drawn.Subtype == Name.Image:
            a, b, c, d, _, _ = self.state.matrix
            yield TracedPicture(drawn, math.hypot(a, b), math.hypot(c, d))
        elif self.depth < DEEPEST:
            matrix = times(_matrix(drawn.get(Name.Matrix, IDENTITY)), self.state.matrix)
            resources = drawn.get(Name.Resources, self.resources)
            deeper = Tracer(resources, self.typeface, matrix, self.state.paint, self.depth + 1, dashes=self.dashes)
            yield from deeper.follow(drawn)


def times(first: Matrix, then: Matrix) -> Matrix:
    """Return the product of two matrices: `first`, followed by `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return (a, b, c, d, e, f)
