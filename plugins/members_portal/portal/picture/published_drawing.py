"""Drawings as they are published: without metadata, comments, document type and the marks of drawing programs.

The drawing has passed the check of `drawing.py`. A drawing that holds none of these is published as it is.
"""

import re
from xml.etree import ElementTree

from members_portal.portal.content.drawing import SVG_SPACE, XML
from members_portal.portal.picture.inline_picture import clean_all_inline

XLINK = "http://www.w3.org/1999/xlink"
IN_SVG, IN_XLINK, IN_XML = (f"{{{space}}}" for space in (SVG_SPACE, XLINK, XML))  # how a parser writes names

_MARKS = re.compile(rb"<!|<\?(?!xml\b)|metadata|xmlns:(?!xlink\b)|data:image/|\0", re.IGNORECASE)


def published_drawing(data: bytes) -> bytes:
    """Return an SVG file without metadata; raise UnreadablePicture for a damaged picture inside it."""
    if not _MARKS.search(data):
        return data
    root = ElementTree.fromstring(data)  # noqa: S314 - without entities and external addresses: drawing.py refuses them
    _strip(root)
    root.attrib |= {"xmlns": SVG_SPACE, "xmlns:xlink": XLINK}
    return ElementTree.tostring(root, encoding="utf-8")


def _strip(element: ElementTree.Element) -> None:
    """Remove elements that are not drawn, and the prefixes of names. The root declares the namespaces.

    The serialiser's own prefixes are global: another library may change them.
    """
    element.tag = element.tag.removeprefix(IN_SVG)
    for name, value in list(element.attrib.items()):
        if name.startswith(IN_XLINK):
            element.attrib[f"xlink:{name.removeprefix(IN_XLINK)}"] = clean_all_inline(value)
        elif not name.startswith("{"):
            element.attrib[name] = clean_all_inline(value)
        if name.startswith("{") and not name.startswith(IN_XML):
            del element.attrib[name]
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
    return element.tag.startswith(IN_SVG) and element.tag != f"{IN_SVG}metadata"


def _remove(parent: ElementTree.Element, child: ElementTree.Element, before: ElementTree.Element | None) -> None:
    """Remove an element, but not the text behind it."""
    if before is None:
        parent.text = (parent.text or "") + (child.tail or "")
    else:
        before.tail = (before.tail or "") + (child.tail or "")
    parent.remove(child)
