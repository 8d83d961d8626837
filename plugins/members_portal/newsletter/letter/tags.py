"""Completion of the tags of a PDF by WeasyPrint, as PDF/UA-1 (ISO 14289-1) asks for them.

Running heads and folios become artifacts: WeasyPrint marks them as content of elements outside the structure tree.
Header cells of tables get their scope.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator

PAGINATION = Dictionary(Type=Name.Pagination)


def complete_tags(data: bytes) -> bytes:
    """Return a PDF with artifacts for running heads and folios, and with the scopes of header cells."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        elements = list(_elements(root.K[0]))
        for element in elements:
            _set_scope(element)
        reached = {element.objgen for element in elements}
        keys = dict(zip(*[iter(root.ParentTree.Nums.as_list())] * 2, strict=True))
        marks = {int(key): value for key, value in keys.items() if isinstance(value, Array)}
        for page in pdf.pages:
            _mark_artifacts(pdf, page, marks[int(page.obj.StructParents)], reached)
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True)
        return file.getvalue()


def _elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    for kid in element.get(Name.K, []):
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield from _elements(kid)


def _set_scope(element: pikepdf.Object) -> None:
    if element.S != Name.TH:
        return
    is_in_head = Name.THead == element.P.P.S
    attributes = element.get(Name.A, Dictionary(O=Name.Table))
    attributes.Scope = Name.Column if is_in_head else Name.Row
    element.A = attributes


def _mark_artifacts(
    pdf: pikepdf.Pdf, page: pikepdf.Page, elements: pikepdf.Object, reached: set[tuple[int, int]]
) -> None:
    """Mark the content of elements outside the structure tree as artifacts; number the other marks anew."""
    listed = elements.as_list()
    kept = [mark for mark, element in enumerate(listed) if element.objgen in reached]
    if len(kept) == len(listed):
        return
    numbers = {mark: number for number, mark in enumerate(kept)}
    page.obj.Contents = pdf.make_stream(_renumbered(page, numbers))
    for element in {listed[mark].objgen: listed[mark] for mark in kept}.values():
        element.K = Array([numbers[int(kid)] if isinstance(kid, int) else kid for kid in element.K.as_list()])
    for mark in reversed(range(len(listed))):
        if mark not in numbers:
            del elements[mark]


def _renumbered(page: pikepdf.Page, numbers: Mapping[int, int]) -> bytes:
    instructions: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    for each in pikepdf.parse_content_stream(page):
        if str(each.operator) == "BDC" and Name.MCID in each.operands[1]:
            number = numbers.get(int(each.operands[1].MCID))
            tag = Name.Artifact if number is None else each.operands[0]
            properties = PAGINATION if number is None else Dictionary(MCID=number)
            instructions.append(ContentStreamInstruction([tag, properties], Operator("BDC")))
        else:
            instructions.append(each)
    return pikepdf.unparse_content_stream(instructions)
