"""What a member shows at the till, and the front page of a phone."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, ViewportSize, expect

from tests.js.reader import Reader
from tests.long_cases import quick_and_long, quick_first
from tests.site.sample import DAY, Sample
from tests.site.tour import set_day, told

DeviceOf = Callable[[Sample, str], Reader]
PHONE = ViewportSize(width=360, height=780)
MEMBER = "M-1001"
WHITE = "rgb(255, 255, 255)"
COVERED = ".tabs *, .bar *, main *, .skip, .colophon *, aside *, .notice *"
DAYS = "all => all.map(one => one.dateTime)"
LOCKS = """() => {
  window.locks = [];
  navigator.wakeLock.request = async kind => { locks.push(kind); return {release: () => locks.push('released')}; };
}"""

SMALL = """() => [...document.querySelectorAll('a[href], button, summary')].filter(one => {
  const rest = one.parentElement.textContent.trim().length - one.textContent.trim().length;
  const isInText = getComputedStyle(one).display === 'inline' && rest > 12;
  return one.checkVisibility() && !isInText && one.getBoundingClientRect().height < 44;
}).map(one => one.outerHTML)"""  # a link within a sentence may be as high as its line

GIVE_LATE = "() => { navigator.wakeLock.request = () => new Promise(resolve => { window.giveLock = resolve; }); }"


@pytest.fixture
def phone(device_of: DeviceOf, portal: Sample) -> Reader:
    """Open the front page of a member on a phone, in dark mode."""
    reader = device_of(portal, MEMBER)
    reader.page.set_viewport_size(PHONE)
    reader.page.emulate_media(color_scheme="dark")
    set_day(reader, DAY)
    reader.go()
    told(reader)
    return reader


def codes(reader: Reader, address: str) -> list[str]:
    """List the coupon codes on a page, sorted."""
    reader.go(address)
    told(reader)
    return sorted(reader.page.locator("main .code-button b").all_inner_texts())


def read(part: Locator) -> str:
    """Read the QR code on a part of the screen."""
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(part.screenshot())))
    return code.text


def test_the_wallet_the_list_and_the_pages_of_offers_have_all_codes(phone: Reader, portal: Sample) -> None:
    for_others = portal.offers_for_others(MEMBER)
    with_code = {path for path in portal.shown("gold") if portal.items[path].get("Coupon") == "true"} - for_others
    shown = codes(phone, "wallet/")
    assert len(set(shown)) == len(shown) == len(with_code) > 4
    assert codes(phone, "offers/") == shown
    assert sorted(code for path in with_code for code in codes(phone, path.removesuffix(".md") + "/")) == shown


@pytest.mark.long
def test_the_card_shows_the_number_on_the_whole_screen(phone: Reader) -> None:
    phone.page.evaluate(LOCKS)
    card = phone.page.get_by_role("navigation", name="Shortcuts").get_by_role("button", name="Card")
    card.click()
    screen = phone.page.get_by_role("dialog", name="Maya Okafor")
    box = screen.bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    assert read(screen) == MEMBER
    assert (
        phone.page.evaluate("getComputedStyle(document.querySelector('dialog')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    phone.page.keyboard.press("Escape")
    expect(screen).to_be_hidden()
    expect(card).to_be_focused()
    assert phone.page.evaluate("locks") == ["screen", "released"]
    phone.page.evaluate(GIVE_LATE)
    card.click()
    phone.page.keyboard.press("Escape")
    expect(screen).to_be_hidden()
    phone.page.evaluate("giveLock({release: () => locks.push('released late')})")
    assert phone.page.evaluate("locks.at(-1)") == "released late"


def test_a_coupon_is_shown_and_copied_without_a_connection(phone: Reader) -> None:
    phone.go("wallet/")
    phone.waits_until_complete()
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.context.set_offline(True)
    phone.go("wallet/")
    button = phone.page.locator("main .code-button").first
    code = button.locator("b").inner_text()
    button.click()
    screen = phone.page.get_by_role("dialog")
    assert read(screen) == code.replace("-", "")
    screen.get_by_role("button", name="Copy").click()
    expect(screen.get_by_role("status")).to_have_text("Copied.")
    assert phone.page.evaluate("navigator.clipboard.readText()") == code
    screen.get_by_role("button", name="Close").click()
    expect(screen).to_be_hidden()
    phone.context.set_offline(False)


@pytest.mark.parametrize(
    "size", quick_first([ViewportSize(width=640, height=320), ViewportSize(width=320, height=560)], 1)
)
def test_a_code_is_read_on_any_screen(phone: Reader, size: ViewportSize) -> None:
    phone.page.set_viewport_size(size)
    phone.page.evaluate("document.documentElement.style.fontSize = innerWidth < 400 ? '200%' : ''")
    phone.page.locator(".badge .code-button").click()
    assert read(phone.page.get_by_role("dialog").locator("svg")) == MEMBER
    parts = phone.page.get_by_role("dialog").locator("h2, svg, .code, form").all()
    boxes = [box for part in parts if (box := part.bounding_box())]
    for number, first in enumerate(boxes):
        for other in boxes[:number]:
            beside = first["x"] >= other["x"] + other["width"] or other["x"] >= first["x"] + first["width"]
            below = first["y"] >= other["y"] + other["height"] or other["y"] >= first["y"] + first["height"]
            assert beside or below
    phone.page.keyboard.press("Escape")


@pytest.mark.long
def test_a_code_is_selected_where_the_browser_does_not_copy(phone: Reader) -> None:
    phone.page.evaluate("() => { Clipboard.prototype.writeText = async () => { throw new Error('denied'); }; }")
    phone.page.locator(".badge .code-button").click()
    phone.page.get_by_role("button", name="Copy").click()
    expect(phone.page.get_by_role("dialog").get_by_role("status")).to_contain_text("The code is selected")
    assert phone.page.evaluate("getSelection().toString()") == MEMBER
    phone.page.keyboard.press("Escape")


@pytest.mark.long
def test_pages_work_without_storage(visit: Callable[..., Reader], portal: Sample) -> None:
    reader = visit(portal)
    reader.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    reader.page.goto(portal.link(MEMBER))
    told(reader)
    expect(reader.page.get_by_role("heading", name="Latest")).to_be_visible()


@pytest.mark.long
def test_card_standing_and_a_code_are_on_the_first_screen_of_a_phone(phone: Reader) -> None:
    tabs = phone.page.get_by_role("navigation", name="Shortcuts").bounding_box()
    assert tabs
    phone.page.set_viewport_size(ViewportSize(width=360, height=740))
    tabs = phone.page.get_by_role("navigation", name="Shortcuts").bounding_box()
    assert tabs
    for part in (".badge .points", ".badge .code-button", ".welcome .gauge", ".strip .code-button"):
        box = phone.page.locator(part).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= tabs["y"], part


@pytest.mark.long
def test_the_list_tells_what_is_new_since_the_last_visit(phone: Reader) -> None:
    page = phone.page
    days = page.locator("[data-portal=latest] time").evaluate_all(DAYS)
    assert len(days) == 4
    page.evaluate("day => localStorage.setItem('visits /', `${day} ${day}`)", days[2])
    page.reload()
    expect(page.get_by_role("heading", name="New since your last visit")).to_be_visible()
    shown = page.locator("[data-portal=latest] li:not([hidden]) time").evaluate_all(
        "all => all.map(one => one.dateTime)"
    )
    assert shown == [day for day in days if day > days[2]]
    expect(page.get_by_role("link", name=f"{len(shown)} new since your last visit")).to_be_visible()
    expect(page.get_by_role("link", name="How to put them there")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="new since your last visit")).to_be_visible()
    expect(page.get_by_role("link", name="How to put them there")).to_be_hidden()
    expect(page.get_by_role("heading", name="New since your last visit")).to_be_visible()
    page.evaluate("day => localStorage.setItem('visits /', `${day} ${day}`)", days[0])
    page.reload()
    told(phone)
    expect(page.get_by_role("heading", name="Latest")).to_be_visible()
    assert page.locator("[data-portal=latest] li:not([hidden])").count() == 4


@pytest.mark.long
def test_an_offer_with_an_end_of_the_members_own_is_sorted_and_counted_by_it(
    visit: Callable[..., Reader], portal: Sample
) -> None:
    reader = visit(portal)
    reader.page.goto(portal.link("M-1003"))
    told(reader)
    set_day(reader, "2026-11-29")
    reader.context.clock.set_fixed_time("2026-11-29T12:00:00")  # the page counts the days to a member's own end
    reader.go()
    told(reader)
    ends = reader.page.get_by_role("region", name="Ends soon").locator("li")
    expect(ends.filter(has_text="A bag for your birthday")).to_contain_text("30 November 2026, tomorrow")
    days = ends.locator("time").evaluate_all(DAYS)
    assert days == sorted(days)
    reader.go("wallet/")
    cards = reader.page.get_by_role("region", name="Yours now").locator(".coupon")
    shown = cards.evaluate_all("all => all.map(one => one.querySelector('.own-end time, .until time').dateTime)")
    assert shown == sorted(shown)
    expect(cards.filter(has_text="A bag for your birthday")).to_contain_text("tomorrow")


@pytest.mark.long
def test_figures_that_have_passed_are_no_longer_told(phone: Reader) -> None:
    expect(phone.page.locator("section.standing")).to_contain_text("9 beans end on 30 November 2026")
    expect(phone.page.locator(".as-of")).to_contain_text("As of 21 November 2026")
    set_day(phone, "2027-01-02")
    phone.go()
    expect(phone.page.locator("section.standing")).to_contain_text("ended on 31 December 2026")
    expect(phone.page.locator("section.standing")).not_to_contain_text("beans end on")
    expect(phone.page.locator("section.standing")).not_to_contain_text("more by")


@pytest.mark.long
def test_the_account_shows_the_address_for_another_device(phone: Reader, portal: Sample) -> None:
    phone.go("account/")
    phone.page.get_by_role("button", name="Show the address as a QR code").click()
    shown = phone.page.get_by_role("region", name="On another device").locator("b").first.inner_text()
    assert read(phone.page.get_by_role("dialog")) == shown
    phone.page.keyboard.press("Escape")
    assert portal.code(MEMBER) not in phone.page.content()


@pytest.mark.long
def test_a_printed_offer_has_its_code_on_one_sheet(phone: Reader) -> None:
    phone.go("offers/the-tall-kettle/")
    told(phone)
    phone.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert phone.page.pdf(format="A4").count(b"/Type /Page\n") == 1
    phone.page.emulate_media(media="print")
    code = phone.page.locator(".yours b").inner_text()
    assert read(phone.page.locator(".yours > svg")) == code.replace("-", "")
    phone.page.emulate_media(media="screen")


@pytest.mark.long
def test_the_focus_stays_in_the_open_menu(phone: Reader) -> None:
    tabs = phone.page.get_by_role("navigation", name="Shortcuts")
    tabs.get_by_role("button", name="More").click()
    menu = phone.page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("button", name="Sign out")).to_be_visible()
    expect(menu.get_by_role("button", name="Close")).to_be_focused()
    for _ in range(40):
        phone.page.keyboard.press("Tab")
        assert phone.page.evaluate("document.activeElement.closest('#menu, body')?.id") in {"menu", ""}
        assert not phone.page.evaluate(f"document.activeElement.matches('{COVERED}')")
    assert phone.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    menu.get_by_role("button", name="Close").click()
    expect(phone.page.locator("main")).not_to_have_attribute("inert", "")


@pytest.mark.long
def test_tabs_mark_the_section(phone: Reader, portal: Sample) -> None:
    tabs = phone.page.get_by_role("navigation", name="Shortcuts")
    expect(tabs.get_by_role("link", name="Home")).to_have_attribute("aria-current", "page")
    more = tabs.get_by_role("button", name="More")
    assert more.get_attribute("aria-current") is None
    for address, mark in (("account/", more), ("reports/", more), ("offers/", tabs.get_by_role("link", name="Wallet"))):
        phone.go(address)
        expect(mark).to_have_attribute("aria-current", "true")
    [event, *_] = sorted(path for path in portal.shown("gold") if path.startswith("events/"))
    phone.go(event.removesuffix(".md") + "/")
    expect(tabs.get_by_role("link", name="Events")).to_have_attribute("aria-current", "true")


@pytest.mark.long
def test_staff_have_the_till_first(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, "S-01")
    reader.page.set_viewport_size(PHONE)
    reader.go()
    told(reader)
    assert reader.page.locator("main .strip").count() == 0
    assert reader.page.get_by_role("navigation", name="Shortcuts").get_by_role("button", name="Card").count() == 0
    reader.page.locator("main").get_by_role("link", name="At the till").click()
    reader.reads("At the till")


@pytest.mark.parametrize(
    "address",
    quick_and_long(["", "wallet/", "account/", "newsletters/winter-2026/", "tiers/", "events/"], {""}),
)
def test_targets_are_44_px_high(phone: Reader, address: str) -> None:
    phone.go(address)
    told(phone)
    assert phone.page.evaluate(SMALL) == []


@pytest.mark.long
def test_targets_of_visitors_are_44_px_high(visit: Callable[..., Reader], portal: Sample) -> None:
    reader = visit(portal, viewport=PHONE)
    reader.go()
    expect(reader.page.get_by_label("Access code")).to_be_visible()
    assert reader.page.evaluate(SMALL) == []
