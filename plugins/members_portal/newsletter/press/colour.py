"""Separation: the colours of a PDF by WeasyPrint, converted from sRGB to the CMYK of a press.

Gradients are converted at their ends and at steps between them, and interpolated in CMYK from step to step. Colours in
luminosity masks measure light: they become grey. Structures that WeasyPrint never writes (pictures with embedded
profiles, inline images, sampled functions) are errors, so no colour stays unconverted.
"""

import zlib
from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, PdfImage, Stream
from PIL import Image

from members_portal.newsletter.press.ink import DEFAULT_PROFILE, INK_LIMIT, Cmyk, Inks, is_flat
from members_portal.newsletter.press.painting import (
    CMYK,
    GREY,
    RGB,
    Levels,
    Target,
    colour_array,
    numbers,
    rewritten,
    space_of,
)
from members_portal.newsletter.print_error import PrintError

JPEG_QUALITY = 92
INVERTED = [1, 0] * 4  # Pillow writes CMYK JPEGs inverted, as Adobe does
STEPS = 8  # steps of a gradient between two colours
CHANNELS = {GREY: 1, RGB: 3, CMYK: 4}


class Separation:
    """Converts the colours of documents to the inks of a press."""

    def __init__(self, profile: Path = DEFAULT_PROFILE, limit: float = INK_LIMIT) -> None:
        self.inks = Inks(profile, limit)
        self._plates = Target(CMYK, "k", self._inked, self.inks.picture)

    def colour(self, red: float, green: float, blue: float) -> Cmyk:
        """Return the inks (0 to 1) of an sRGB colour (0 to 1)."""
        return self.inks.colour(red, green, blue)

    def convert(self, pdf: Pdf) -> None:
        """Convert all pages of a document in place, with their forms, patterns and pictures."""
        conversion = _Conversion(pdf)
        for page in pdf.pages:
            conversion.page(page, self._plates)
        conversion.drop_spaces()

    def content(self, data: bytes) -> bytes:
        """Return a standalone content stream with converted colours."""
        with Pdf.new() as pdf:
            return rewritten(pdf.make_stream(data), Dictionary(), self._plates)

    def _inked(self, space: Any, levels: Levels) -> Levels:
        if space == CMYK:
            cyan, magenta, yellow, black = levels
            return self.inks.limited((cyan, magenta, yellow, black))
        if space == Name.Lab:
            lightness, a, b = levels
            return self.inks.lab(lightness, a, b)
        red, green, blue = _rgb(space, levels)
        return self.inks.colour(red, green, blue)


def _rgb(space: Any, levels: Levels) -> Levels:
    if space == GREY:
        return levels * 3
    if space == RGB:
        return levels
    raise PrintError(f"a mask can't be painted in {space}: use RGB")


def _light(space: Any, levels: Levels) -> Levels:
    """Return the luminosity of a colour (ISO 32000-2, 11.5.3)."""
    red, green, blue = _rgb(space, levels)
    return (round(0.3 * red + 0.59 * green + 0.11 * blue, 4),)


LIGHT = Target(GREY, "g", _light, lambda image: image.convert("L"))


class _Conversion:
    """The conversion of one document: shared objects are converted once."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self._done: set[tuple[int, int]] = set()
        self._named: list[Object] = []
        self._contents: dict[tuple[int, int], Stream] = {}
        self._pictures: dict[tuple[tuple[int, int], str], Object] = {}

    def page(self, page: Page, target: Target) -> None:
        """Convert the content and the resources of a page."""
        page.obj.Contents = self._content(page, target)
        _convert_group(page.obj, target)
        self._resources(page.resources, target)

    def drop_spaces(self) -> None:
        """Drop the colour spaces in resources, after the conversion of all content streams: they are unused then."""
        for resources in self._named:
            if Name.ColorSpace in resources:
                del resources[Name.ColorSpace]

    def _content(self, page: Page, target: Target) -> Stream:
        contents = page.obj.Contents
        if contents.objgen not in self._contents or not contents.is_indirect:
            data = rewritten(page, page.resources, target)
            self._contents[contents.objgen] = self.pdf.make_stream(zlib.compress(data), Filter=Name.FlateDecode)
        return self._contents[contents.objgen]

    def _form(self, form: Object, target: Target) -> None:
        """Convert a form or a tiling pattern, and its resources."""
        if self._is_new(form):
            resources = form.get(Name.Resources, Dictionary())
            form.write(zlib.compress(rewritten(form, resources, target)), filter=Name.FlateDecode)
            _convert_group(form, target)
            self._resources(resources, target)

    def _resources(self, resources: Object, target: Target) -> None:
        if not self._is_new(resources):
            return
        for state in _entries(resources, Name.ExtGState):  # before the forms: masks are listed there too
            self._state(state, target)
        for pattern in _entries(resources, Name.Pattern):
            self._pattern(pattern, target)
        for shading in _entries(resources, Name.Shading):
            self._shading(shading, target)
        self._drawings(resources.get(Name.XObject, Dictionary()), target)
        self._named.append(resources)

    def _drawings(self, drawings: Object, target: Target) -> None:
        for name, drawing in drawings.items():
            if drawing.Subtype == Name.Image:
                drawings[name] = self._picture(drawing, target)
            else:
                self._form(drawing, target)

    def _state(self, state: Object, target: Target) -> None:
        mask = state.get(Name.SMask)
        if isinstance(mask, Dictionary):
            self._form(mask.G, LIGHT if Name.Luminosity == mask.S else target)

    def _pattern(self, pattern: Object, target: Target) -> None:
        if pattern.PatternType == 2:
            self._shading(pattern.Shading, target)
        else:
            self._form(pattern, target)

    def _shading(self, shading: Object, target: Target) -> None:
        if self._is_new(shading) and shading.ColorSpace != target.space:
            shading.Function = _function(shading.Function, space_of(shading.ColorSpace), target)
            shading.ColorSpace = target.space

    def _picture(self, picture: Object, target: Target) -> Object:
        key = (picture.objgen, target.operator)
        if key not in self._pictures:
            self._pictures[key] = _separated(self.pdf, picture, target)
        return self._pictures[key]

    def _is_new(self, thing: Object) -> bool:
        """Tell whether an object is new; a direct object has one owner, which is visited once."""
        if not thing.is_indirect:
            return True
        known = thing.objgen in self._done
        self._done.add(thing.objgen)
        return not known


def _entries(resources: Object, kind: Name) -> Iterable[Object]:
    return list(resources.get(kind, Dictionary()).values())


def _function(function: Object, space: Any, target: Target) -> Dictionary:
    """Return a gradient's function in the target's space (ISO 32000-1, 7.10)."""
    if function.FunctionType == 3:
        parts = [_function(part, space, target) for part in function.Functions.as_list()]
        return _stitched(parts, numbers(function.Bounds), numbers(function.Encode), numbers(function.Domain))
    if function.FunctionType == 2:
        return _in_steps(function, space, target)
    raise PrintError(f"a gradient has a function of type {function.FunctionType}, which can't be separated")


def _in_steps(function: Object, space: Any, target: Target) -> Dictionary:
    """Return a gradient between two colours in steps, since interpolation in CMYK differs from that in RGB."""
    first, last, power = numbers(function.C0), numbers(function.C1), float(function.N)
    shares = [(step / STEPS) ** power for step in range(STEPS + 1)]
    mixed = [tuple(a + share * (b - a) for a, b in zip(first, last, strict=True)) for share in shares]
    stops = [colour_array(target.colour(space, colour)) for colour in mixed]
    parts = [Dictionary(FunctionType=2, Domain=[0, 1], C0=start, C1=end, N=1) for start, end in pairwise(stops)]
    return _stitched(parts, tuple(step / STEPS for step in range(1, STEPS)), (0.0, 1.0) * STEPS, (0.0, 1.0))


def _stitched(parts: list[Dictionary], bounds: Levels, encode: Levels, domain: Levels) -> Dictionary:
    return Dictionary(
        FunctionType=3,
        Domain=colour_array(domain),
        Functions=Array(parts),
        Bounds=colour_array(bounds),
        Encode=colour_array(encode),
    )


def _convert_group(drawing: Object, target: Target) -> None:
    if Name.Group in drawing and Name.CS in drawing.Group:
        drawing.Group.CS = target.space


def _separated(pdf: Pdf, picture: Object, target: Target) -> Object:
    """Return a picture in the target space; unchanged if it is in that space already."""
    if picture.get(Name.ImageMask, False):
        return picture
    space = space_of(picture.ColorSpace)
    if space in (target.space, GREY):
        return picture
    if isinstance(picture.get(Name.Mask), Array):
        raise PrintError("a picture has a colour for a mask, which can't be separated: give it an alpha channel")
    if space == Name.Indexed:
        return _with_palette(pdf, picture, target)
    if space != RGB:
        raise PrintError(f"a picture in {space} can't be separated: save it as sRGB")
    return _with_samples(pdf, picture, target.picture(PdfImage(cast(Stream, picture)).as_pil_image().convert("RGB")))


def _with_samples(pdf: Pdf, picture: Object, image: Image.Image) -> Object:
    """Return a picture with new samples: photos as JPEG, drawings as Flate; size, mask and other entries stay."""
    photo = not is_flat(image)
    new = pdf.make_stream(_jpeg(image) if photo else zlib.compress(image.tobytes()))
    for key in picture.keys() - {"/Length", "/Filter", "/DecodeParms", "/Decode"}:
        new[key] = picture[key]
    new.ColorSpace = CMYK if image.mode == "CMYK" else GREY
    new.BitsPerComponent = 8
    new.Filter = Name.DCTDecode if photo else Name.FlateDecode
    if photo and image.mode == "CMYK":
        new.Decode = Array(INVERTED)
    return new


def _jpeg(image: Image.Image) -> bytes:
    """Return a JPEG without chroma subsampling, which would blur edges in the black plate."""
    data = BytesIO()
    image.save(data, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return data.getvalue()


def _with_palette(pdf: Pdf, picture: Object, target: Target) -> Object:
    """Return an indexed picture with a converted palette."""
    _, base, highest, lookup = picture.ColorSpace.as_list()
    old = bytes(lookup.read_bytes() if isinstance(lookup, Stream) else lookup)
    space = space_of(base)
    size = CHANNELS[space]
    entries = [old[size * entry : size * (entry + 1)] for entry in range(int(highest) + 1)]
    colours = [target.colour(space, tuple(level / 255 for level in entry)) for entry in entries]
    palette = bytes(round(255 * level) for colour in colours for level in colour)
    new = pdf.make_stream(picture.read_raw_bytes())
    for key in picture.keys() - {"/Length"}:
        new[key] = picture[key]
    new.ColorSpace = Array([Name.Indexed, target.space, highest, pdf.make_stream(palette)])
    return new
