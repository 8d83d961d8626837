"""Forms in a browser: an answer is sealed, kept, posted to a real endpoint, and shown for what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from members_portal.inbox.personal_values import unfit_question
from tests.js.reader import Reader
from tests.long_cases import quick_first
from tests.site.form_site import (
    ALL_TYPES,
    ANSWERED_ONCE,
    GOLD,
    OTHER,
    STAFF,
    days_ago,
    fill_all,
    form_of,
    is_sent,
    is_waiting,
    local_storage,
    message,
    opened,
    outbox,
    press,
)
from tests.site.post_box import PostBox
from tests.site.sample import DAY, Sample
from tests.site.templates import DESKTOP
from tests.site.tour import leave, on_day, told

Visit = Callable[..., Reader]
DeviceOf = Callable[[Sample, str], Reader]


@pytest.fixture
def member(device_of: DeviceOf, equipped: Sample, box: PostBox) -> Iterator[Reader]:
    """Open the form with all types of question for a Gold member, on a device that keeps nothing of other tests."""
    reader = device_of(equipped, GOLD)
    reader.context.set_offline(False)
    reader.page.evaluate("localStorage.clear()")
    reader.go(ALL_TYPES)
    yield reader
    reader.context.set_offline(False)
    reader.tolerated.clear()
    reader.page.evaluate("localStorage.clear()")


def signed_in(visit: Visit, portal: Sample, who: str, address: str, **device: object) -> Reader:
    reader = visit(portal, **device)
    reader.page.goto(portal.link(who))
    told(reader)
    reader.go(address)
    return reader


def test_an_answer_is_posted_sealed_and_python_opens_it(member: Reader, equipped: Sample, box: PostBox) -> None:
    values = fill_all(member)
    press(member)
    number = is_sent(member)
    expect(message(member)).to_contain_text("We read it.")
    expect(message(member)).to_be_focused()
    expect(form_of(member).locator(".questions")).to_be_hidden()
    answer = opened(equipped, *box.answers)
    assert (answer.number, answer.member, answer.form, answer.page) == (number, GOLD, ALL_TYPES[:-1], ALL_TYPES)
    assert answer.values == values
    (post,) = [request for request in member.seen if request.startswith("POST")][-1:]
    assert GOLD not in post
    assert "Warm" not in post
    assert "cookie" not in post.lower()


def test_an_answer_written_offline_waits_through_a_reload_and_is_sent(
    member: Reader, equipped: Sample, box: PostBox
) -> None:
    member.waits_until_complete()
    member.tolerated.append("ERR_FAILED")
    member.context.set_offline(True)
    fill_all(member)
    press(member)
    number = is_waiting(member)
    member.page.reload()
    expect(message(member)).to_contain_text(number)  # Chromium may let the new page post before it is offline again
    member.context.set_offline(False)
    assert is_sent(member) == number
    assert [letter["number"] for letter in outbox(member)] == [number]
    assert {opened(equipped, text).number for text in box.answers} == {number}


@pytest.mark.parametrize(
    ("mood", "complaint"),
    quick_first(
        [
            ("500", "status of 500"),
            ("drop", "ERR_EMPTY_RESPONSE"),
            ("413", "status of 413"),  # like 500
            ("silent", "CORS policy"),
            ("elsewhere", "Content Security Policy"),
        ],
        1,
    ),
)
def test_what_the_endpoint_refuses_waits_and_is_sent_later(
    member: Reader, box: PostBox, tmp_path: Path, mood: str, complaint: str
) -> None:
    other = PostBox(tmp_path / "other")
    member.tolerated += [complaint, "ERR_FAILED", "Fetch API cannot load", "Refused to connect"]
    box.moods = [other.address if mood == "elsewhere" else mood]
    fill_all(member)
    press(member)
    number = is_waiting(member)
    assert outbox(member)[0]["sent"] == ""
    with member.page.expect_response(box.address):
        member.page.reload()
    assert is_sent(member) == number
    assert len(set(box.answers)) == 1  # a repeated one is the same text
    assert other.answers == []
    other.close()


@pytest.mark.long
def test_a_late_endpoint_leaves_the_answer_waiting_until_it_speaks(member: Reader, box: PostBox) -> None:
    box.moods = ["late"]
    fill_all(member)
    press(member)
    number = is_waiting(member)
    waits = member.page.get_by_text("An answer waits on this device")
    expect(waits).to_be_visible()
    expect(message(member)).not_to_contain_text("We read it.")
    box.go_on()
    assert is_sent(member) == number
    expect(message(member)).to_contain_text("We read it.")
    expect(waits).to_be_hidden()


@pytest.mark.long
def test_a_form_that_was_answered_is_closed_and_opens_again_where_one_may_answer_again(
    member: Reader, box: PostBox
) -> None:
    questions, again = form_of(member).locator(".questions"), form_of(member).get_by_role("button")
    for address, buttons in (("forms/once/", []), (ALL_TYPES, ["Write again"])):
        member.go(address)
        fill_all(member)
        press(member)
        number = is_sent(member)
        member.page.reload()
        assert is_sent(member) == number
        expect(questions).to_be_hidden()
        expect(form_of(member).get_by_text("Your browser seals")).to_be_hidden()
        expect(again).to_have_text(buttons)
    again.click()
    expect(questions).to_be_visible()
    expect(message(member)).to_be_empty()
    expect(member.page.get_by_label("In a line")).to_have_value("")


ADDRESSES = ["maya@post", "maya.new@post", "maya@post.example", "ma ya@post.example", "@post.example", "a@b@c.example"]


@pytest.mark.long
def test_the_browser_takes_the_e_mail_addresses_that_the_inbox_takes(member: Reader) -> None:
    member.go("forms/your-details/")
    field = member.page.get_by_label("E-mail address")
    found = []
    for address in ADDRESSES:
        field.fill(address)
        found.append(field.evaluate("field => field.validity.valid"))
    assert found == [unfit_question({"email": address}) is None for address in ADDRESSES]
    assert found.count(True) == 1


@pytest.mark.long
def test_who_changes_their_data_finds_what_is_held_and_can_leave_it(member: Reader) -> None:
    member.go("account/")
    member.page.get_by_role("link", name="Change any of this here").click()
    expect(form_of(member)).to_be_visible()
    ways = member.page.get_by_role("group", name="How may we write to you?")
    expect(ways.get_by_label("As it is")).to_have_count(3)
    for way in ways.get_by_label("As it is").all():
        expect(way).to_be_checked()
    assert member.page.evaluate("valuesOf(document.querySelector('form.answer-form'))") == {}
    member.page.locator("main").get_by_role("link", name="your account").click()
    expect(member.page.get_by_role("heading", name="What we hold about you")).to_be_visible()


@pytest.mark.long
def test_telling_us_about_a_page_names_its_title(member: Reader) -> None:
    member.go("events/advent-cupping/")
    member.page.get_by_role("link", name="Tell us about this page").click()
    about = member.page.locator("[data-portal=about]")
    expect(about).to_have_text("About the page Nine cups before Advent Sunday")


@pytest.mark.long
def test_the_numbers_of_a_scale_are_in_one_row_on_a_phone(member: Reader) -> None:
    member.page.set_viewport_size({"width": 360, "height": 800})
    scale = member.page.get_by_role("group", name="How was it?")
    tops = {label.bounding_box()["y"] for label in scale.locator("label").all()}  # type: ignore[index]
    ends = [scale.get_by_text(word).bounding_box() for word in ("Cold", "Hot")]
    member.page.set_viewport_size(DESKTOP)
    assert len(tops) == 1
    assert ends[0]
    assert ends[1]
    assert ends[0]["y"] == ends[1]["y"] < tops.pop()


@pytest.mark.long
def test_an_answer_is_posted_again_after_three_weeks_without_confirmation(member: Reader, box: PostBox) -> None:
    fill_all(member)
    press(member)
    is_sent(member)
    days_ago(member, 20)
    member.page.reload()
    is_sent(member)
    assert len(box.answers) == 1
    days_ago(member, 2)
    with member.page.expect_response(box.address):
        member.page.reload()
    is_sent(member)
    assert len(box.answers) == 2
    assert box.answers[0] == box.answers[1]


@pytest.mark.long
def test_pressing_twice_sends_one_answer(member: Reader, box: PostBox) -> None:
    fill_all(member)
    form_of(member).get_by_role("button", name="Send", exact=True).dblclick()
    is_sent(member)
    assert len(outbox(member)) == len(box.answers) == 1


@pytest.mark.parametrize("coming", quick_first(["Yes", "No"], 1))
def test_one_tap_replies_to_an_invitation(member: Reader, equipped: Sample, box: PostBox, coming: str) -> None:
    member.go("events/the-night-shift/")
    on_day(member, DAY)
    press(member, coming)
    is_sent(member)
    expect(form_of(member).get_by_role("button")).to_have_text(["Change your reply"])
    answer = opened(equipped, *box.answers)
    assert (answer.form, answer.values) == ("events/the-night-shift", {"coming": coming})


def test_a_draft_outlives_a_reload_and_nobody_else_can_read_it(
    member: Reader, visit: Visit, equipped: Sample, box: PostBox
) -> None:
    values = fill_all(member)
    member.page.evaluate("drafting")
    assert "Fenster" not in local_storage(member)
    assert "every-question" not in local_storage(member)
    member.page.reload()
    expect(member.page.get_by_label("In a line")).to_have_value("Warm")
    assert member.page.evaluate("valuesOf(document.querySelector('form.answer-form'))") == values


@pytest.mark.long
def test_after_a_sign_out_only_what_waits_is_left_and_the_next_member_sends_it(
    visit: Visit, equipped: Sample, box: PostBox
) -> None:
    reader = signed_in(visit, equipped, GOLD, ALL_TYPES)
    reader.tolerated.append("status of 500")
    box.moods = ["500"]
    fill_all(reader)
    press(reader)
    number = is_waiting(reader)
    reader.go("forms/tell-us/")
    is_empty = expect(reader.page.get_by_label("In your words"))
    is_empty.to_have_value("")
    first = outbox(reader)
    assert first[0]["sent"] != ""  # opening the page has posted it
    reader.page.get_by_label("In your words").fill("A draft that nobody shall find")
    reader.page.evaluate("drafting")
    box.moods = ["500"]
    press(reader)
    waiting = is_waiting(reader)
    reader.go(ALL_TYPES)
    box.moods = ["500", "500", "500"]
    press(reader, "Write again")
    reader.page.get_by_label("In a line").fill("Another draft")
    reader.page.evaluate("drafting")
    assert "drafts" in local_storage(reader)
    reader.context.set_offline(True)
    reader.page.evaluate("changeLetter(readOutbox().at(-1).number, {sent: ''})")
    reader.context.set_offline(False)
    leave(reader)
    left = local_storage(reader)
    assert "drafts" not in left
    assert "forms/" not in left
    assert number not in left
    reader.page.goto(equipped.link(OTHER))
    told(reader)
    reader.go("forms/tell-us/")
    expect(form_of(reader)).to_be_visible()
    expect(message(reader)).to_be_empty()
    expect(reader.page.get_by_label("In your words")).to_have_value("")
    assert waiting in {letter["number"] for letter in outbox(reader)} or waiting in "".join(
        opened(equipped, text).number for text in box.answers
    )


@pytest.mark.long
def test_two_tabs_keep_both_answers(member: Reader, equipped: Sample, box: PostBox) -> None:
    member.tolerated.append("status of 500")
    box.moods = ["500"] * 20
    second = member.context.new_page()
    member.go("forms/tell-us/", second)
    fill_all(member)
    press(member)
    one = is_waiting(member)
    second.get_by_label("In your words").fill("From the other tab")
    second.get_by_role("button", name="Send", exact=True).click()
    expect(second.locator('[data-portal="sent"]')).to_contain_text("Kept on this device")
    two = second.locator('[data-part="number"]').inner_text()
    assert [letter["number"] for letter in outbox(member)] == [one, two]
    box.moods = []
    second.reload()
    expect(second.locator('[data-portal="sent"]')).to_contain_text("Sent.")
    assert {opened(equipped, text).number for text in box.answers} == {one, two}


@pytest.mark.long
def test_without_room_on_the_device_the_answer_is_posted_at_once(
    member: Reader, equipped: Sample, box: PostBox
) -> None:
    member.page.evaluate(
        """() => {
          let part = 'x'.repeat(1 << 20);
          for (let n = 0; part.length; n++) {
            try { localStorage.setItem(`filler ${n}`, part); } catch { part = part.slice(part.length / 2 + 1); }
          }
        }"""
    )
    fill_all(member)
    press(member)
    expect(message(member)).to_contain_text("Sent.")
    (text,) = box.answers
    assert opened(equipped, text).member == GOLD


@pytest.mark.long
def test_an_answer_that_is_too_long_is_not_sent_and_stays_in_the_form(member: Reader, box: PostBox) -> None:
    words = "🫖" * 2000  # 4,000 characters as browsers count, 8,000 bytes
    fill_all(member, words)
    member.page.evaluate("document.querySelector('[name=q-words]').removeAttribute('maxlength')")
    member.page.get_by_label("In your words").fill(words * 3)
    press(member)
    expect(message(member)).to_contain_text("Your answer is too long to be sent.")
    expect(member.page.get_by_label("In your words")).to_have_value(words * 3)
    assert (outbox(member), box.answers) == ([], [])


@pytest.mark.long
def test_without_an_endpoint_an_answer_goes_by_e_mail_or_as_a_file(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, GOLD)
    reader.go("forms/tell-us/#page=offers/papers-and-brushes/")
    expect(reader.page.locator("[data-portal=about]")).to_contain_text("offers/papers-and-brushes/")
    reader.page.get_by_label("In your words").fill("Grüße & more\n100 % <sealed>")
    press(reader)
    expect(message(reader)).to_contain_text("Your sealed answer is ready")
    link = message(reader).get_by_role("link", name="Send it by e-mail")
    href = urlsplit(str(link.get_attribute("href")))
    assert (href.scheme, href.path) == ("mailto", "club@strandandhitch.example")
    by_mail = opened(portal, parse_qs(href.query)["body"][0])
    assert (by_mail.page, by_mail.values) == ("offers/papers-and-brushes/", {"words": "Grüße & more\n100 % <sealed>"})
    with reader.page.expect_download() as download:
        message(reader).get_by_role("link", name="Save it as a file").click()
    assert download.value.suggested_filename == f"{by_mail.number}.txt"
    assert opened(portal, Path(download.value.path()).read_text("ascii")) == by_mail
    reader.page.evaluate("localStorage.clear()")


@pytest.mark.long
def test_blanks_and_no_tick_are_no_answers_and_any_name_of_a_question_is_sent(
    member: Reader, equipped: Sample, box: PostBox
) -> None:
    member.go("forms/blanks/")
    words = member.page.get_by_label("In your words")
    words.fill(" \n ")
    member.page.get_by_label("Cake").check()
    press(member)
    assert words.evaluate("field => field.validity.valueMissing")
    words.fill("Warm")
    member.page.get_by_label("Cake").uncheck()
    press(member)
    assert member.page.get_by_label("Tea").evaluate("field => field.validationMessage") == "Please tick at least one."
    assert (outbox(member), box.answers) == ([], [])
    member.page.get_by_label("Cake").check()
    member.page.get_by_label("In a word").fill("Hot")
    member.page.get_by_label("In a number").fill("3")
    press(member)
    is_sent(member)
    answer = opened(equipped, *box.answers)
    assert answer.values == {"words": "Warm", "with": ["Cake"], "dataset": "Hot", "elements": "3"}


@pytest.mark.long
def test_an_empty_answer_is_not_sent(member: Reader, box: PostBox) -> None:
    member.go("forms/your-details/")
    press(member)
    expect(message(member)).to_contain_text("Nothing is written yet, so nothing was sent.")
    assert (outbox(member), box.answers) == ([], [])


@pytest.mark.long
def test_what_another_member_sent_on_this_device_is_not_shown(member: Reader, box: PostBox) -> None:
    fill_all(member)
    press(member)
    is_sent(member)
    member.page.reload()
    is_sent(member)
    member.page.evaluate("changeLetter(readOutbox()[0].number, {mark: 'of another'})")
    member.page.reload()
    expect(form_of(member)).to_be_visible()
    member.page.evaluate("ownMark()")
    expect(message(member)).to_be_empty()


@pytest.mark.long
def test_only_those_who_come_are_asked_how_many(member: Reader, equipped: Sample, box: PostBox) -> None:
    member.go("events/advent-cupping/")
    on_day(member, DAY)
    persons = member.page.get_by_label("How many of you?")
    expect(persons).to_be_hidden()
    member.page.get_by_label("Yes").check()
    persons.fill("2")
    member.page.evaluate("drafting")
    member.page.reload()
    on_day(member, DAY)
    expect(persons).to_have_value("2")
    expect(persons).to_be_visible()
    member.page.get_by_label("No", exact=True).check()
    expect(persons).to_be_hidden()
    press(member)
    is_sent(member)
    answer = opened(equipped, *box.answers)
    assert answer.values == {"coming": "No"}


@pytest.mark.long
def test_a_letter_that_is_lost_is_told_with_a_postcode(visit: Visit, equipped: Sample, box: PostBox) -> None:
    reader = visit(equipped)
    reader.go("forms/lost-letter/")
    reader.page.get_by_label("Your name").fill("Zoë Quay")
    reader.page.get_by_label("Your e-mail address or postcode").fill("T99 X4A1")
    press(reader)
    is_sent(reader)
    answer = opened(equipped, *box.answers)
    assert (answer.member, answer.values) == (None, {"name": "Zoë Quay", "contact": "T99 X4A1"})


def test_somebody_joins_on_a_public_page(visit: Visit, equipped: Sample, box: PostBox) -> None:
    reader = visit(equipped)
    reader.go("forms/become-a-member/")
    reader.page.get_by_label("Given name").fill("Zoë")
    reader.page.get_by_label("Family name").fill("Quay")
    reader.page.get_by_label("E-mail address").fill("zoe@quay.example")
    press(reader, "Join")
    is_sent(reader)
    answer = opened(equipped, *box.answers)
    assert (answer.form, answer.member) == ("forms/become-a-member", None)
    assert answer.values == {"given-name": "Zoë", "family-name": "Quay", "email": "zoe@quay.example"}


@pytest.mark.long
def test_a_form_that_is_answered_once_shows_the_answer(visit: Visit, member: Reader, equipped: Sample) -> None:
    member.go("forms/once/")
    expect(form_of(member)).to_be_visible()
    reader = signed_in(visit, equipped, ANSWERED_ONCE, "forms/once/")
    expect(reader.page.locator(".answered")).to_contain_text("We have your answer.")
    expect(form_of(reader)).to_have_count(0)


@pytest.mark.long
def test_a_form_shows_on_its_days_alone(member: Reader) -> None:
    member.go("forms/tomorrow/")
    for day, is_open in ((DAY, False), ("2026-11-22", True)):
        on_day(member, day)
        expect(form_of(member)).to_have_count(int(is_open))
        expect(member.page.get_by_text("This opens on 22 November 2026.")).to_have_count(int(not is_open))
    member.go("forms/yesterday/")
    on_day(member, DAY)
    expect(form_of(member)).to_have_count(0)
    expect(member.page.get_by_text("This closed on 20 November 2026.")).to_be_visible()


@pytest.mark.long
def test_a_form_for_some_is_there_for_them_alone(visit: Visit, member: Reader, equipped: Sample) -> None:
    member.go("forms/for-gold/")
    expect(form_of(member)).to_be_visible()
    reader = signed_in(visit, equipped, OTHER, "forms/for-gold/")
    reader.reads("For gold alone")
    expect(reader.page.locator("main form")).to_have_count(0)
    expect(reader.page.locator("main section.answer")).to_have_count(0)


@pytest.mark.long
def test_staff_see_the_form_of_members_without_a_way_to_send_it(visit: Visit, equipped: Sample) -> None:
    reader = signed_in(visit, equipped, STAFF, ALL_TYPES)
    expect(reader.page.get_by_text("Members answer here. This is what they see.")).to_be_visible()
    expect(reader.page.get_by_label("In your words")).to_be_disabled()
    expect(form_of(reader)).to_have_count(0)
    expect(reader.page.get_by_role("button", name="Send", exact=True)).to_have_count(0)


def test_visitors_are_asked_to_sign_in(visit: Visit, portal: Sample) -> None:
    reader = visit(portal)
    reader.go("forms/lost-letter/")
    expect(form_of(reader)).to_be_visible()
    response = reader.go("forms/tell-us/")
    assert response
    assert response.status == 404
