"""The colour operators of a content stream, rewritten for a target colour space."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Page,
    parse_content_stream,
    unparse_content_stream,
)
from PIL import Image

from members_portal.newsletter.print_error import PrintError

RGB, GREY, CMYK = Name.DeviceRGB, Name.DeviceGray, Name.DeviceCMYK
CHOOSE_BOTH = {"rg": RGB, "g": GREY, "k": CMYK}  # operators for space and colour; for strokes, in capitals
CHOOSE_SPACE, CHOOSE_COLOUR = "cs", {"sc", "scn"}
Levels = tuple[float, ...]
Instruction = ContentStreamInstruction | ContentStreamInlineImage


@dataclass(frozen=True)
class Target:
    """A target colour space: its name, its colour operator, and the conversions of colours and pictures."""

    space: Name
    operator: str
    colour: Callable[[Any, Levels], Levels]
    picture: Callable[[Image.Image], Image.Image]


def rewritten(drawing: Object | Page, resources: Object, target: Target) -> bytes:
    """Return a content stream with converted colours; everything else is unchanged."""
    return unparse_content_stream(list(_Painter(resources, target).instructions(drawing)))


def space_of(colour_space: Object) -> Any:
    """Return the family of a colour space, ICC-based ones as their device space; raise PrintError for others."""
    family, *details = [colour_space] if isinstance(colour_space, Name) else colour_space.as_list()
    if family in (RGB, GREY, CMYK):
        return family
    if family in (Name.Lab, Name.Pattern, Name.Indexed):
        return family
    if Name.ICCBased == family and details[0].N in (1, 4):
        return GREY if details[0].N == 1 else CMYK
    raise PrintError(f"colours in {family} can't be separated: use sRGB, Lab or device-cmyk()")


def numbers(array: Iterable[Any]) -> Levels:
    """Read the numbers of a PDF array."""
    return tuple(float(number) for number in array)


def colour_array(levels: Levels) -> Array:
    """Write a PDF array of numbers."""
    return Array(_operands(levels))


class _Painter:
    """Tracks the current colour spaces of a content stream, for strokes (True) and fills (False)."""

    def __init__(self, resources: Object, target: Target) -> None:
        self.named = resources.get(Name.ColorSpace, Dictionary())
        self.target = target
        self.spaces: dict[bool, Any] = {True: GREY, False: GREY}
        self.saved: list[dict[bool, Any]] = []

    def instructions(self, drawing: Object | Page) -> Iterator[Instruction]:
        for instruction in parse_content_stream(drawing):
            if isinstance(instruction, ContentStreamInlineImage):
                yield _mask_only(instruction)
            else:
                yield self._instruction(instruction)

    def _instruction(self, instruction: ContentStreamInstruction) -> ContentStreamInstruction:
        name = str(instruction.operator)
        lower, strokes = name.lower(), name.isupper()
        if name == "q":
            self.saved.append(dict(self.spaces))
        elif name == "Q" and self.saved:
            self.spaces = self.saved.pop()
        elif lower in CHOOSE_BOTH and name in (lower, lower.upper()):
            return self._colour(CHOOSE_BOTH[lower], numbers(instruction.operands), strokes)
        elif lower == CHOOSE_SPACE:
            return self._space(instruction.operands[0], strokes)
        elif lower in CHOOSE_COLOUR and self.spaces[strokes] != Name.Pattern:
            return self._colour(self.spaces[strokes], numbers(instruction.operands), strokes)
        return instruction

    def _space(self, name: Object, strokes: bool) -> ContentStreamInstruction:
        self.spaces[strokes] = space_of(self.named.get(str(name), name))
        kept = name if self.spaces[strokes] == Name.Pattern else self.target.space
        return _written([kept], CHOOSE_SPACE, strokes)

    def _colour(self, space: Any, levels: Levels, strokes: bool) -> ContentStreamInstruction:
        return _written(_operands(self.target.colour(space, levels)), self.target.operator, strokes)


def _written(operands: list[Any], operator: str, strokes: bool) -> ContentStreamInstruction:
    return ContentStreamInstruction(operands, Operator(operator.upper() if strokes else operator))


def _operands(levels: Levels) -> list[Decimal]:
    return [Decimal(f"{level:g}") for level in levels]


def _mask_only(image: ContentStreamInlineImage) -> ContentStreamInlineImage:
    if not image.iimage.image_mask:
        raise PrintError("a content stream holds samples of a picture, which can't be separated")
    return image
