"""Bodies: links become addresses, pictures become figures, and the cache is never trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.portal.content.body import Body, Converter, content_path
from members_portal.portal.content.markdown_files import address
from tests.portal.small_portal import MARKDOWN

CONVERTER = Converter(MARKDOWN, "en")


def convert(text: str, folder: str = "reports") -> Body:
    """Convert a body as of a report."""
    return CONVERTER.convert(text, folder, "../../", address)


@pytest.mark.parametrize(
    ("written", "href", "path"),
    [
        ("harvest.md", "../../reports/harvest/", "reports/harvest.md"),
        ("../offers/kilo.md", "../../offers/kilo/", "offers/kilo.md"),
        ("../feedback/bags.md", "../../you-said-we-did/bags/", "feedback/bags.md"),
        ("../pages/join.md", "../../join/", "pages/join.md"),
        ("../pages/join.md#price", "../../join/#price", "pages/join.md"),
        ("{filename}/pages/join.md", "../../join/", "pages/join.md"),
        ("{filename}../pages/join.md", "../../join/", "pages/join.md"),
        ("{static}/images/map.pdf", "../../images/map.pdf", "images/map.pdf"),
        ("/images/map.pdf", "../../images/map.pdf", "images/map.pdf"),
        ("../images/the%20map.pdf", "../../images/the%20map.pdf", "images/the map.pdf"),
        ("../images/50%25.pdf", "../../images/50%25.pdf", "images/50%.pdf"),
        ("../images/a&b.pdf", "../../images/a%26b.pdf", "images/a&b.pdf"),
        ("/offers/", "../../offers/", "/offers/"),
        ("/", "../../", "/"),
    ],
)
def test_a_link_to_a_file_becomes_its_address(written: str, href: str, path: str) -> None:
    body = convert(f"See [this]({written}).")
    assert body.html == f'<p>See <a href="{href}">this</a>.</p>'
    assert dict(body.links) == {path: written}


@pytest.mark.parametrize(
    "link", ["https://example.org/x.md", "mailto:a@b.example", "tel:+353209150147", "#notes", "//example.org/"]
)
def test_a_link_elsewhere_stays_as_it_is(link: str) -> None:
    body = convert(f"[this]({link})")
    assert f'href="{link}"' in body.html
    assert (body.links, body.foreign) == ({}, ())


def test_an_address_in_angle_brackets_is_a_mail_address_and_not_a_file() -> None:
    assert convert("<club@lantern.example>").links == {}


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ("<a href='harvest.md'>x</a>", "reports/harvest.md"),
        ("<a href=harvest.md>x</a>", "reports/harvest.md"),
        ("<A CLASS=x HREF = 'harvest.md' >x</A>", "reports/harvest.md"),
        ('<a title="the src=harvest.md" href="../images/map.pdf">x</a>', "images/map.pdf"),
        ('<video poster="../images/cup.svg"></video>', "images/cup.svg"),
        ('<p><img alt="a &gt; b" src="../images/cup.svg"></p>', "images/cup.svg"),
    ],
)
def test_html_that_an_editor_wrote_is_read_the_same_way(html: str, path: str) -> None:
    assert list(convert(html).links) == [path]


@pytest.mark.parametrize(
    "html",
    [
        "![x](https://images.example/x.jpg)",
        "![x](//images.example/x.jpg)",
        "<img src='http://images.example/x.jpg'>",
        "<IMG SRC=http://images.example/x.jpg>",
        '<video src="../images/cup.svg" poster="https://images.example/x.jpg"></video>',
        '<img srcset="https://images.example/x.jpg 2x" src="../images/cup.svg">',
        '<img srcset="data:image/svg+xml,images.example 2x" src="../images/cup.svg">',
        '<picture><source srcset="//images.example/x.jpg"><img src="../images/cup.svg"></picture>',
    ],
)
def test_media_on_other_hosts_are_listed(html: str) -> None:
    assert [link.partition("images.example")[1] for link in convert(html).foreign] == ["images.example"]


@pytest.mark.parametrize(
    ("srcset", "rewritten", "paths"),
    [
        ("../images/a.png 2x", "../../images/a.png 2x", ["images/a.png"]),
        ("a.png, ../images/b.png 2x", "../../reports/a.png, ../../images/b.png 2x", ["reports/a.png", "images/b.png"]),
        (
            " a.png 1x ,b.png 480w",
            "../../reports/a.png 1x, ../../reports/b.png 480w",
            ["reports/a.png", "reports/b.png"],
        ),
        ("a,b.png", "../../reports/a%2Cb.png", ["reports/a,b.png"]),
        ("a", "../../reports/a", ["reports/a"]),
        ("{static}/images/the%20map.png 2x", "../../images/the%20map.png 2x", ["images/the map.png"]),
        ("", "", []),
    ],
)
def test_each_address_of_a_srcset_is_a_link(srcset: str, rewritten: str, paths: list[str]) -> None:
    for element in ("img", "source"):
        body = convert(f'<picture><{element} srcset="{srcset}"></picture>')
        assert f'srcset="{rewritten}"' in body.html
        assert list(body.links) == paths
        assert body.refused == ()


def test_media_and_their_captions_are_links() -> None:
    body = convert(
        '<video controls poster="../images/p.png"><source src="../images/v.webm" type="video/webm">'
        '<track src="../images/c.vtt" kind="captions" srclang="en"></video><audio src="../images/a.mp3"></audio>'
    )
    assert sorted(body.links) == ["images/a.mp3", "images/c.vtt", "images/p.png", "images/v.webm"]
    assert body.html.count('="../../images/') == 4


def test_a_picture_with_a_title_is_a_figure_and_waits_to_be_seen() -> None:
    assert convert('![A cup](../images/cup.svg "A cup, <half> full")').html == (
        '<figure><img loading="lazy" decoding="async" alt="A cup" src="../../images/cup.svg">'
        "<figcaption>A cup, &lt;half&gt; full</figcaption></figure>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('x <img alt="a src=" title="b">', '<img loading="lazy" decoding="async" alt="a src=" title="b">'),
        ('x <img alt="a src=" title="x onerror=alert(1) y">', 'alt="a src=" title="x onerror=alert(1) y">'),
        ('x <img title=" poster=" alt=" src=">', 'title=" poster=" alt=" src=">'),
        ("<img alt='a src=\"x.png\" y'>", 'alt="a src=&quot;x.png&quot; y">'),
        ('<a title="the href=" class="z">q</a>', '<a title="the href=" class="z">q</a>'),
        ('<a title=" href=" lang=" href=" href="harvest.md">q</a>', 'href="../../reports/harvest/">q</a>'),
        ('<video aria-label="x srcset=" poster="../images/p.png"></video>', 'aria-label="x srcset=" poster="../../im'),
        ('<p><img alt="a title=" src="c.svg"></p>', '<p><img loading="lazy" decoding="async" alt="a title=" src="../.'),
        (
            '<p><img alt="a title=" title="b" src="c.svg"></p>',
            'alt="a title=" src="../../reports/c.svg"><figcaption>b</',
        ),
    ],
)
def test_a_value_that_contains_an_attribute_stays_as_it_is(html: str, expected: str) -> None:
    body = convert(html)
    assert expected in body.html
    assert "title=" not in "".join(body.links)
    assert body.refused == ()


def test_code_is_no_link() -> None:
    body = convert("`<a href='x.md'>`\n\n    <img src='y.jpg'>\n")
    assert (body.links, body.foreign) == ({}, ())


def test_a_footnote_leads_back_by_a_sign_of_the_themes_typefaces() -> None:
    html = convert("Herring.[^1] Sprat.[^2]\n\n[^1]: Or two.\n[^2]: Or ↩.").html
    assert html.count(">↑</a>") == 2
    assert html.count("↩") == 1


def test_footnotes_and_references_of_one_item_do_not_reach_the_next() -> None:
    convert("[x][ref] and a note[^1]\n\n[ref]: harvest.md\n\n[^1]: Secret.")
    second = convert("[x][ref] and a note[^1]")
    assert second.links == {}
    assert "Secret" not in second.html


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (220, 1), (440, 2), (1100, 5)])
def test_the_reading_time_is_in_minutes_and_at_least_one(words: int, minutes: int) -> None:
    assert convert("word " * words).minutes == minutes


@given(st.lists(st.sampled_from([*"a/.#?% é", "..", "%2e", "%2f", "{static}"]), max_size=12).map("".join))
def test_a_path_stays_below_content_or_says_that_it_does_not(link: str) -> None:
    path = content_path(link, "reports")
    assert path.startswith(("/", "../")) or ".." not in path.split("/") or path == ".."
