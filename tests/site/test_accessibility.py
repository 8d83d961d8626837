"""Accessibility: axe, keyboard, narrow screens, forced colours, reduced motion, paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.site.axe import violations
from tests.site.sample import DAY, Sample
from tests.site.templates import DESKTOP, DEVICES, PHONE, PUBLIC, members_pages, use
from tests.site.tour import FRONT, on_day, told

Visit = Callable[..., Reader]

OVERFLOW = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter(one => !one.closest('.table, .strip, .visually-hidden, .skip, [popover]'))
  .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])"""
FOCUS = """() => {
  const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
  const {tagName, textContent, value, id} = document.activeElement;
  const outline = outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
  return {name: (value && id || textContent).trim(), tag: tagName, outline};
}"""
MOTION = """() => [...document.querySelectorAll('*'), document.documentElement].filter(one => {
  const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one);
  return parseFloat(transitionDuration) > 0.01 || animationName !== 'none' || scrollBehavior === 'smooth';
}).map(one => one.tagName)"""


@pytest.fixture
def member(at_home: Callable[[str], Reader]) -> Reader:
    """Sign in a member of the top tier, with an account manager."""
    return at_home("M-1003")


def signed_in(visit: Visit, portal: Sample, member: str) -> Reader:
    reader = visit(portal)
    reader.page.goto(portal.link(member))
    told(reader)
    return reader


# axe


def violations_of(reader: Reader, addresses: Mapping[str, str], spread: bool) -> list[str]:
    """Return axe's violations of each page; `spread`: one device per page in turn, otherwise all four."""
    found: list[str] = []
    for number, (template, address) in enumerate(addresses.items()):
        reader.go(address)
        for scheme, size in [DEVICES[number % 4]] if spread else DEVICES:
            use(reader, scheme, size)
            found += [f"{template}, {scheme}, {size['width']} px: {one}" for one in violations(reader.page)]
    return found


def every_second(pages: Mapping[str, str]) -> dict[str, str]:
    """Return half of the pages; the long tests look at all, on all devices."""
    return dict(islice(pages.items(), 0, None, 2))


def test_axe_finds_nothing_on_public_pages(visit: Visit, portal: Sample) -> None:
    assert violations_of(visit(portal), every_second(PUBLIC), spread=True) == []


def test_axe_finds_nothing_on_members_pages(member: Reader, portal: Sample) -> None:
    pages = members_pages(portal, "M-1003")
    assert (
        violations_of(member, {name: pages[name] for name in ("home", "account", "one of offers/")}, spread=True) == []
    )


@pytest.mark.long
def test_axe_finds_nothing_on_any_public_page_on_any_device(visit: Visit, portal: Sample) -> None:
    assert violations_of(visit(portal), PUBLIC, spread=False) == []


@pytest.mark.long
@pytest.mark.parametrize("who", ["M-1004", "M-1005", "M-1012", "M-1003", "S-01"])
def test_axe_finds_nothing_on_any_page_of_an_edition_on_any_device(visit: Visit, portal: Sample, who: str) -> None:
    pages = {address or "home": address for address in sorted(portal.addresses(who))} | {"not found": "no/such/page/"}
    assert violations_of(signed_in(visit, portal, who), pages, spread=False) == []


@pytest.mark.long
def test_axe_finds_nothing_in_the_answers_to_a_code(visit: Visit, portal: Sample) -> None:
    reader = visit(portal)
    for scheme, size in DEVICES:
        use(reader, scheme, size)
        reader.go()
        reader.sign_in("slip")
        expect(reader.page.get_by_role("alert")).to_be_visible()
        assert violations(reader.page) == []


# Keyboard


def focus(page: Page, key: str = "Tab") -> tuple[str, str]:
    """Press a key; check that the focus is visible; return tag and name of the focused element."""
    page.keyboard.press(key)
    found = page.evaluate(FOCUS)
    assert found["outline"] >= 2 or found["tag"] in ("BODY", "MAIN"), found
    return found["tag"], " ".join(found["name"].split())


def focus_until(page: Page, wanted: str, most: int = 120) -> list[str]:
    """Press Tab until the element `wanted` has the focus; return the names of all focused elements."""
    passed: list[str] = []
    while len(passed) < most:
        passed.append(focus(page)[1])
        if passed[-1] == wanted:
            return passed
    raise AssertionError(f"{wanted!r} is not among {passed}")


@pytest.mark.long
def test_the_keyboard_is_enough(visit: Visit, portal: Sample) -> None:
    reader = visit(portal, viewport=DESKTOP)
    reader.go()
    assert focus(reader.page) == ("A", "Skip to the content")
    expect(reader.page.locator(".skip")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("main")).to_be_focused()
    assert focus(reader.page)[0] == "INPUT"  # the field of the access code is first
    reader.page.keyboard.type(portal.code("M-1003"))
    reader.page.keyboard.press("Enter")
    told(reader)
    reader.go()
    passed = focus_until(reader.page, "Sign out")
    for entry in ("Our promise", "Announcements", "Offers", "Insider reports", "Events", "Tiers", "Account"):
        assert entry in passed
    reader.page.keyboard.press("Enter")
    reader.reads(FRONT)


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(member: Reader) -> None:
    page = member.page
    page.set_viewport_size(PHONE)
    member.go()
    member.waits_until_complete()
    focus_until(page, "More")
    expect(page.get_by_role("link", name="Offers", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Offers", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Offers", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="More")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Offers", exact=True)).to_be_visible()
    focus_until(page, "Account")
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    member.reads("Your account")


# Narrow, without motion, in forced colours, on paper


LONGEST_NAME = "M-1012"


def test_some_pages_are_no_wider_than_320_px(visit: Visit, portal: Sample) -> None:
    narrow(signed_in(visit, portal, LONGEST_NAME), every_second(every_second(members_pages(portal, LONGEST_NAME))))


@pytest.mark.long
@pytest.mark.parametrize("who", [LONGEST_NAME, "M-1005", "S-01"])  # another one from the right, the staff
def test_nothing_is_wider_than_320_px(visit: Visit, portal: Sample, who: str) -> None:
    narrow(signed_in(visit, portal, who), members_pages(portal, who))


def test_no_public_page_is_wider_than_320_px(visit: Visit, portal: Sample) -> None:
    narrow(visit(portal), PUBLIC)


def narrow(reader: Reader, addresses: Mapping[str, str]) -> None:
    reader.page.set_viewport_size({"width": 320, "height": 640})
    for template, address in addresses.items():
        reader.go(address)
        assert reader.page.evaluate(OVERFLOW) == [], template


@pytest.mark.long
def test_nothing_moves_for_those_who_asked_for_stillness(visit: Visit, portal: Sample) -> None:
    reader = visit(portal, reduced_motion="reduce")
    for address in ("", "offers/"):
        reader.go(address)
        assert reader.page.evaluate(MOTION) == []
    reader.sign_in(portal.code("M-1003"))
    told(reader)
    for address in ("", "account/", "offers/", "tiers/", "reports/a-second-drum/"):
        reader.go(address)
        assert reader.page.evaluate(MOTION) == [], address


@pytest.mark.long
def test_focus_and_frames_show_in_forced_colours(visit: Visit, portal: Sample) -> None:
    reader = visit(portal, forced_colors="active")
    reader.go()
    for name in ("Access code", "Remember this device"):
        assert_focus_shows(reader.page.get_by_label(name))
    assert_focus_shows(reader.page.get_by_role("button", name="Sign in"))
    reader.sign_in(portal.code("M-1003"))
    told(reader)
    assert_focus_shows(reader.page.get_by_role("button", name="Sign out", exact=True))
    border = reader.page.locator(".badge").evaluate("badge => parseFloat(getComputedStyle(badge).borderTopWidth)")
    assert border > 0


def assert_focus_shows(place: Locator) -> None:
    """Check that an element looks different with and without the focus."""
    page = place.page
    page.keyboard.press("Tab")  # the browser shows :focus-visible after a key
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    x, y, width, height = box["x"] - 8, box["y"] - 8, box["width"] + 16, box["height"] + 16

    def picture() -> bytes:
        return page.screenshot(clip={"x": x, "y": y, "width": width, "height": height}, caret="hide")

    place.evaluate("one => one.blur()")
    before = picture()
    place.evaluate("one => one.focus({preventScroll: true})")
    assert picture() != before


@pytest.mark.parametrize(
    "address", quick_and_long(["", "offers/papers-and-brushes/", "account/"], {"offers/papers-and-brushes/"})
)
def test_paper_carries_no_navigation(member: Reader, address: str) -> None:
    member.go(address)
    on_day(member, DAY)
    member.page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("nav", ".skip", "button:not(.code-button)", "dialog", "[popover]"):
        for place in member.page.locator(hidden).all():
            expect(place).to_be_hidden()
    expect(member.page.locator("h1")).to_be_visible()
    if address.startswith("offers/"):
        expect(member.page.locator("main .code-button b")).to_be_visible()
    expect(member.page.locator(".contact")).to_contain_text("+353 20 915 0147")
    colours = "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color]"
    assert member.page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
