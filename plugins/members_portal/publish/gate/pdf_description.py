"""The texts of a PDF that no page draws: outlines, alternative texts, notes, form values, properties."""

from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from members_portal.publish.gate.work_limit import Budget, TooComplex

DESCRIPTIONS = (Name.Title, Name.Alt, Name.ActualText, Name.Contents, Name.E, Name.TU, Name.V, Name.F, Name.UF)
PROPERTIES = (Name.Author, Name.Subject, Name.Keywords, Name.Creator, Name.Producer)
DEEPEST_OBJECT = 100  # nesting depth of dictionaries and arrays


def descriptions(pdf: pikepdf.Pdf, budget: Budget, read: Callable[[Stream], bytes]) -> Iterator[str]:
    """Yield outlines, alternative texts, notes, form values and properties."""
    for thing in pdf.objects:
        budget.show(1)
        if isinstance(thing, Stream) and thing.get(Name.Type) in (Name.Metadata, Name.EmbeddedFile):
            yield read(thing).decode("utf-8", "replace")
        else:
            yield from _described(thing, budget)
    yield from strings(pdf.trailer.get(Name.Info, Dictionary()), PROPERTIES)


def _described(thing: Object, budget: Budget, depth: int = 0) -> Iterator[str]:
    """Yield the descriptions in a dictionary or an array, and in those directly inside it."""
    yield from strings(thing, DESCRIPTIONS)
    inside = thing.as_list() if isinstance(thing, Array) else thing.values() if isinstance(thing, Dictionary) else ()
    for part in inside:
        if isinstance(part, Array | Dictionary) and not part.is_indirect:
            if depth == DEEPEST_OBJECT:
                raise TooComplex
            budget.show(1)
            yield from _described(part, budget, depth + 1)


def strings(thing: Object, keys: tuple[Name, ...]) -> Iterator[str]:
    """Yield the texts of a dictionary at some keys."""
    if isinstance(thing, Dictionary):
        yield from (str(thing[key]) for key in keys if isinstance(thing.get(key), String))
