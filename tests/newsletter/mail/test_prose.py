"""What of an article's HTML is kept for a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.newsletter.mail.prose import as_html, read_prose


def kept(html: str) -> str:
    return as_html(read_prose(html))


@pytest.mark.parametrize(
    "html",
    [
        '<p>One <em>two</em> &amp; <a href="https://a.example/?b=1&amp;c=2">three</a>.</p>',
        '<table><tbody><tr><td align="right">1</td><td></td></tr></tbody></table>',
        '<ol start="3"><li>a<br>b</li></ol><hr><p lang="ga" dir="ltr">c</p>',
    ],
)
def test_what_every_client_shows_stays_as_it_is(html: str) -> None:
    assert kept(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<p>a<img src="https://x.example/pixel.gif">b</p>', "<p>ab</p>"),
        ('<p><a href="https://a.example/"><img src="x" alt="y"></a></p>', ""),
        ('<figure><img src="x" alt="y"><figcaption>z</figcaption></figure>', ""),
        ('<figure><a href="https://a.example/"><img src="x"></a><figcaption>z</figcaption></figure>', ""),
        ("<p>a</p><script>b</script><style>c</style><svg><text>d</text></svg><p>e</p>", "<p>a</p><p>e</p>"),
        ("<svg><svg><text>a</text></svg><text>b</text></svg>c", "c"),
        ('<p onclick="a()" style="color: red" class="b" id="c">d</p>', "<p>d</p>"),
        ('<a href="javascript:a()">b</a><a href="data:text/html,c">d</a>', "bd"),
        ('<a href="../e/">f</a><a href="#g">h</a><a href="//i.example/">j</a>', "fhj"),
        ('<a href="content:images/a.png">b</a><a href="https:nowhere">c</a><a name="d">e</a>', "bce"),
        ('<link rel="stylesheet" href="x"><object data="y">z</object><iframe src="x">y</iframe>a', "a"),
        ("<unknown><p>a</p></unknown>", "<p>a</p>"),
        ("<!-- a --><?b?><!DOCTYPE html>c", "c"),
        ("<p>a</b></p><div><p>b", "<p>a</p><div><p>b</p></div>"),
    ],
)
def test_what_is_fetched_or_runs_or_leads_nowhere_goes(html: str, left: str) -> None:
    assert kept(html) == left


@given(st.text(alphabet="<>/=\"' abiphrefsctm:&;!-\n"))
def test_what_was_written_anew_reads_the_same_again(html: str) -> None:
    assert kept(kept(html)) == kept(html)
