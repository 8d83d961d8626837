"""Addresses on paper: a reader types them, so they are divided without a hyphen."""

import pytest

from members_portal.newsletter.web_address import set_addresses
from tests.newsletter.test_theme import article_with, classes, words

SPAN = '<span class="address">{}</span>'


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://club.example/opportunities?a=1&amp;b=2 now", "https://club.example/opportunities?a=1&amp;b=2"),
        ("ring www.opportunities.example.", "www.opportunities.example."),
        ("to opportunities@club.example, please", "opportunities@club.example,"),
        ("at (club.example/opportunities)", "(club.example/opportunities)"),
        ("the file opportunities.csv", "opportunities.csv"),
    ],
)
def test_an_address_is_set_apart(text: str, address: str) -> None:
    assert set_addresses(f"<p>{text}</p>") == f"<p>{text.replace(address, SPAN.format(address))}</p>"


@pytest.mark.parametrize(
    "html",
    ["<p>e.g. 3.5 kg at 18.30. Then this</p>", '<a href="https://a.example">here</a>', "<title>a.example</title>"],
)
def test_other_words_and_attributes_stay(html: str) -> None:
    assert set_addresses(html) == html


def test_an_address_on_paper_has_no_hyphen_that_is_not_in_it() -> None:
    address = "https://club.example/extraordinarilycomprehensiveopportunities/internationalisation"
    long = "extraordinarilycomprehensiveopportunities/internationalisation@club.example"
    text = "".join(
        f"<p>{'o ' * place}{address} {long} <code>{'opportunities' * 6}</code></p>" for place in range(1, 30, 4)
    )
    document = article_with(text)
    shown = [box for page in range(len(document.pages)) for box, _ in words(document, page)]
    parts = [box.text for box in shown if box.element_tag == "code" or "address" in classes(box)]
    assert sum("comprehensive" in part for part in parts) > 5
    assert [part for part in parts if part.endswith("-")] == []
