"""Who may answer a form, by the audience of its item and its own words."""

from __future__ import annotations

import pytest

from members_portal.form.answerers import answerers
from members_portal.form.form import Form
from members_portal.loyalty.programme.audience import UnknownAudience, parse_audience

LADDER = ("member", "silver", "gold")


@pytest.mark.parametrize(
    ("kind", "audience", "who", "readers"),
    [
        ("feedback", "members", [], "member silver gold"),
        ("feedback", "silver+", [], "silver gold"),
        ("feedback", "members", ["gold"], "gold"),
        ("feedback", "silver+", ["members"], "silver gold"),
        ("feedback", "silver", ["gold"], ""),
        ("feedback", "members", ["staff"], "staff"),
        ("feedback", "members", ["gold", " Staff "], "gold staff"),
        ("feedback", "staff", [], ""),
        ("feedback", "public", [], "member silver gold"),
        ("join", "public", [], "public member silver gold"),
        ("lost-code", "public", [], "public member silver gold"),
        ("note", "members", [], "staff"),
        ("note", "staff", [], "staff"),
    ],
)
def test_those_who_read_the_item_and_are_asked_may_answer(
    kind: str, audience: str, who: list[str], readers: str
) -> None:
    form = Form.model_validate({"kind": kind, "who": who})
    assert answerers(form, parse_audience([audience], LADDER), LADDER) == set(readers.split())


def test_an_unknown_word_is_told_with_its_place() -> None:
    form = Form.model_validate({"kind": "feedback", "who": ["silver", "glod"]})
    with pytest.raises(UnknownAudience) as caught:
        answerers(form, parse_audience(["members"], LADDER), LADDER)
    assert [(word.at, word.hint) for word in caught.value.unknown] == [(1, "`gold`")]
