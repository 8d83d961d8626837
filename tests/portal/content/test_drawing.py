"""Drawings: an SVG file holds no script and no address of another file, however it is written."""

from __future__ import annotations

import gzip

import pytest

from members_portal.portal.content.drawing import drawing_fault
from tests.portal.small_portal import PROJECT

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
XHTML = 'xmlns:h="http://www.w3.org/1999/xhtml"'


def svg(inner: str, more: str = "") -> bytes:
    return f"<svg {NS} {more}>{inner}</svg>".encode()


REFUSED = {
    "script": svg("<script>alert(1)</script>"),
    "script with a prefix": b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></s:svg>',
    "script without a namespace": b"<svg><script>1</script></svg>",
    "script of XHTML": svg("<h:script>1</h:script>", XHTML),
    "XHTML in metadata": svg("<metadata><h:iframe src='x'/></metadata>", XHTML),
    "MathML": svg('<m:maction xmlns:m="http://www.w3.org/1998/Math/MathML"/>'),
    "root of XHTML": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>1</script></html>',
    "root that is no svg": f"<g {NS}/>".encode(),
    "onload": svg("", 'onload="alert(1)"'),
    "ONCLICK": svg('<g ONCLICK="1"/>'),
    "foreignObject": svg("<foreignObject/>"),
    "handler": svg('<handler type="text/javascript">1</handler>'),
    "listener": svg("<listener/>"),
    "link to a page": svg('<a href="https://evil.example/"><text>x</text></a>'),
    "javascript": svg('<a xlink:href="javascript:alert(1)"><text>x</text></a>'),
    "javascript by entities": svg('<a href="&#106;avascript:alert(1)"><text>x</text></a>'),
    "picture of another host": svg('<image href="//evil.example/x.png"/>'),
    "picture of a file": svg('<image href="other.png"/>'),
    "use of a file": svg('<use xlink:href="other.svg#a"/>'),
    "use of data": svg('<use href="data:image/svg+xml;base64,AAAA#a"/>'),
    "data of HTML": svg('<image href="data:text/html,x"/>'),
    "feImage": svg('<filter><feImage href="https://evil.example/x.png"/></filter>'),
    "animated address": svg('<a><set attributeName="href" to="javascript:alert(1)"/></a>'),
    "animated xlink": svg('<a><animate attributeName=" xlink:href" values="javascript:alert(1)"/></a>'),
    "animated handler": svg('<set attributeName="onclick" to="alert(1)"/>'),
    "xml:base": svg('<use href="#a"/>', 'xml:base="https://evil.example/"'),
    "import": svg("<style>@import 'https://evil.example/x.css';</style>"),
    "import by escapes": svg("<style>@\\69mport 'x.css';</style>"),
    "style url": svg("<style>g { fill: url(https://evil.example/#a) }</style>"),
    "style url in a block": svg("<style>@media screen { g { fill: url('x.svg#a') } }</style>"),
    "style url by escapes": svg("<style>g { fill: \\75 rl(x.svg#a) }</style>"),
    "style in parts": svg("<style>g { fill: u</style><style>rl(x.svg#a) }</style>"),
    "style in CDATA": svg("<style><![CDATA[g { fill: url(x.svg) }]]></style>"),
    "font": svg("<style>@font-face { font-family: x; src: url(x.woff2) }</style>"),
    "image-set": svg("<style>g { background: image-set('x.png' 1x) }</style>"),
    "attribute style": svg('<g style="fill: url(x.svg#a)"/>'),
    "attribute fill": svg('<g fill="url(https://evil.example/#a)"/>'),
    "attribute by escapes": svg('<g fill="\\75rl(x.svg#a)"/>'),
    "attribute filter": svg("<g filter=\"url('x.svg#a')\"/>"),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
    "outer entity": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
    "stylesheet": b'<?xml-stylesheet href="https://evil.example/x.css"?><svg/>',
    "broken": b"<svg><g></svg>",
    "no XML": b"GIF89a",
    "HTML": b"<!DOCTYPE html><script>1</script>",
    "empty": b"",
    "compressed": gzip.compress(svg("")),
    "UTF-16": svg("<script/>").decode().encode("utf-16"),
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><svg>+ADw-script+AD4-</svg>',
    "bomb": b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
    "huge": svg("<g/>" * 2_100_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_drawing_that_could_act_is_refused(name: str) -> None:
    assert drawing_fault(REFUSED[name])


@pytest.mark.parametrize(
    "drawing",
    [
        b"<svg/>",
        svg('<defs><linearGradient id="a"/></defs><rect fill="url(#a)" transform="rotate(4)"/><use href="#a"/>'),
        svg('<image xlink:href="data:image/png;base64,AAAA"/>'),
        svg("<style>.a { fill: url(#b); stroke: rgb(1, 2, 3) }</style>"),
        svg('<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>'),
        svg('<circle><animate attributeName="r" values="1;2"/></circle><title>on and off</title>'),
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg/>',
        svg("<text>x</text>").decode().encode("utf-16"),
    ],
)
def test_a_usual_drawing_is_published(drawing: bytes) -> None:
    assert drawing_fault(drawing) == ""


def test_the_drawings_of_sample_and_theme_are_published() -> None:
    files = [*(PROJECT / "content").rglob("*.svg"), *(PROJECT / "theme").rglob("*.svg")]
    assert len(files) > 15
    assert [file.name for file in files if drawing_fault(file.read_bytes())] == []


def test_a_fault_names_the_line() -> None:
    assert drawing_fault(svg("\n\n<script/>")) == "line 3: `<script>` isn't published"
