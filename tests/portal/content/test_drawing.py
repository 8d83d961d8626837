"""Drawings: an SVG file holds no script and no address of another file, however it is written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from members_portal.portal.content.drawing import (
    MOST_BRACKETS,
    MOST_LEVELS,
    MOST_NESTED,
    MOST_STYLE,
    drawing_fault,
)
from members_portal.portal.content.drawing_copies import MOST_COPIES
from tests.long_cases import quick_and_long, quick_first
from tests.portal.small_portal import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

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


EVIL = "http://portal.test/evil"
RECT = '<rect width="9" height="9"/>'
XHTML_TYPE = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
)
MASK = f"rect {{ mask-image: url({EVIL}) }}"
PREFIX = 'xmlns:a.b="http://www.w3.org/1999/xlink"'


def typed(drawing: bytes, document_type: str = XHTML_TYPE) -> bytes:
    return document_type.encode() + drawing


DECEIVING = {  # a careless reader takes the address for a comment, a string or another text; Chromium loads it
    "comment over two styles": svg(f'<style>/*</style><style>@import "{EVIL}";</style>{RECT}'),
    "comment over two styles, with an address": svg(f"<style>/*</style><style>{MASK}</style>{RECT}"),
    "string over two styles": svg(f"<style>a {{ b: '</style><style>{MASK}</style><style>'</style>{RECT}"),
    "comment in a child of a style": svg(f"<style><title>/*</title>{MASK}</style>{RECT}"),
    "comment in a group in a style": svg(f"<style><g>/*</g>{MASK}</style>{RECT}"),
    "string in a child of a style": svg(f"<style><desc>'</desc>{MASK}</style>{RECT}"),
    "style of another namespace": svg(f'<x:style xmlns:x="urn:x">/*</x:style><style>@import "{EVIL}";</style>{RECT}'),
    "style without a namespace": svg(f'<style xmlns="">/*</style><style>{MASK}</style>{RECT}'),
    "style of RDF": svg(
        f'<r:style xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">/*</r:style><style>{MASK}</style>{RECT}'
    ),
    "entity in a style": typed(svg(f"<style>/&nbsp;* {{}} {MASK} /**/</style>{RECT}")),
    "entity in a style attribute": typed(
        svg(f'<rect width="9" height="9" style="a:/&nbsp;*;mask-image:url({EVIL})"/>')
    ),
    "entity in a string": typed(svg(f"<style>a {{ b: '&nbsp;' }} /&lrm;* {{}} {MASK}</style>{RECT}")),
    "comment over two values": svg(
        f'<rect width="9" height="9"><animate attributeName="mask" dur="9s" values="/*;url({EVIL});*/"/></rect>'
    ),
}
UNREADABLE = {  # unlike DECEIVING, not all of these load a file in Chromium; readers disagree about each
    "unknown entity": svg("<text>&nbsp;</text>"),
    "unknown entity in an attribute": svg('<g id="&nbsp;"/>'),
    "unknown entity in a document of SVG": typed(
        svg("<text>&nbsp;</text>"), '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    ),
    "unknown entity in an attribute of a document of SVG": typed(
        svg('<g style="a:/&nbsp;*"/>'), '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    ),
    "document type of HTML": typed(svg("")),
    "document type of MathML": typed(svg(""), '<!DOCTYPE svg PUBLIC "-//W3C//DTD MathML 2.0//EN" "mathml2.dtd">'),
    "document type elsewhere": typed(svg(""), '<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd">'),
    "another namespace": svg('<x:g xmlns:x="urn:x"/>'),
    "XSLT": svg('<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'),
    "XBL": svg('<x:binding xmlns:x="http://www.mozilla.org/xbl"/>'),
    "script of RDF": svg('<r:script xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'),
    "style of another language": svg('<style type="text/xsl">a {}</style>'),
    "style of Less": svg('<style type="text/less">a {}</style>'),
    "address in a comment": svg("<style>/* url(x.svg) */</style>"),
    "address in a string": svg("<style>a { b: 'url(x.svg)' }</style>"),
    "parts of a picture": svg("<style>g { mask-image: -moz-image-rect(url(#a), 1, 1, 1, 1) }</style>"),
    "picture by its name": svg("<style>g { mask-image: image('x.png') }</style>"),
    "src": svg("<style>g { mask-image: src('x.png') }</style>"),
    "cross-fade": svg("<style>g { mask-image: -webkit-cross-fade('x.png', 'y.png', 50%) }</style>"),
    "address after a comment": svg("<style>g { fill: url(/**/#a) }</style>"),
    "ping": svg('<a href="#a" ping="https://evil.example/"/>'),
    "address after a no-break space": svg('<image href="\u00a0//evil.example/x.png"/>'),
    "animated address, prefix with a dot": svg(
        '<a><set attributeName="a.b:href" to="javascript:alert(1)"/></a>', PREFIX
    ),
    "animated address, prefix of other letters": svg('<a><set attributeName="ü:href" to="javascript:alert(1)"/></a>'),
    "animated style": svg('<set attributeName="style" to="fill: red"/>'),
    "animation to an address": svg('<animate attributeName="mask" values="none;url(https://evil.example/)"/>'),
    "encoding": b'<?xml version="1.0" encoding="iso-2022-jp"?><svg/>',
    "Latin-1": '<?xml version="1.0" encoding="iso-8859-1"?><svg>ä</svg>'.encode("latin-1"),
    "Latin-1 that is UTF-8": '<?xml version="1.0" encoding="iso-8859-1"?><svg>ä</svg>'.encode(),
    "two declarations": b'<?xml version="1.0"?><?xml version="1.0" encoding="utf-7"?><svg/>',
    "XML 1.1": b'<?xml version="1.1"?><svg/>',
    "UTF-16 without a mark": svg("<script/>").decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_drawing_that_could_act_is_refused(name: str) -> None:
    assert drawing_fault(REFUSED[name])


@pytest.mark.parametrize("name", DECEIVING | UNREADABLE)
def test_a_drawing_that_readers_disagree_about_is_refused(name: str) -> None:
    assert drawing_fault((DECEIVING | UNREADABLE)[name])


@pytest.mark.parametrize(
    "name", quick_and_long(DECEIVING, {"comment over two styles, with an address", "entity in a style attribute"})
)
def test_chromium_loads_the_address_of_a_deceiving_drawing(browser: Browser, name: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=DECEIVING[name], content_type="image/svg+xml")

    page = browser.new_page()
    page.route("**/*", answer)
    with page.expect_request(EVIL):
        page.goto("http://portal.test/drawing.svg")
    page.close()


NESTED = {
    "braces and parentheses": "{(" * 600,
    "functions": "a{fill:rgb(" * 900,
    "brackets": "[" * (MOST_BRACKETS + 2),
    "rules": "a{" * (MOST_BRACKETS + 2),
    "brackets between strings": "(')'" * (MOST_BRACKETS + 2),
    "brackets between comments": "(/*)*/" * (MOST_BRACKETS + 2),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_style_nested_too_deeply_is_refused_with_its_line(name: str) -> None:
    expected = f"line 3: more than {MOST_BRACKETS} brackets of a style are open at once"
    assert drawing_fault(svg(f"\n\n<style>{NESTED[name]}</style>")) == expected
    attribute = NESTED[name].replace("'", "&apos;")
    assert drawing_fault(svg(f'\n\n<g style="{attribute}"/>')) == expected


@pytest.mark.parametrize("css", quick_first(["{(" * 1_500_000, "\n" * 3_000_000, "a {} " * 100_000], 1))
def test_a_style_that_is_too_long_is_refused_with_its_line(css: str) -> None:
    assert f"the styles have more than {MOST_STYLE} characters" in drawing_fault(svg(f"<style>{css}</style>"))
    half = "a {} " * (MOST_STYLE // 10 + 1)
    two = svg(f"<style>{half}</style>\n<style>{half}</style>")
    assert drawing_fault(two) == f"line 2: the styles have more than {MOST_STYLE} characters"
    attribute = svg(f'\n<g style="{css}"/>')
    assert drawing_fault(attribute) == f"line 2: a style has more than {MOST_STYLE} characters"


def test_a_long_flat_style_is_published() -> None:
    rules = "@media (width > 9em) { .a { fill: rgb(1, 2, 3); stroke: url('#b') } }\n" * 400
    assert drawing_fault(svg(f"<style>{rules}</style>")) == ""


def test_elements_nested_too_deeply_are_refused_with_their_line() -> None:
    inner = "<g>\n" * MOST_LEVELS + "</g>" * MOST_LEVELS
    assert drawing_fault(svg(inner)) == f"line {MOST_LEVELS}: more than {MOST_LEVELS} elements are open at once"


def doubled(first: str, again: str, levels: int = 28) -> bytes:
    """Return a drawing of levels that draw the level below twice, a level in a line; `again` names one in braces."""
    lines = [
        first.format(0),
        *(again.replace("{0}", str(level)).replace("{1}", str(level - 1)) for level in range(1, levels)),
    ]
    last = f'<use href="#a{levels - 1}"/>'
    return svg("\n".join(["<defs>", *lines, "</defs>", last]))


DOT = '<rect id="a{}" width="1" height="1"/>'
COPIED = {
    "use": doubled(DOT, '<g id="a{0}"><use href="#a{1}"/><use xlink:href="#a{1}"/></g>'),
    "symbol": doubled(DOT, '<symbol id="a{0}"><use href=" #a{1}"/><use href="#%61{1}"/></symbol>'),
    "mask": doubled(
        '<mask id="a{}"><rect/></mask>', '<mask id="a{0}"><rect mask="url(#a{1})"/><g mask="url(#a{1})"/></mask>'
    ),
    "pattern": doubled(
        '<pattern id="a{}"/>', '<pattern id="a{0}"><rect fill="url(#a{1})"/><g stroke="url(\'#a{1}\')"/></pattern>'
    ),
    "inherited pattern": doubled(
        '<pattern id="a{}"/>', '<pattern id="a{0}"><g fill="url(#a{1})"><rect/><rect/></g></pattern>'
    ),
    "marker": doubled(
        '<marker id="a{}"/>', '<marker id="a{0}"><path d="M0 0 1 1 2 2" marker-mid="url(#a{1})"/></marker>'
    ),
    "inherited marker": doubled(
        '<marker id="a{}"/>', '<marker id="a{0}"><g marker-mid="url(#a{1})"><path d="M0 0 1 1 2 2"/></g></marker>'
    ),
    "clip path": doubled(
        '<clipPath id="a{}"><rect/></clipPath>',
        '<clipPath id="a{0}"><rect clip-path="url(#a{1})"/><use href="#a{1}"/></clipPath>',
    ),
    "filter": doubled(
        '<filter id="a{}"><feFlood/></filter>',
        '<filter id="a{0}"><feImage href="#a{1}"/><feImage href="#a{1}"/></filter>',
    ),
    "style attribute": doubled(
        DOT, '<g id="a{0}"><g style="mask: none, url( #a{1})"/><g style="MASK:URL(#a{1})"/></g>'
    ),
    "animation": doubled(DOT, '<g id="a{0}"><g><set attributeName="mask" to="url(#a{1})"/></g><use href="#a{1}"/></g>'),
    "animation from elsewhere": doubled(
        DOT,
        '<g id="a{0}"><g id="b{0}"/><use href="#a{1}"/></g><set href="#b{0}" attributeName="mask" to="url(#a{1})"/>',
    ),
    "style": svg(
        "<style>" + "\n".join(f".b{level} {{ mask: url(#a{level - 1}) }}" for level in range(1, 28)) + "</style>"
    )[:-6]
    + doubled('<mask id="a{}"><rect/></mask>', '<mask id="a{0}"><rect class="x b{0}"/><rect class="b{0}"/></mask>')
    + b"</svg>",
    "style in a query": svg("<style>@media print { :is(g) { rect { mask: url(#a27) } } }</style>")[:-6]
    + doubled(DOT, '<g id="a{0}"><use href="#a{1}"/><use href="#a{1}"/></g>').replace(b'<use href="#a27"/>', b"<rect/>")
    + b"</svg>",
    "many uses of a large part": svg('<g id="a">' + "<g/>" * 1000 + "</g>" + '\n<use href="#a"/>' * 300),
    "long path": svg(
        '<marker id="a">' + "<g/>" * 1000 + "</marker>\n<path marker-end='url(#a)' d='M0 0" + "h1" * 500 + "'/>"
    ),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_drawing_with_too_many_copies_is_refused_with_its_line(name: str) -> None:
    fault = drawing_fault(COPIED[name])
    assert fault.endswith(f": more than {MOST_COPIES} elements are drawn again")
    assert fault.startswith("line ")


@pytest.mark.long
def test_a_usual_number_of_copies_is_published() -> None:
    points = '<use href="#dot" x="1"/>' * 50_000
    assert drawing_fault(svg(f'<defs><circle id="dot" r="1"/></defs>{points}')) == ""
    gradient = '<linearGradient id="a">' + "<stop/>" * 50 + "</linearGradient>"
    assert drawing_fault(svg(gradient + '<rect fill="url(#a)"/>' * 20_000)) == ""
    style = "<style>.a { clip-path: url(#b) } .c:hover { fill: url(#d) }</style>"
    parts = '<clipPath id="b"><path d="M0 0h9v9z"/></clipPath>' + '<g class="a"><path d="M0 0h9v9z"/></g>' * 10_000
    assert drawing_fault(svg(style + parts)) == ""
    chart = '<marker id="m"><circle r="2"/></marker><path marker-mid="url(#m)" d="M0 0' + " 12.5,34.25" * 5000 + '"/>'
    assert drawing_fault(svg(chart)) == ""


def test_a_drawing_that_draws_itself_is_published() -> None:
    assert drawing_fault(svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')) == ""


def test_a_variable_with_an_address_is_refused() -> None:
    expected = "line 1: a variable that holds `url(` isn't published"
    assert drawing_fault(svg("<style>:root { --a: url(#b) } .c { mask: var(--a) }</style>")) == expected
    assert drawing_fault(svg('<g style="--a:url(#b)"/>')) == expected


@pytest.mark.long
def test_many_nested_style_attributes_are_refused_with_their_line() -> None:
    element = '\n<g style="' + "()" * 20_000 + '"/>'
    fault = drawing_fault(svg(element * 3))
    assert (
        fault == f"line 4: the styles with more than {MOST_BRACKETS} brackets have more than {MOST_NESTED} characters"
    )
    assert drawing_fault(svg('<g style="transform: rotate(4) scale(2); fill: rgb(1, 2, 3)"/>' * 9000)) == ""


INKSCAPE = rb"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
  xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/" inkscape:export-filename="C:\Pictures (x86)\cup.png">
  <sodipodi:namedview pagecolor="#fff"><inkscape:grid type="xygrid"/></sodipodi:namedview>
  <metadata><rdf:RDF><cc:Work rdf:about=""><dc:title>A &amp; B</dc:title></cc:Work></rdf:RDF></metadata>
  <defs><style type="text/css"><![CDATA[ /* the cup */ .a { fill: url(#b) } ]]></style></defs>
  <text style="-inkscape-font-specification:'Foo\, Bold';fill:#123">x</text>
</svg>"""


@pytest.mark.parametrize(
    "drawing",
    [
        INKSCAPE,
        INKSCAPE.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?><svg/>',
        b"\xef\xbb\xbf<svg/>",
        svg("<style><!-- a note: url(x) --></style><style/><style> </style>"),
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
    declared = b'<?xml version="1.0"\nencoding="utf-8"?>\n' + svg("\n<script/>")
    assert drawing_fault(declared) == "line 4: `<script>` isn't published"
    assert drawing_fault(b"<svg>\n<g></svg>") == "line 2: isn't well-formed: mismatched tag"
