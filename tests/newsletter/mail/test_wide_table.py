"""Tables in an e-mail: those that fit a phone stay, wider ones become a list of rows."""

from __future__ import annotations

import re

from members_portal.newsletter.mail.plain_text import plain_text
from members_portal.newsletter.mail.prose import Element, as_html, read_prose
from members_portal.newsletter.mail.wide_table import PHONE_COLUMNS, narrow_tables, table_width

WORD = "x" * (PHONE_COLUMNS // 2)


def table(*rows: list[str], cell: str = "td") -> str:
    lines = "".join(f"<tr>{''.join(f'<{cell}>{text}</{cell}>' for text in row)}</tr>" for row in rows[1:])
    heads = "".join(f"<th>{text}</th>" for text in rows[0])
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def narrowed(html: str) -> str:
    return as_html(narrow_tables(read_prose(html)))


def width(html: str) -> int:
    (node,) = read_prose(html)
    assert isinstance(node, Element)
    return table_width(node)


def test_a_table_that_fits_a_phone_stays() -> None:
    fitting = table(["Coffee", "Paid"], [f"{WORD} and more", WORD[:-1]])
    assert width(fitting) == PHONE_COLUMNS
    assert narrowed(fitting) == fitting


def test_a_wider_table_becomes_a_list_of_its_rows_with_headings() -> None:
    wide = table(
        ["Coffee", "Paid", "Left"], [WORD, WORD, ""], ["<em>Plum</em>", "<a href='https://x.example'>7</a>", "3"]
    )
    assert narrowed(f"<blockquote>{wide}</blockquote>") == (
        f"<blockquote><p><strong>{WORD}</strong><br>Paid: {WORD}</p>"
        '<p><strong><em>Plum</em></strong><br>Paid: <a href="https://x.example">7</a><br>Left: 3</p></blockquote>'
    )


def test_a_wide_table_without_headings_loses_no_cell() -> None:
    for rows in (f"<tr><td>{WORD}</td><td>{WORD}a</td></tr>", f"<tr><th>{WORD}</th><th>{WORD}a</th></tr>"):
        assert narrowed(f"<table>{rows}</table>") == f"<p><strong>{WORD}</strong><br>{WORD}a</p>"
        assert f"{WORD}a" in plain_text(read_prose(f"<table>{rows}</table>"), width=20)


def test_the_width_counts_the_longest_words_and_whole_amounts() -> None:
    assert width(table(["One", "Two"], ["a bc", "defg"])) == len("One defg")
    assert width('<table><tr><td align="right">1 204 €</td><td>陳大文</td></tr></table>') == len("1 204 €") + 1 + 2


def test_an_empty_table_is_no_error() -> None:
    assert re.fullmatch(r"(<table></table>)?", narrowed("<table></table>"))
    assert narrowed(table(["a" * 40])) == f"<p><strong>{'a' * 40}</strong></p>"
