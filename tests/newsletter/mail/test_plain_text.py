"""Prose as plain text: the form of each kind of markup, and the width of lines."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.newsletter.mail.plain_text import columns, plain_text, underlined, wrapped
from members_portal.newsletter.mail.prose import read_prose

CASES = {
    "struck words keep their marks": (
        "<p>EUR 20 <del>EUR 25</del>, <s>never</s></p>",
        "\nEUR 20 ~~EUR 25~~, ~~never~~\n",
    ),
    "figures that are raised or lowered stay so": (
        "<p>20 m<sup>2</sup> of H<sub>2</sub>O on the 20<sup>th</sup></p>",
        "\n20 m² of H₂O on the 20th\n",
    ),
    "a footnote has its number and no way back": (
        '<p>A cup<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>.</p><div class="footnote"><ol><li>'
        '<p>Or two.\xa0<a class="footnote-backref" href="#fnref:1">↩</a></p></li></ol></div>',
        """
        A cup¹.

        1. Or two.
        """,
    ),
    "headings are underlined": (
        "<h2>To read</h2><p>One.</p><h3>Later</h3><p>Two.</p>",
        """
        To read
        -------

        One.

        Later
        .....

        Two.
        """,
    ),
    "spaces and line ends of the source don't matter, a break does": (
        "<p>One\n  two<br>\n three\xa0four</p>",
        """
        One two
        three\xa0four
        """,
    ),
    "lists, one in another, and their numbers": (
        "<ul><li>one</li><li>two<ol start='3'><li>deep</li><li>deeper</li></ol></li></ul>",
        """
        * one
        * two
          3. deep
          4. deeper
        """,
    ),
    "long items stand apart, paragraphs in them too": (
        "<ul><li><p>one</p><p>more</p></li><li><p>two</p></li></ul>",
        """
        * one

          more

        * two
        """,
    ),
    "links are numbered once and listed": (
        '<p><a href="https://a.example/">One</a>, <a href="https://b.example/">two</a>,'
        ' <a href="https://a.example/">one</a>.</p>',
        """
        One [1], two [2], one [1].

        [1] https://a.example/
        [2] https://b.example/
        """,
    ),
    "an address that stands there isn't repeated": (
        '<p><a href="https://a.example/">https://a.example/</a>, <a href="mailto:x@y.example">x@y.example</a>,'
        ' <a href="tel:+35320">+353 20</a>, <a href="mailto:x@y.example?subject=Hello">write</a></p>',
        """
        https://a.example/, x@y.example, +353 20, write <x@y.example>
        """,
    ),
    "words that stand out": (
        "<p><strong>Now</strong>, <em>perhaps</em>.</p><blockquote><p>So it was.</p><p>Yes.</p></blockquote>",
        """
        *Now*, _perhaps_.

        > So it was.
        >
        > Yes.
        """,
    ),
    "a table that fits": (
        "<table><thead><tr><th>Promise</th><th align='right'>Result</th></tr></thead>"
        "<tbody><tr><td>Roasted</td><td align='right'>98 %</td></tr><tr><td>Mended</td></tr></tbody></table>",
        """
        Promise  Result
        ---------------
        Roasted    98 %
        Mended
        """,
    ),
    "a table that doesn't": (
        f"<table><tr><th>A</th><th>B</th><th></th></tr><tr><td>{'a ' * 30}</td><td>{'b ' * 30}</td><td>c</td></tr>"
        "</table>",
        f"""
        {"a " * 29}a
          B: {"b " * 29}b
          c
        """,
    ),
    "code as it was typed, terms, a rule": (
        "<pre><code>a  b\n c</code></pre><dl><dt>Bean</dt><dd>A point.</dd></dl><hr><p>End</p>",
        f"""
            a  b
             c

        Bean
          A point.

        {"* * *".center(72).rstrip()}

        End
        """,
    ),
}


@pytest.mark.parametrize(("html", "text"), CASES.values(), ids=CASES)
def test_markup_reads_well_without_it(html: str, text: str) -> None:
    assert plain_text(read_prose(html)) == dedent(text).strip("\n")


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)))
def test_no_line_is_too_wide_and_no_word_is_lost(words: list[str]) -> None:
    lines = wrapped(" ".join(words), 72, "* ", "  ").split("\n")
    assert "".join(lines).replace(" ", "").removeprefix("*") == "".join(words)
    assert max(map(columns, lines)) <= 72


def test_a_long_address_is_never_broken() -> None:
    address = "https://a.example/" + "x" * 100
    assert wrapped(f"See {address} there") == f"See\n{address}\nthere"


def test_wide_letters_take_two_columns_and_are_broken_anywhere_but_before_a_full_stop() -> None:
    assert underlined("咖啡") == "咖啡\n----"
    lines = wrapped("咖" * 35 + "啡。" + "豆" * 5).split("\n")
    assert lines == ["咖" * 35, "啡。" + "豆" * 5]


def test_an_underline_is_as_long_as_the_longest_line() -> None:
    assert underlined("aaa " * 30).split("\n")[-1] == "-" * 71
