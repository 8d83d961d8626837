"""Words with combining marks: letters are composed, and words that can't be have a typeface that places marks."""

import pytest

from members_portal.newsletter.combining_marks import set_marks

MARKED = '<span class="marked">{}</span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Zoe\u0308 said</p>", "<p>Zoë said</p>"),
        ("<p>a Yor\u00f9ba\u0301 \u1ecd\u0301\u1e63\u1ecd, no</p>", f"<p>a Yorùbá {MARKED.format('ọ́ṣọ')}, no</p>"),
        ("<p>o\u0323\u0301</p>", f"<p>{MARKED.format('ọ́')}</p>"),
        ('<img alt="\u1ecd\u0301"><p>\u1ecd\u0301</p>', f'<img alt="ọ́"><p>{MARKED.format("ọ́")}</p>'),
        ("<title>\u1ecd\u0301</title><svg><text>\u1ecd\u0301</text></svg>", None),
        ("<p>plain &amp; whole</p>", None),
        ("<p>\u0301</p>", None),
    ],
)
def test_a_word_with_a_mark_of_its_own_is_set_apart(html: str, expected: str | None) -> None:
    assert set_marks(html) == (html if expected is None else expected)
