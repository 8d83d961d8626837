"""Forms by keyboard, for axe, on narrow screens with large text, in forced colours, and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.site.axe import violations
from tests.site.form_site import form_of, message, press
from tests.site.sample import DAY, Sample
from tests.site.templates import DEVICES, Scheme, use
from tests.site.test_accessibility import OVERFLOW, assert_focus_shows, focus_until
from tests.site.tour import set_day

DeviceOf = Callable[[Sample, str], Reader]
Visit = Callable[..., Reader]

PLATINUM = "M-1003"  # may answer each form for members
KINDS = {
    "feedback": "forms/tell-us/",
    "vote": "forms/which-farm/",
    "change": "forms/your-details/",
    "rsvp": "events/advent-cupping/",
}
STAFF_KINDS = {"note": "forms/gone-quiet/", "shown only": "forms/tell-us/"}
PUBLIC_KINDS = {"join": "forms/become-a-member/", "lost-code": "forms/lost-letter/"}
SMALL = """() => [...document.querySelectorAll('.answer :is(button, input, textarea, a, label)')]
  .filter(one => one.checkVisibility() && !one.matches('.choices input, .question > label'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, {width, height}]) => height < 44 || width < 44)
  .map(([one, {width, height}]) => `${one.outerHTML.slice(0, 60)} ${width} × ${height}`)"""
OVERFLOW_OF_CONTENT = OVERFLOW.replace("body *", "main *").partition(".concat")[0]
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"


def on_devices(kinds: Iterable[str], quick: int = 0) -> list[object]:
    """Return each kind with each device as a case; the last ones are quick."""
    cases = [(kind, *device) for kind in kinds for device in DEVICES]
    return quick_and_long(cases, cases[len(cases) - quick :])


def open_form(reader: Reader, address: str) -> None:
    """Open a form on the day of the sample, without an answer of another test."""
    reader.page.evaluate("localStorage.clear()")
    set_day(reader, DAY)
    reader.go(address)
    expect(reader.page.locator(".answer .questions").first).to_be_visible()


def looks_right(reader: Reader, scheme: Scheme, size: ViewportSize) -> None:
    """Check the form that is open with axe, and on a narrow screen with large text."""
    use(reader, scheme, size)
    assert violations(reader.page) == []
    assert reader.page.evaluate(SMALL) == []
    reader.page.set_viewport_size({"width": 320, "height": 640})
    assert reader.page.evaluate(OVERFLOW) == []
    reader.page.evaluate(LARGE_TEXT)
    assert reader.page.evaluate(OVERFLOW_OF_CONTENT) == []


@pytest.mark.parametrize(("kind", "scheme", "size"), on_devices(KINDS, quick=1))
def test_a_form_of_members_is_accessible(
    device_of: DeviceOf, portal: Sample, kind: str, scheme: Scheme, size: ViewportSize
) -> None:
    reader = device_of(portal, PLATINUM)
    open_form(reader, KINDS[kind])
    looks_right(reader, scheme, size)


@pytest.mark.parametrize(("kind", "scheme", "size"), on_devices(STAFF_KINDS))
def test_a_form_of_staff_is_accessible(
    device_of: DeviceOf, portal: Sample, kind: str, scheme: Scheme, size: ViewportSize
) -> None:
    reader = device_of(portal, "S-01")
    open_form(reader, STAFF_KINDS[kind])
    looks_right(reader, scheme, size)


@pytest.mark.parametrize(("kind", "scheme", "size"), on_devices(PUBLIC_KINDS))
def test_a_public_form_is_accessible(
    visit: Visit, portal: Sample, kind: str, scheme: Scheme, size: ViewportSize
) -> None:
    reader = visit(portal)
    reader.go(PUBLIC_KINDS[kind])
    looks_right(reader, scheme, size)


def test_the_keyboard_is_enough_to_answer(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, PLATINUM)
    open_form(reader, "events/advent-cupping/")
    page = reader.page
    page.get_by_label("Yes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("How many of you?")).to_be_focused()
    page.keyboard.type("2")
    focus_until(page, "Send", 3)
    page.keyboard.press("Enter")
    expect(message(reader)).to_contain_text("Your sealed answer is ready")
    expect(message(reader)).to_be_focused()
    assert violations(reader.page) == []
    assert reader.page.evaluate(SMALL) == []
    focus_until(page, "Send it by e-mail", 2)
    focus_until(page, "Save it as a file", 2)


def test_an_unanswered_question_is_asked_before_anything_is_sealed(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, PLATINUM)
    open_form(reader, "forms/tell-us/")
    press(reader)
    expect(reader.page.get_by_label("In your words")).to_be_focused()
    assert reader.page.evaluate("localStorage.getItem('answers /')") is None


@pytest.mark.long
def test_frames_focus_and_choices_show_in_forced_colours(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, PLATINUM)
    open_form(reader, "forms/which-farm/")
    reader.page.emulate_media(forced_colors="active")
    assert_focus_shows(reader.page.get_by_label("And why?"))
    assert_focus_shows(form_of(reader).get_by_role("button", name="Send", exact=True))
    choice = reader.page.get_by_label("El Mirador, Huila")
    before = form_of(reader).screenshot()
    choice.check()
    assert form_of(reader).screenshot() != before
    reader.page.emulate_media(forced_colors="none")


@pytest.mark.long
def test_paper_has_the_questions_and_no_buttons(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, PLATINUM)
    open_form(reader, "forms/tell-us/")
    reader.page.emulate_media(media="print")
    expect(reader.page.get_by_text("In your words")).to_be_visible()
    expect(form_of(reader).locator("button:visible")).to_have_count(0)
    expect(reader.page.locator(".tell-us")).to_have_count(0)
    reader.go("offers/")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator(".tell-us")).to_be_hidden()
