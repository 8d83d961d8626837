"""The markdown extensions of the sample: strike-through, task lists, bare links, boxes."""

from __future__ import annotations

import pytest

from members_portal.newsletter.mail.prose import as_html, read_prose
from members_portal.portal.content.body import Body, Converter
from members_portal.portal.content.markdown_files import address
from tests.portal.small_portal import PROJECT, settings_of


@pytest.fixture(scope="module")
def converter() -> Converter:
    """Return the converter of the sample's settings."""
    return Converter(settings_of(PROJECT)["MARKDOWN"], "en")


def convert(converter: Converter, text: str) -> Body:
    return converter.convert(text, "reports", "../../", address)


OPEN = '<span class="task" role="img" aria-label="to do">[ ]</span>'
DONE = '<span class="task done" role="img" aria-label="done">[x]</span>'


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("~~gone~~, about ~5, H~2~O", "<p><del>gone</del>, about ~5, H~2~O</p>"),
        ("https://a.example/b--c.", '<p><a href="https://a.example/b--c">https://a.example/b--c</a>.</p>'),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
        ("Ask club@a.example.", '<p>Ask <a href="mailto:club@a.example">club@a.example</a>.</p>'),
        (
            "- [ ] one\n- [x] two\n- three",
            f'<ul class="task-list">\n<li class="task-list-item">{OPEN} one</li>\n'
            f'<li class="task-list-item">{DONE} two</li>\n<li>three</li>\n</ul>',
        ),
        (
            '!!! note "Take care"\n    It is *hot*.',
            '<div class="admonition note">\n<p class="admonition-title"><strong>Take care</strong></p>\n'
            "<p>It is <em>hot</em>.</p>\n</div>",
        ),
    ],
)
def test_an_extension_becomes_listed_html(converter: Converter, markdown: str, html: str) -> None:
    body = convert(converter, markdown)
    assert (body.html, body.refused) == (html, ())


def test_a_loose_task_list_is_the_same(converter: Converter) -> None:
    body = convert(converter, "- [x] one\n\n- [ ] two")
    assert f"<p>{DONE} one</p>" in body.html
    assert f"<p>{OPEN} two</p>" in body.html


def test_a_form_of_the_editor_is_refused_as_before(converter: Converter) -> None:
    (refused,) = convert(converter, 'Tick <input type="checkbox" disabled>.').refused
    assert refused.what == "`<input>` isn't published"


def test_in_e_mails_tasks_and_boxes_are_words(converter: Converter) -> None:
    body = convert(converter, '- [x] done\n\n!!! note "Take care"\n    Hot. ~~Cold.~~')
    mail = as_html(read_prose(body.html))
    assert "<span>[x]</span> done" in mail
    assert "<p><strong>Take care</strong></p>" in mail
    assert "<del>Cold.</del>" in mail
