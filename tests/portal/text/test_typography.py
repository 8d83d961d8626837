"""Typographic quotes, dashes and ellipses, and the text that stays unchanged."""

from __future__ import annotations

import pytest

from members_portal.portal.content.front.promise import Promise, Result
from members_portal.portal.text.typography import typeset, typeset_record


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ('<p>"Yes," she said.</p>', "<p>“Yes,” she said.</p>"),
        ("<p>It's the cup's 'best' side.</p>", "<p>It’s the cup’s ‘best’ side.</p>"),
        ('<p>She said <em>"no"</em>.</p>', "<p>She said <em>“no”</em>.</p>"),
        ('<p>(<a href="x">"a"</a>)</p>', '<p>(<a href="x">“a”</a>)</p>'),
        ("<p>9 -- 17, or --- wait... no</p>", "<p>9 – 17, or — wait… no</p>"),
        ('<p>the <code>"raw" -- x...</code> "one"</p>', '<p>the <code>"raw" -- x...</code> “one”</p>'),
        ("<pre>a -- 'b'</pre>", "<pre>a -- 'b'</pre>"),
        ('<p>&quot;x&quot;</p><p>"y"</p>', "<p>“x”</p><p>“y”</p>"),
        ('<img alt="it\'s -- x">', '<img alt="it\'s -- x">'),
        ("<p><code>x</code>'s</p>", "<p><code>x</code>’s</p>"),
        ('<a href="https://a.example/b--c">https://a.example/b--c</a>',) * 2,
        ("", ""),
    ],
)
def test_english_is_set_as_typographers_do(typed: str, set_: str) -> None:
    assert typeset(typed, "en-IE") == set_


def test_other_languages_keep_their_quotes() -> None:
    assert typeset("<p>»Ja« 'x' \"y\" -- z...</p>", "de") == "<p>»Ja« 'x' \"y\" – z…</p>"


def test_the_texts_of_a_record_are_set_and_its_names_are_not() -> None:
    result = Result(period="2026 Q3", value='"98"...', kept="true", note="It's the rain's fault")
    promise = Promise(
        title='Say "yes"',
        audience=("public",),
        summary="We don't -- ever.",
        measure="What's kept",
        target="All",
        results=(result,),
        image="images/it's.svg",
    )
    done = typeset_record(promise, "en-IE")
    assert (done.title, done.summary, done.measure) == ("Say “yes”", "We don’t – ever.", "What’s kept")
    assert (done.results[0].value, done.results[0].note) == ("“98”…", "It’s the rain’s fault")
    assert done.image == "images/it's.svg"
