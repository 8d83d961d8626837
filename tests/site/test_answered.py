"""From a member to the next publish: a place, thanks and points for the writer, and nothing for anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.inbox.dovecot import PASSWORD, USER, dovecot
from tests.inbox.letters import Letter
from tests.inbox.post_office import post_office
from tests.js.reader import Reader
from tests.portal.small_portal import text
from tests.site.form_site import GOLD, OTHER, fill_all, is_sent, message, outbox, press, shown_number
from tests.site.payloads import Payloads
from tests.site.post_box import PostBox
from tests.site.sample import DAY, Sample
from tests.site.test_hostile import assert_nothing_runs, set_trap
from tests.site.tour import on_day, told

Visit = Callable[..., Reader]

EVENING, SURVEY, TELL_US = "events/advent-cupping/", "forms/once/", "forms/tell-us/"
WORDS = "The window seat is cold before nine, and the lamp above it hums."
PAYLOADS = 300
NEXT_DAY = "2026-11-22"


@pytest.fixture
def forms(equipped: Sample, tmp_path: Path, hosts: ExitStack) -> Sample:
    """Serve a copy of the sample with more forms, which a test may change."""
    sample = equipped.again(tmp_path / "portal")
    hosts.callback(sample.close)
    return sample


def take(portal: Sample, box: PostBox, answers: int) -> None:
    """Take what the endpoint received, the day after."""
    run = portal.run("inbox", "take", str(box.folder), day=NEXT_DAY)
    assert run.code == 0, run.text
    assert f"{answers}" in run.text, run.text


def write(reader: Reader) -> tuple[str, str]:
    """Reply to an evening for two, and answer a survey; return the numbers."""
    reader.context.clock.set_fixed_time(f"{DAY}T11:00:00Z")
    reader.go(EVENING)
    on_day(reader, DAY)
    expect(reader.page.get_by_text("24", exact=True)).to_be_visible()
    reader.page.get_by_label("Yes").check()
    reader.page.get_by_label("How many of you?").fill("2")
    press(reader)
    place = is_sent(reader)
    reader.go(SURVEY)
    fill_all(reader, WORDS)
    press(reader)
    return place, is_sent(reader)


def respond(portal: Sample, number: str) -> None:
    """Write what came of an answer."""
    more = f"Said: The window seat is cold.\nState: done\nAnswers: [{number}]"
    item = text("A stove by the window", "members", more, publish=DAY)
    (portal.folder / "content/feedback/stove.md").write_text(item, "utf-8")


def test_a_member_gets_place_thanks_and_points_and_nobody_else_anything(
    visit: Visit, forms: Sample, box: PostBox
) -> None:
    reader = visit(forms)
    reader.page.goto(forms.link(GOLD))
    told(reader)
    place, survey = write(reader)
    box.receive(box.answers[0])  # the endpoint repeats one
    respond(forms, survey)
    forms.project.edit("content/events/advent-cupping.md", "Capacity: 24", "Capacity: 2")
    take(forms, box, 2)
    forms.publish(day=NEXT_DAY)

    wait_for_answer(reader, EVENING)
    on_day(reader, NEXT_DAY)
    expect(reader.page.locator(".answered")).to_contain_text("You’re on the list, with 2 places.")
    expect(reader.page.get_by_text("2, none left as of")).to_be_visible()
    expect(reader.page.get_by_text("Reply here: whoever replies now is on the waiting list")).to_be_visible()
    expect(reader.page.get_by_role("heading", name="Change your reply")).to_be_visible()
    reader.go(SURVEY)
    expect(reader.page.locator(".answered")).to_contain_text("We have your answer.")
    expect(reader.page.locator("form.answer-form")).to_have_count(0)
    reader.go("you-said-we-did/stove/")
    expect(reader.page.locator(".answered")).to_contain_text("You are one of those who told us this. Thank you.")
    reader.go()
    expect(reader.page.locator("main")).to_contain_text("You told us, and we did it")
    expect(reader.page.locator("main")).to_contain_text("You’re expected: Nine cups before Advent Sunday")
    assert outbox(reader) == []  # the home page has confirmed both
    reader.go("account/")
    for number in (place, survey):
        expect(reader.page.locator(".told")).to_contain_text(number)
    statement = json.dumps(forms.open(GOLD).record["slots"]["statement" + nonce(forms, GOLD)])
    assert survey in statement
    assert "for answering" in statement
    assert_no_trace(forms, WORDS, place, survey)


@pytest.mark.long
def test_an_answer_by_e_mail_goes_through_real_servers_to_thanks_on_a_page(visit: Visit, own_portal: Sample) -> None:
    reader = visit(own_portal)
    reader.page.goto(own_portal.link(GOLD))
    told(reader)
    reader.context.clock.set_fixed_time(f"{DAY}T11:00:00Z")
    reader.go(TELL_US)
    reader.page.get_by_label("In your words").fill(WORDS)
    press(reader)
    expect(message(reader)).to_contain_text("Your sealed answer is ready")
    number = shown_number(reader)
    link = message(reader).get_by_role("link", name="Send it by e-mail").get_attribute("href")
    with dovecot() as mailbox, post_office(mailbox) as office:
        office.send_prepared(str(link))
        assert office.recipients == ["club@strandandhitch.example"]
        source = f"imap://{USER}@127.0.0.1:{mailbox.port}/INBOX"
        run = own_portal.run("inbox", "take", source, day=NEXT_DAY, PORTAL_INBOX_PASSWORD=PASSWORD)
        assert "1 answer taken from 1 message" in run.text, run.text
    respond(own_portal, number)
    own_portal.publish(day=NEXT_DAY)
    wait_for_answer(reader, "you-said-we-did/stove/")
    expect(reader.page.locator(".answered")).to_contain_text("You are one of those who told us this. Thank you.")
    reader.go()
    expect(reader.page.locator("main")).to_contain_text("You told us, and we did it")
    assert outbox(reader) == []
    assert_no_trace(own_portal, WORDS, number)


def wait_for_answer(reader: Reader, address: str) -> None:
    """Open a page of the last publish, and again when its worker has found the new one."""
    reader.go(address)
    expect(reader.page.get_by_text("There is something new.")).to_be_visible()
    reader.go(address)
    expect(reader.page.locator(".answered")).to_be_visible()


def nonce(portal: Sample, member: str) -> str:
    """Return the end of the names of a member's slots."""
    (name,) = (name for name in portal.open(member).record["slots"] if name.startswith("statement-"))
    return str(name).removeprefix("statement")


def assert_no_trace(portal: Sample, *texts: str) -> None:
    """Check that neither other members nor any edition hold something of an answer."""
    for member in (OTHER, "M-1006", "M-1003"):
        opened = portal.open(member)
        everything = json.dumps(opened.record["slots"], ensure_ascii=False)
        paths = [path for path in opened.manifest["files"] if path.endswith((".html", ".json"))]
        everything += "".join(opened.read(path).decode() for path in paths)
        assert [each for each in texts if each in everything] == [], member


@pytest.mark.long
def test_no_hostile_answer_runs_in_the_account_on_a_page_or_at_the_desk(
    visit: Visit, forms: Sample, box: PostBox
) -> None:
    forms.project.edit("content/forms/tell-us.md", "kind: feedback", "kind: feedback\n  most: 1000")
    payloads = Payloads()
    for seed in range(PAYLOADS):
        values = {"words": payloads.next(), "employee": " ".join(payloads.next().split())}
        box.receive(Letter(TELL_US[:-1], values, GOLD, f"{DAY}T10:00", seed=seed).text)
    box.receive(Letter("forms/your-details", {"phone": payloads.next()}, GOLD, f"{DAY}T10:00").text)
    take(forms, box, PAYLOADS + 1)
    forms.publish(day=NEXT_DAY)
    for member, addresses in ((GOLD, ("account/", TELL_US, "forms/your-details/", "")), ("S-01", ("desk/", ""))):
        reader = visit(forms, bypass_csp=True)
        set_trap(reader, member)
        for address in addresses:
            assert_nothing_runs(reader, address)
        if member == GOLD:
            expect(reader.page.locator("main")).to_be_visible()
        else:
            reader.go("desk/")
            reader.page.get_by_label("Name or number").fill(GOLD)
            reader.page.locator("[data-desk=found] button").first.click()
            expect(reader.page.locator("[data-desk=sheet]")).to_be_visible()
            assert reader.page.evaluate("self.ran ?? []") == []
