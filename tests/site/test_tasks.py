"""What members come for, counted in taps from the front page of a phone: none takes more than two."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.js.reader import Reader
from tests.site.sample import DAY, Sample
from tests.site.thumb import Thumb
from tests.site.tour import set_day, told

MEMBER, PARTNER = "M-1001", "M-1002"
PHONE = ViewportSize(width=360, height=740)
PRINTS = "window.print = () => { document.documentElement.dataset.printed = 'yes'; };"
PDF = "images/water-card.pdf"
NEWCOMER = """- id: M-9001
  given name: Nora
  family name: Newcomer
  formal name: Ms Newcomer
  email: nora.newcomer@strandandhitch.example
  joined: 2026-11-21
"""


@pytest.fixture(scope="module")
def handheld(browser: Browser, portal: Sample) -> Iterator[Reader]:
    """Give a member's phone, signed in, with the copy for reading offline and the PDFs."""
    reader = Reader(browser, portal.ahead, viewport=PHONE, has_touch=True)
    reader.page.add_init_script(PRINTS)
    reader.page.goto(portal.ahead.link(MEMBER))
    told(reader)
    yield reader
    reader.close()
    assert reader.troubles == []


@pytest.fixture
def thumb(handheld: Reader) -> Thumb:
    """Hold the phone with the front page open."""
    handheld.context.set_offline(False)
    set_day(handheld, DAY)
    handheld.context.clock.set_fixed_time(f"{DAY}T12:00:00Z")
    handheld.go()
    told(handheld)
    return Thumb(handheld.page)


def test_the_card_is_shown_at_the_till_in_one_tap(thumb: Thumb) -> None:
    thumb.tab("Card")
    expect(thumb.page.get_by_role("dialog", name="Maya Okafor")).to_be_visible()
    assert thumb.taps == 1


def test_the_code_of_an_offer_is_shown_at_the_till_in_one_tap(thumb: Thumb) -> None:
    code = thumb.page.locator(".strip .code-button").first
    thumb.tap(code)
    expect(thumb.page.get_by_role("dialog").locator("b")).to_have_text(code.locator("b").inner_text())
    assert thumb.taps == 1


@pytest.mark.long
def test_points_are_on_the_front_page_and_what_they_buy_is_one_tap_away(thumb: Thumb) -> None:
    expect(thumb.page.locator(".badge .points")).to_have_text("1,958 beans")
    thumb.tab("Wallet")
    expect(thumb.page.locator("main .lede")).to_contain_text("You have 1,958 beans: enough for 2 of 2 rewards")
    expect(thumb.page.get_by_role("region", name="For beans").get_by_text("and you have them")).to_have_count(2)
    assert thumb.taps == 1


def test_what_ends_soon_is_on_the_front_page(thumb: Thumb) -> None:
    ends = thumb.page.get_by_role("region", name="Ends soon").locator("li").first
    expect(ends).to_contain_text("in 9 days")
    expect(thumb.page.locator(".standing .soon")).to_have_text("9 beans end on 30 November 2026.")
    assert thumb.taps == 0


@pytest.mark.long
def test_a_report_and_its_pdf_are_two_taps_away_without_a_connection(thumb: Thumb, handheld: Reader) -> None:
    handheld.waits_until_complete()
    thumb.tap(thumb.page.locator(".badge .points a"))
    thumb.tap(thumb.page.get_by_role("button", name="Keep the PDFs"))
    expect(thumb.page.get_by_text("The PDFs are kept on this device too.")).to_be_visible()
    assert thumb.taps == 2
    handheld.go()
    handheld.context.set_offline(True)
    thumb.taps = 0
    thumb.link("Insider reports")
    thumb.link("Water is most of it")
    handheld.reads("Water is most of it")
    assert thumb.taps == 2
    handheld.go()
    thumb.taps = 0
    thumb.link("Insider reports")
    card = thumb.page.get_by_role("link", name="PDF")
    with thumb.page.expect_download() as kept:  # this Chromium shows no PDF: it saves it
        thumb.tap(card)
    assert kept.value.path().read_bytes().startswith(b"%PDF-")
    assert kept.value.url == handheld.host.root + PDF
    assert thumb.taps == 2


@pytest.mark.long
def test_an_offer_is_printed_with_its_code_in_two_taps(thumb: Thumb) -> None:
    offer = thumb.page.locator(".strip article").first
    code = offer.locator(".code-button b").inner_text()
    thumb.tap(offer.locator("h3 a"))
    thumb.tap(thumb.page.get_by_role("button", name="Print"))
    assert thumb.page.locator("html").get_attribute("data-printed") == "yes"
    assert thumb.taps == 2
    thumb.page.emulate_media(media="print")
    expect(thumb.page.get_by_text(code)).to_be_visible()
    expect(thumb.page.get_by_role("button", name="Print")).to_be_hidden()
    thumb.page.emulate_media(media="null")


@pytest.mark.long
def test_a_place_at_an_event_is_two_taps_away(thumb: Thumb, handheld: Reader) -> None:
    thumb.link("Nine cups before Advent Sunday")
    thumb.link("Reply here")
    expect(thumb.page).to_have_url(f"{handheld.host.root}events/advent-cupping/#form")
    assert thumb.taps == 2


@pytest.mark.long
def test_a_partners_link_opens_on_the_family_tablet_in_one_tap(visit: Callable[..., Reader], portal: Sample) -> None:
    tablet = visit(portal, viewport=ViewportSize(width=768, height=1024), has_touch=True)
    tablet.page.goto(portal.link(MEMBER))
    told(tablet)
    tablet.page.goto(portal.link(PARTNER))
    thumb = Thumb(tablet.page)
    thumb.tap(tablet.page.get_by_role("button", name="Sign out, and open that member’s pages"))
    expect(tablet.page.locator(".badge")).to_contain_text(PARTNER)
    assert thumb.taps == 1


@pytest.mark.long
def test_the_first_day_begins_with_three_steps_and_an_offer(own_portal: Sample, visit: Callable[..., Reader]) -> None:
    with (own_portal.folder / "members/members.yaml").open("a", encoding="utf-8") as members:
        members.write(NEWCOMER)
    own_portal.publish()
    phone = visit(own_portal, viewport=PHONE, has_touch=True)
    phone.page.goto(own_portal.link("M-9001"))
    told(phone)
    expect(phone.page.locator(".standing .steps li")).to_have_count(3)
    expect(phone.page.locator(".strip article").first).to_be_visible()
    expect(phone.page.locator("main")).not_to_contain_text("to go")
    thumb = Thumb(phone.page)
    thumb.tab("Card")
    expect(phone.page.get_by_role("dialog", name="Nora Newcomer")).to_be_visible()
    assert thumb.taps == 1
