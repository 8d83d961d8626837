"""Markup: what a text may have stays as it was written; everything else is refused by name and never published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinyhtml5

from members_portal.portal.content.body import Body, Converter
from members_portal.portal.content.markdown_files import address
from members_portal.portal.content.markup import ALLOWED_ELEMENTS, clean
from tests.long_cases import quick_and_long
from tests.portal.small_portal import MARKDOWN, PROJECT
from tests.site.payloads import VECTORS

CONVERTER = Converter(MARKDOWN, "en")
DANGEROUS = re.compile(
    r"<(?:script|style|meta|link|base|form|iframe|object|embed|svg|math|template|!--)|\son\w+=|javascript:|data-|srcdoc",
    re.IGNORECASE,
)


def convert(text: str) -> Body:
    return CONVERTER.convert(text, "reports", "../../", address)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("<script>alert(1)</script>", "`<script>`"),
        ("<SCRIPT SRC=../images/x.txt></SCRIPT>", "`<script>`"),
        ('<script type="application/json" data-till="data">{}</script>', "`<script>`"),
        ("<style>p { display: none }</style>", "`<style>`"),
        ('<meta http-equiv="refresh" content="0; url=https://evil.example/">', "`<meta>`"),
        ('<link rel="stylesheet" href="../images/x.txt">', "`<link>`"),
        ('<base href="https://evil.example/">', "`<base>`"),
        ('<form action="https://evil.example/"><input name="code"></form>', "`<form>`"),
        ('<iframe src="https://evil.example/"></iframe>', "`<iframe>`"),
        ('<iframe srcdoc="&lt;script&gt;1&lt;/script&gt;"></iframe>', "`<iframe>`"),
        ('<object data="../images/map.pdf"></object>', "`<object>`"),
        ('<embed src="../images/map.pdf">', "`<embed>`"),
        ("<template><p>x</p></template>", "`<template>`"),
        ('<svg><a href="x"></a></svg>', "`<svg>`"),
        ("<math><mi>x</mi></math>", "`<math>`"),
        ("<p onclick='x()'>x</p>", "`onclick` of `<p>`"),
        ("<p ONCLICK=x()>x</p>", "`onclick` of `<p>`"),
        ("![x](../images/cup.svg){: onerror=x() }", "`onerror` of `<img>`"),
        ("# A heading {: onclick=x() }", "`onclick` of `<h1>`"),
        ('<p data-till="redeem">x</p>', "`data-till` of `<p>`"),
        ('<p style="background: url(https://evil.example/)">x</p>', "`style` of `<p>`"),
        ('<a href="javascript:alert(1)">x</a>', "`javascript:alert(1)`"),
        ("[x](javascript:alert%281%29)", "`javascript:alert%281%29`"),
        ('<a href="&#106;ava&#115;cript:alert(1)">x</a>', "`javascript:alert(1)`"),
        ('<a href=" java&#9;script:alert(1)">x</a>', "script:alert(1)`"),
        ("[x](vbscript:x)", "`vbscript:x`"),
        ("[x](data:text/html,hello)", "`data:text/html,hello`"),
        ("![x](data:image/svg+xml,<svg/>)", "`data:image/svg+xml"),
        ('<a href="x.pdf" ping="https://evil.example/">x</a>', "`ping` of `<a>`"),
        ('<a href="x.pdf" target="top">x</a>', "`target` of `<a>`"),
        ('<a href="x.pdf" download="x.html">x</a>', "`download` of `<a>`"),
        ("<?php x ?>", "`<?`"),
        ("<![CDATA[<b>x</b>]]>", "`<![CDATA`"),
        ('<!DOCTYPE html [<!ENTITY a "b">]>', "`<!DOCTYPE`"),
        ('<p is="x-y" contenteditable>x</p>', "`contenteditable` of `<p>`"),
        ("<body onload='x()'>", "`onload` of `<body>`"),
        ("<!--slot:greeting-->x<!--/slot-->", "a slot stands in templates"),
        ("<p><!-- /slot --></p>", "a slot stands in templates"),
    ],
)
def test_markup_that_could_act_is_refused_by_name_and_dropped(written: str, what: str) -> None:
    body = convert(written)
    assert any(what in refused.what for refused in body.refused), body.refused
    assert not DANGEROUS.search(body.html), body.html


@pytest.mark.parametrize("vector", quick_and_long(VECTORS, VECTORS[::4]))
def test_no_payload_survives(vector: str) -> None:
    for element in tinyhtml5.parse(convert(vector).html, namespace_html_elements=False).iter():
        assert element.tag in ALLOWED_ELEMENTS | {"html", "head", "body"}
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "data-", "form", "style", "srcdoc"))
            assert not re.sub(r"[\0-\x20]", "", value).lower().startswith(("javascript:", "vbscript:", "data:text"))


KEPT = """\
Text with *emphasis*, **strength**, `code "x" <y>`, "quotes", a<sub>2</sub>, <kbd>Enter</kbd> and
<mark>marks</mark>.[^1]

A heading {#here .wide}
-------

| a | b |
|--:|:-:|
| 1 | 2 |

Term
: Definition

```python
if a < b: print("x")
```

<details><summary>More</summary><p lang="de" title="a &gt; b">Mehr</p></details>

<figure><picture><source srcset="../images/a.webp"><img src="../images/a.png" alt="A"></picture></figure>

<video controls poster="../images/a.png" src="../images/a.webm">
<track kind="captions" src="../images/a.vtt" srclang="en"></video>

A ![cup](../images/cup.svg "A cup") and [mail](mailto:a@b.example), [call](tel:+353), [there](https://a.example/?b&c#d).

![Dot](data:image/png;base64,AAAA)

[^1]: A note.
"""


def test_all_that_markdown_writes_and_the_listed_elements_are_kept() -> None:
    body = convert(KEPT)
    assert body.refused == ()
    assert body.html.count("<") == CONVERTER.markdown.reset().convert(KEPT).count("<")
    parts = ['<th align="right">', 'id="here"', "<video controls", "<track kind=", "a &gt; b", "data:image/png"]
    for part in parts:
        assert part in body.html


@pytest.mark.parametrize("file", sorted((PROJECT / "content").glob("*/*.md")), ids=lambda file: file.stem)
def test_nothing_of_the_sample_is_changed(file: Path) -> None:
    text = file.read_text("utf-8").split("\n---\n", 1)[1]
    html = Converter(
        {**MARKDOWN, "extension_configs": {"extra": {"tables": {"use_align_attribute": True}}}}, "en"
    ).markdown
    assert clean(made := html.convert(text)) == made


def test_columns_keep_their_alignment_without_a_style() -> None:
    body = convert("| a |\n|--:|\n| 1 |\n")
    assert '<td align="right">1</td>' in body.html
    assert body.refused == ()


def test_notes_of_an_editor_are_not_published() -> None:
    body = convert("One<!-- ask Rui -->, two\n\n<!-- and\nthree -->\n")
    assert "ask" not in body.html
    assert "three" not in body.html
    assert body.refused == ()


def test_a_text_with_the_sign_of_a_part_is_no_part() -> None:
    assert "\0" not in convert("\0masthead\0 and <b title='\0footer\0'>x</b>").html


def test_an_attribute_holds_no_tag() -> None:
    assert "<!--" not in convert('<b title="<!--slot:greeting-->">x</b>').html
