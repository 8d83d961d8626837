"""Own texts: a text that told nothing of other members is not searched again, unless the members have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.kept.own_texts import OwnTexts
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.validation import validate
from members_portal.seal import Secret, access_code
from members_portal.work_record import WorkRecord
from tests.publish.project import DAY, SECRET, Project

KEY = Secret(bytes.fromhex(SECRET))
ADDRESS = "newcomer@post.example"


@pytest.fixture(scope="module")
def judged(harbour: Project) -> tuple[PublishContext, Inputs]:
    day = date.fromisoformat(DAY)
    context = make_context(harbour.environ(), root=harbour.root, on=day, today=day, now=1)
    return context, validate(context, None)


class Search:
    """Searches one text of L-101, as many publishes do with one work record."""

    def __init__(self, judged: tuple[PublishContext, Inputs]) -> None:
        self.context, self.inputs = judged
        self.work, self.reads = WorkRecord(), 0

    def others(self, text: str, **changed: object) -> set[str]:
        """Return the other members in the text; L-102 has changed fields."""
        members = [_changed(member, changed) for member in self.inputs.members]
        candidate = Candidate(
            self.context.releases, replace(self.inputs, members=members), KEY, self.context, work=self.work
        )

        def decode() -> Iterable[Decoded]:
            self.reads += 1
            return [Decoded.of(text)]

        found = OwnTexts(candidate, members).others(members[0], "slots.json", text, decode)
        candidate.passed("own texts").keep()
        return found


def _changed(member: Member, fields: dict[str, object]) -> Member:
    return member.model_copy(update=fields) if member.id == "L-102" else member


@pytest.fixture
def search(judged: tuple[PublishContext, Inputs]) -> Search:
    return Search(judged)


def test_a_text_that_passed_is_searched_once(search: Search) -> None:
    assert [search.others(f"Write to {ADDRESS}.") for _ in range(3)] == [set()] * 3
    assert search.reads == 1


def test_another_text_is_searched(search: Search) -> None:
    assert search.others("Nothing.") == set()
    assert search.others("My friend is L-102.") == {"L-102"}


def test_a_text_that_passed_is_searched_for_an_address_that_a_member_gets_later(search: Search) -> None:
    assert search.others(f"Write to {ADDRESS}.") == set()
    assert search.others(f"Write to {ADDRESS}.", email=ADDRESS) == {"L-102"}


def test_a_text_that_passed_is_searched_for_a_code_that_a_member_gets_later(search: Search) -> None:
    text = f"Sign in with {access_code(KEY, 'L-102', 2)}."
    assert search.others(text) == set()
    assert search.others(text, code_version=2) == {"L-102"}


def test_a_text_with_a_finding_is_never_kept(search: Search) -> None:
    assert [search.others("My friend is L-102.") for _ in range(2)] == [{"L-102"}] * 2
