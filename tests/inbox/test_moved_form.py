"""Warnings of forms that are gone although they have answers: their file may have another name."""

from __future__ import annotations

import pytest

from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.inbox.test_invitation import reply
from tests.long_cases import quick_first


@pytest.mark.parametrize("name", quick_first(["rowing-out-to-the-light", "rowing-outt"], 1))
def test_an_event_whose_file_has_another_name_is_told_with_its_path(name: str, quay: Quay) -> None:
    quay.take(reply("L-101", "2"), reply("L-102", "1"))
    file = quay.root / "content" / "events" / "rowing-out.md"
    file.rename(file.with_stem(name))
    run = quay.project.portal("check")
    assert run.code == 0, run.text
    told = " ".join(run.text.split())
    assert "members/inbox/answers.csv: warning: 2 answers are to `events/rowing-out`, which is gone" in told
    assert f"did you mean `events/{name}`?" in told


def test_a_form_that_is_gone_without_another_of_its_kind_is_no_mistake(quay: Quay) -> None:
    quay.take(Letter("forms/wicks", {"wick": "Flat"}, "L-102"))
    (quay.root / "content" / "forms" / "wicks.md").unlink()
    assert "which is gone" not in quay.project.portal("check").text
