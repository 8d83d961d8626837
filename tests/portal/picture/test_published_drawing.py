"""SVG files are published without metadata; what they draw stays."""

from __future__ import annotations

from base64 import b64encode

import pytest

from members_portal.picture_file import UnreadablePicture
from members_portal.portal.content.drawing import drawing_fault
from members_portal.portal.picture.published_drawing import published_drawing
from tests.pictures import TAG, tagged

PICTURE = f"data:image/jpeg;base64,{b64encode(tagged('jpg')).decode()}"
TAGGED = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {TAG} -->
<!DOCTYPE svg>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:dc="http://purl.org/dc/elements/1.1/"
  inkscape:export-filename="/home/{TAG}/cup.png">
  <metadata><dc:creator>{TAG}</dc:creator></metadata>
  <title>A cup</title>
  <style>.a {{ fill: red }} .b {{ fill: url("{PICTURE}") }}</style>
  <text class="a" inkscape:label="{TAG}" xml:space="preserve">One<dc:note>{TAG}</dc:note> two<tspan>three</tspan></text>
  <use xlink:href="#a"/><image xlink:href="{PICTURE}" width="9" height="9"/>
</svg>
"""


def test_metadata_comments_and_marks_of_programs_are_removed() -> None:
    assert drawing_fault(TAGGED.encode()) == ""
    data = published_drawing(TAGGED.encode())
    assert TAG.encode() not in data
    assert PICTURE.encode() not in data
    for kept in (b"<title>A cup</title>", b'viewBox="0 0 9 9"', b"One two<tspan>three</tspan>", b'xlink:href="#a"'):
        assert kept in data
    assert data.count(b"data:image/jpeg;base64,") == 2
    assert drawing_fault(data) == ""


def test_a_drawing_in_utf_16_is_published_in_utf_8() -> None:
    data = published_drawing(TAGGED.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert TAG.encode() not in data
    assert b"<title>A cup</title>" in data


def test_a_drawing_without_metadata_stays_as_it_is() -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg"  viewBox="0 0 9 9"><path  d="M0 0"/></svg>'
    assert published_drawing(data) is data


def test_a_damaged_picture_in_a_drawing_is_refused() -> None:
    with pytest.raises(UnreadablePicture, match="is not a picture"):
        published_drawing(TAGGED.replace(PICTURE, "data:image/png;base64,AAAA").encode())
