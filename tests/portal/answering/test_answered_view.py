"""What pages show of a member's own answers: states, turns, votes, thanks, and nothing of anybody else's."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pelican import Pelican

from members_portal.inbox.record.inbox_row import AsideRow
from members_portal.inbox.record.row_file import write_rows
from members_portal.inbox.refusal import MANY
from members_portal.loyalty.period import DAY as ONE_DAY
from members_portal.portal.inputs import load_inputs
from members_portal.portal.personal import slot_batches
from members_portal.portal.personal.slot_table import PIECES, SLOT_PLACES, read_slots
from members_portal.portal.rendering.page_record import RenderWork
from members_portal.seal.member_slots import MemberSlots
from members_portal.work_record import WorkRecord
from members_portal.workers.spread import Spread
from tests.long_cases import quick_and_long, quick_first
from tests.loyalty.small_club import PROGRAMME
from tests.portal.answering.inbox_rows import number, reply, row, write_inbox
from tests.portal.small_portal import BARE_THEME, ON, PROJECT, SITE_SETTINGS, settings_of, text, write
from tests.workers.same_process import SameProcess

VOTE = (
    "Form: {kind: vote, closes: 2026-11-15, questions: [{name: cup, ask: Which?, type: choice, choices: [Blue, Red]}]}"
)
EVENING = "Starts: 2026-12-05 18:30\nEnds: 2026-12-05 21:00\nPlace: Quay\nCapacity: 3\n"
CONTENT = {
    "forms/tell-us.md": text("Tell", "members", "Form: {kind: feedback}"),
    "forms/cup.md": text("The cup", "members", VOTE),
    "forms/gold.md": text("The gold cup", "gold", "Form: {kind: feedback}"),
    "events/tea.md": text("Tea by lamplight", "members", EVENING + 'Form: {kind: rsvp, persons: "2"}'),
    "feedback/lid.md": text("A lid that closes", "members", f"Said: Close it.\nState: done\nAnswers: [{number(1)}]"),
    "feedback/gold.md": text("A gold lid", "gold", f"Said: Gild it.\nState: not-now\nAnswers: [{number(2)}]"),
}
PEOPLE = {"M-1": "silver", "M-2": "gold", "M-3": "silver", "M-4": "member"}
WORDS = "The lid of the blue tin opens in the bag."
ANSWERS = [
    row(1, "M-1", "forms/tell-us", "feedback", "theme", "Delivery"),
    row(1, "M-1", "forms/tell-us", "feedback", "words", WORDS),
    row(2, "M-1", "forms/tell-us", "feedback", "words", "<b>Gild</b> it."),
    row(3, "M-1", "forms/cup", "vote", "cup", "Red"),
    row(4, "M-1", "forms/cup", "vote", "cup", "Blue"),
    row(5, "M-2", "forms/cup", "vote", "cup", "Blue"),
    row(6, "M-3", "forms/gold", "feedback", "words", "I was gold when I wrote this."),
    row(7, "M-1", "events/tea", "rsvp", "coming", "Yes"),
    row(8, "M-2", "events/tea", "rsvp", "coming", "Yes"),
    row(9, "M-3", "events/tea", "rsvp", "coming", "Yes"),
    row(10, "M-4", "events/tea", "rsvp", "coming", "No"),
]
REPLIES = [
    reply(7, "M-1", "events/tea", "coming", 2),
    reply(8, "M-2", "events/tea", "waiting", 2),
    reply(9, "M-3", "events/tea", "waiting", 2),
    reply(10, "M-4", "events/tea", "declined", 0),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write a site with four members, their answers, and the project's slots in a small theme."""
    for folder in ("slots", "blocks"):
        shutil.copytree(PROJECT / "theme/templates" / folder, tmp_path / "theme/templates" / folder)
    write(tmp_path / "theme", {path: template for path, template in BARE_THEME.items() if "/slots/" not in path})
    write(tmp_path / "content", CONTENT)
    entry = "- {id: %s, given name: A%s, formal name: B, joined: 2024-01-01, tier: %s}\n"
    people = "".join(entry % (member, member[-1], tier) for member, tier in PEOPLE.items())
    write(tmp_path / "members", {"programme.yaml": PROGRAMME, "members.yaml": people})
    write_inbox(tmp_path / "members", ANSWERS, REPLIES)
    return tmp_path


def render_slots(site: Path, on: date = ON, **settings: Any) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Render the site on a day; return the fragments of each member by the name of their slot."""
    inputs = load_inputs(site / "content", site / "members", on, SITE_SETTINGS, today=on)
    shutil.rmtree(site / "tree", ignore_errors=True)
    Pelican(settings_of(site, PORTAL_INPUTS=inputs, THEME=str(site / "theme"), **settings)).run()
    found = {member: json.loads(slots) for member, slots in read_slots(site / "tree").items()}
    return {
        member: {name.rpartition("-")[0]: fragments for name, fragments in slots.items()}
        for member, slots in found.items()
    }


def shown(slots: dict[str, list[dict[str, str]]], name: str) -> str:
    """Join the HTML of a slot in one line."""
    return " ".join(" ".join(fragment["html"] for fragment in slots.get(name, [])).split())


def test_a_member_reads_what_became_of_a_reply(site: Path) -> None:
    slots = render_slots(site)
    told = {member: shown(slots[member], "answered-events-tea") for member in PEOPLE}
    assert "You’re on the list, with 2 places." in told["M-1"]
    assert "You’re number 1 on the waiting list." in told["M-2"]
    assert "You’re number 2 on the waiting list." in told["M-3"]
    assert "You told us that you can’t come." in told["M-4"]


@pytest.mark.long
def test_only_those_who_come_are_expected_until_the_evening(site: Path) -> None:
    slots = render_slots(site)
    assert [member for member in PEOPLE if "expected" in slots[member]] == ["M-1"]
    assert slots["M-1"]["expected"][0]["until"] == "2026-12-05"
    assert "expected" not in render_slots(site, date(2026, 12, 6))["M-1"]


def test_a_vote_is_told_to_those_who_voted_once_it_has_closed(site: Path) -> None:
    before, after = (render_slots(site, date(2026, 11, day)) for day in (15, 16))
    assert "votes" not in shown(before["M-1"], "answered-forms-cup")
    for member in ("M-1", "M-2"):
        assert "<li>Blue <b>2</b></li><li>Red <b>0</b></li>" in shown(after[member], "answered-forms-cup")
    assert "answered-forms-cup" not in after["M-3"]


@pytest.mark.long
def test_votes_for_a_choice_that_was_worded_anew_are_counted_as_they_were_given(site: Path) -> None:
    cup = site / "content/forms/cup.md"
    cup.write_text(cup.read_text("utf-8").replace("choices: [Blue", "choices: [Dark blue"), "utf-8")
    told = shown(render_slots(site, date(2026, 11, 16))["M-1"], "answered-forms-cup")
    assert "<li>Blue <b>2</b></li><li>Dark blue <b>0</b></li><li>Red <b>0</b></li>" in told


def test_thanks_go_to_those_whose_number_an_item_names_in_their_edition(site: Path) -> None:
    slots = render_slots(site)
    assert [member for member in PEOPLE if "answered-feedback-lid" in slots[member]] == ["M-1"]
    assert "What we did" in shown(slots["M-1"], "said")
    assert "A lid that closes" in shown(slots["M-1"], "thanks")
    everything = json.dumps(slots)
    assert "Gild it." not in everything  # the item of the gold edition, for an answer of a silver member
    assert "A gold lid" not in everything
    assert "&lt;b&gt;Gild&lt;/b&gt; it." in shown(slots["M-1"], "answered-forms-tell-us")


@pytest.mark.parametrize(("day", "is_thanked"), quick_and_long([(0, True), (30, True), (31, False)], {(30, True)}))
def test_the_home_page_thanks_for_thirty_days(site: Path, day: int, is_thanked: bool) -> None:
    slots = render_slots(site, date(2026, 11, 1) + day * ONE_DAY)
    assert ("thanks" in slots["M-1"]) == is_thanked
    assert "answered-feedback-lid" in slots["M-1"]


@pytest.mark.long
def test_an_answer_to_an_item_of_another_edition_keeps_its_number_alone(site: Path) -> None:
    said = shown(render_slots(site)["M-3"], "said")
    assert "<b>An answer</b>" in said
    assert number(6) in said
    assert "gold" not in said


@pytest.mark.long
def test_the_device_is_told_the_numbers_of_two_months(site: Path) -> None:
    first, last, over = (shown(render_slots(site, day)["M-4"], "received")
                         for day in (ON, date(2027, 1, 11), date(2027, 1, 12)))  # fmt: skip
    assert first == last == f'<data id="received" value="{number(10)}" hidden></data>'
    assert 'value=""' in over


def test_a_member_has_nothing_of_anothers_answers(site: Path) -> None:
    slots = render_slots(site)
    own = {member: {each.number for each in ANSWERS if each.member == member} for member in PEOPLE}
    for member in PEOPLE:
        everything = json.dumps(slots[member])
        assert {each.number for each in ANSWERS if each.number in everything} == own[member]
    assert [member for member in PEOPLE if WORDS in json.dumps(slots[member])] == []  # the newest answer is told
    pages = "".join(file.read_text("utf-8") for file in (site / "tree").rglob("*.html"))
    assert [each.number for each in ANSWERS if each.number in pages] == []


def kept(site: Path, on: date, record: WorkRecord) -> dict[str, str]:
    """Render the site with the slots that an earlier day kept; return the digest of each member's slots."""
    render_slots(site, on, PORTAL_WORK=RenderWork(record), PORTAL_CACHE=str(site / "cache"))
    table = MemberSlots(site / "tree")
    return {member: table.digest(member) for member in table}


@pytest.mark.parametrize("days", quick_first([1, 11, 12, 17, 18, 53, 54], 1))
def test_kept_slots_are_those_that_would_be_rendered_on_the_day(site: Path, days: int) -> None:
    record, later = WorkRecord(), ON + days * ONE_DAY
    kept(site, ON, record)
    assert kept(site, later, record) == kept(site, later, WorkRecord())


@pytest.mark.long
def test_a_changed_answer_changes_the_slots_of_its_writer_alone(site: Path) -> None:
    record = WorkRecord()
    before = kept(site, ON, record)
    changed = [
        each._replace(answer="Red") if each.member == "M-2" and each.kind == "vote" else each for each in ANSWERS
    ]
    write_inbox(
        site / "members", changed, [each._replace(state="coming") if each.member == "M-3" else each for each in REPLIES]
    )
    after = kept(site, ON, record)
    assert [member for member in PEOPLE if before[member] != after[member]] == ["M-1", "M-2", "M-3"]
    assert after == kept(site, ON, WorkRecord())


def test_a_form_links_what_was_done_about_the_last_answer_to_it(site: Path) -> None:
    done = text("A lid that closes", "members", f"Said: Close it.\nState: planned\nAnswers: [{number(2)}]")
    write(site / "content", {"feedback/lid.md": done})
    assert "What we’ll do" in shown(render_slots(site)["M-1"], "answered-forms-tell-us")


@pytest.mark.long
def test_batches_make_the_bytes_of_one_process(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot_batches, "FEWEST_MEMBERS", 1)
    monkeypatch.setattr(slot_batches, "MEMBERS_PER_BATCH", 2)
    workers = SameProcess()

    def table(spread: Spread | None) -> list[bytes]:
        render_slots(site, PORTAL_SPREAD=spread)
        return [(site / "tree" / name).read_bytes() for name in (SLOT_PLACES, PIECES)]

    assert table(workers) == table(None)
    assert len(workers.batches) == 2
    assert number(5).encode() not in workers.batches[0] or number(9).encode() not in workers.batches[0]


LATE, UNREAD = "its form was closed", "`words` has no answer"


def set_aside(site: Path, *rows: tuple[int, str, str, str]) -> None:
    """Write the list of what was set aside: digit, reason, form and day."""
    found = [AsideRow(day, "post", reason, "", number(digit), form, "M-1") for digit, reason, form, day in rows]
    write_rows(site / "members" / "inbox" / "set-aside.csv", AsideRow, found)


def test_an_answer_that_was_not_taken_in_is_told_calmly_to_its_member_alone(site: Path) -> None:
    set_aside(site, (20, LATE, "forms/cup", "2026-11-16"), (21, UNREAD, "forms/tell-us", "2026-11-13"))
    slots = render_slots(site)
    own = slots["M-1"]
    assert "Your answer reached us after the last day" in shown(own, "refused-forms-cup")
    assert "We could not read this answer. Please send it again." in shown(own, "refused-forms-tell-us")
    assert shown(own, "said").count("could not") == 2
    assert number(20) in shown(own, "received")  # the device need not keep it
    assert "You voted" in shown(own, "answered-forms-cup")
    for other in ("M-2", "M-3", "M-4"):
        assert "could not" not in json.dumps(slots[other])


@pytest.mark.long
def test_it_is_told_until_an_answer_arrives_that_is_taken_in_or_for_sixty_days(site: Path) -> None:
    set_aside(site, (21, UNREAD, "forms/tell-us", "2026-11-10"), (22, UNREAD, "events/tea", "2026-11-14"))
    assert "could not" not in shown(render_slots(site)["M-1"], "refused-forms-tell-us")  # answered on 12 November
    assert "could not" in shown(render_slots(site)["M-1"], "refused-events-tea")
    assert "could not" in shown(render_slots(site, date(2027, 1, 13))["M-1"], "refused-events-tea")
    assert "could not" not in shown(render_slots(site, date(2027, 1, 14))["M-1"], "refused-events-tea")


@pytest.mark.long
def test_the_device_is_told_of_a_refused_answer_after_a_later_one_too(site: Path) -> None:
    set_aside(site, (21, UNREAD, "forms/tell-us", "2026-11-10"))  # answered on 12 November
    assert shown(render_slots(site)["M-1"], "received").split('"')[3].split()[:3] == [number(1), number(21), number(2)]
    assert number(21) not in shown(render_slots(site, date(2027, 1, 10))["M-1"], "received")


@pytest.mark.long
def test_too_many_of_one_day_are_told_beside_those_that_count(site: Path) -> None:
    set_aside(site, (23, MANY.format(1), "forms/tell-us", "2026-11-12"))  # the day of the answer that counts
    own = render_slots(site)["M-1"]
    assert "we did not count this one" in shown(own, "refused-forms-tell-us")
    assert "What you told us has reached us." in shown(own, "answered-forms-tell-us")
