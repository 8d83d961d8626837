"""Drawings as they are published: without metadata, comments, document type and the marks of drawing programs.

The drawing has passed the check of `drawing.py`. A drawing that holds none of these is published as it is.
"""

import re
from xml.etree import ElementTree

from members_portal.portal.content.drawing import SVG_SPACE, XML
from members_portal.portal.picture.inline_picture import INLINE_PICTURE, clean_all_inline

XLINK = "http://www.w3.org/1999/xlink"

_MARKS = re.compile(rb"<!|<\?(?!xml\b)|metadata|xmlns:(?!xlink\b)|data:image/|\0", re.IGNORECASE)

ElementTree.register_namespace("", SVG_SPACE)
ElementTree.register_namespace("xlink", XLINK)


def published_drawing(data: bytes) -> bytes:
    """Return an SVG file without metadata; raise UnreadablePicture for a damaged picture inside it."""
    if not _MARKS.search(data):
        return data
    root = ElementTree.fromstring(data)  # noqa: S314 - without entities and external addresses: drawing.py refuses them
    _strip(root)
    return ElementTree.tostring(root, encoding="utf-8")


def _strip(element: ElementTree.Element) -> None:
    for name in list(element.attrib):
        if name.startswith("{") and not name.startswith((f"{{{XLINK}}}", f"{{{XML}}}")):
            del element.attrib[name]
        elif INLINE_PICTURE.search(element.attrib[name]):
            element.attrib[name] = clean_all_inline(element.attrib[name])
    if element.text and "data:" in element.text:
        element.text = clean_all_inline(element.text)
    before: ElementTree.Element | None = None
    for child in list(element):
        if _is_drawn(child):
            _strip(child)
            before = child
        else:
            _remove(element, child, before)


def _is_drawn(element: ElementTree.Element) -> bool:
    return element.tag.startswith(f"{{{SVG_SPACE}}}") and element.tag != f"{{{SVG_SPACE}}}metadata"


def _remove(parent: ElementTree.Element, child: ElementTree.Element, before: ElementTree.Element | None) -> None:
    """Remove an element, but not the text behind it."""
    if before is None:
        parent.text = (parent.text or "") + (child.tail or "")
    else:
        before.tail = (before.tail or "") + (child.tail or "")
    parent.remove(child)
