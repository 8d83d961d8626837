"""The inventory of a print run: checks the colours, fonts and pictures of its pages, each object once."""

from collections.abc import Iterator
from typing import Any

from pikepdf import ContentStreamInlineImage, Dictionary, Name, Object, Page, parse_content_stream

from members_portal.newsletter.preflight.typeface import Typeface, is_embedded, read_typeface

PRINTED = {Name.DeviceCMYK, Name.DeviceGray, Name.Pattern}
COLOURS, FONTS = "colours", "fonts"
CHOOSES = "rg RG cs CS BI ID EI"
SUSPECT = [name.encode() for name in CHOOSES.split()[:5]]  # a stream without these bytes needn't be parsed

InventoryFault = tuple[str, str]
Identity = tuple[int, int]


class Inventory:
    """The checked objects of one document."""

    def __init__(self) -> None:
        self._seen: set[Identity] = set()
        self._typefaces: dict[Identity, Typeface] = {}

    def typeface(self, font: Object) -> Typeface:
        """Return the typeface of a font object, cached."""
        if font.objgen not in self._typefaces or not font.is_indirect:
            self._typefaces[font.objgen] = read_typeface(font)
        return self._typefaces[font.objgen]

    def page(self, page: Page) -> Iterator[InventoryFault]:
        """Check the resources of a page; its content stream is checked by `chosen_colours`."""
        yield from _group(page.obj)
        yield from self.resources(page.resources)

    def resources(self, resources: Object) -> Iterator[InventoryFault]:
        """Check all objects in a resource dictionary."""
        if not self._is_new(resources):
            return
        for name, space in _entries(resources, Name.ColorSpace):
            yield from _space(space, f"the colour space {name}")
        for name, font in _entries(resources, Name.Font):
            yield from self._font(font, name)
        for name, drawn in _entries(resources, Name.XObject):
            yield from self._drawn(drawn, name)
        for name, shading in _entries(resources, Name.Shading):
            yield from _space(shading.ColorSpace, f"the gradient {name}")
        for name, pattern in _entries(resources, Name.Pattern):
            yield from self._pattern(pattern, name)
        for name, state in _entries(resources, Name.ExtGState):
            if isinstance(state.get(Name.SMask), Dictionary):
                yield from self._drawn(state.SMask.G, f"{name}, a mask")

    def _font(self, font: Object, name: str) -> Iterator[InventoryFault]:
        if not self._is_new(font):
            return
        called = f"{font.get(Name.BaseFont, name)}"
        if font.get(Name.Subtype) == Name.Type3:
            yield FONTS, f"{called} is made of pictures (Type 3)"
        elif not is_embedded(font):
            yield FONTS, f"{called} isn't embedded"
        if Name.ToUnicode not in font:
            yield FONTS, f"{called} doesn't say which letters it shows (ToUnicode)"

    def _drawn(self, drawn: Object, name: str) -> Iterator[InventoryFault]:
        if not self._is_new(drawn):
            return
        if drawn.get(Name.Subtype) == Name.Image:
            yield from self._picture(drawn, name)
        else:
            yield from self._form(drawn, name)

    def _picture(self, picture: Object, name: str) -> Iterator[InventoryFault]:
        if not picture.get(Name.ImageMask, False):
            yield from _space(picture.get(Name.ColorSpace, Name.DeviceRGB), f"the picture {name}")
        if Name.SMask in picture:
            yield from self._drawn(picture.SMask, f"{name}, a mask")

    def _form(self, form: Object, name: str) -> Iterator[InventoryFault]:
        resources = form.get(Name.Resources, Dictionary())
        yield from _group(form)
        for what in chosen_colours(form, form.read_bytes(), resources):
            yield COLOURS, f"the form {name} {what}"
        yield from self.resources(resources)

    def _pattern(self, pattern: Object, name: str) -> Iterator[InventoryFault]:
        if pattern.PatternType == 2:
            yield from _space(pattern.Shading.ColorSpace, f"the gradient {name}")
        elif self._is_new(pattern):
            yield from self._form(pattern, name)

    def _is_new(self, thing: Object) -> bool:
        known = thing.is_indirect and thing.objgen in self._seen
        self._seen.add(thing.objgen)
        return not known


def chosen_colours(drawing: Object | Page, data: bytes, resources: Object) -> Iterator[str]:
    """Yield the colours in a content stream (decoded: `data`) that a press can't print."""
    if not any(operator in data for operator in SUSPECT):
        return
    named = resources.get(Name.ColorSpace, Dictionary())
    for instruction in parse_content_stream(drawing, CHOOSES):
        if isinstance(instruction, ContentStreamInlineImage):
            if not instruction.iimage.image_mask:
                yield "holds the samples of a picture"
        elif str(instruction.operator) in ("rg", "RG"):
            yield "chooses a colour in DeviceRGB"
        elif instruction.operands[0] not in PRINTED and str(instruction.operands[0]) not in named:
            yield f"chooses a colour in {instruction.operands[0]}"


def unprintable(space: Any) -> str | None:
    """Return the family of a colour space that a press can't print, or None."""
    if isinstance(space, Name):
        return None if space in PRINTED else str(space)
    family, *details = space.as_list()
    if family in PRINTED:
        return None
    if family == Name.ICCBased:
        return None if details[0].get(Name.N) in (1, 4) else "/ICCBased, with a profile that isn't CMYK or grey"
    if family == Name.Indexed:
        return unprintable(details[0])
    if family in (Name.Separation, Name.DeviceN):
        return unprintable(details[1])
    return str(family)


def _space(space: Any, where: str) -> Iterator[InventoryFault]:
    if family := unprintable(space):
        yield COLOURS, f"{where} is in {family}"


def _group(drawing: Object) -> Iterator[InventoryFault]:
    group = drawing.get(Name.Group, Dictionary())
    if Name.CS in group:
        yield from _space(group.CS, "a transparency group")


def _entries(resources: Object, kind: Name) -> Iterator[tuple[str, Object]]:
    return iter(resources.get(kind, Dictionary()).items())
