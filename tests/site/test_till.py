"""The till: answers without a network on phones and desktops, and its list of redemptions for the ledger."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from members_portal.coupon.coupon_code import coupon_code, coupon_signature, format_coupon, till_key, with_check
from tests.js.reader import Reader
from tests.site.axe import violations
from tests.site.sample import DAY, Sample
from tests.site.templates import DESKTOP, DEVICES, PHONE, use
from tests.site.test_accessibility import OVERFLOW
from tests.site.tour import on_day, told

Visit = Callable[..., Reader]

NOON = f"{DAY}T12:00:00"
BIRTHDAY = "a-bag-for-your-birthday"  # of the sample: M-1003 was born in November, M-1005 in March


@pytest.fixture
def staff(visit: Visit, equipped: Sample) -> Callable[..., Reader]:
    """Make signed-in staff on new devices of a given kind, which fetch ahead. The devices' clock stands at noon."""

    def make(**device: object) -> Reader:
        reader = visit(equipped.ahead, **device)
        reader.context.clock.set_fixed_time(NOON)
        reader.page.goto(equipped.ahead.link("S-01"))
        told(reader)
        return reader

    return make


@pytest.fixture
def till(device_of: Callable[[Sample, str], Reader], equipped: Sample) -> Reader:
    """Open an empty till at noon, on a device that all tests share."""
    reader = device_of(equipped, "S-01")
    reader.context.clock.set_fixed_time(NOON)
    reader.page.evaluate("localStorage.clear()")
    reader.go("till/")
    return reader


def code(equipped: Sample, slug: str, member: str = "M-1001") -> str:
    return coupon_code(equipped.secret, slug, member, 1)


def ask(page: Page, text: str, outcome: str) -> str:
    """Enter a code; return the answer."""
    page.get_by_label("Coupon code").fill(text)
    answer = page.get_by_role("status", name="Answer")
    expect(answer).to_have_attribute("data-outcome", outcome)
    return answer.inner_text()


def redeem(page: Page, text: str) -> None:
    ask(page, text, "valid")
    page.get_by_role("button", name="Redeem").click()
    expect(page.get_by_role("status", name="Answer")).to_have_attribute("data-outcome", "redeemed")


def slip(text: str, place: int) -> str:
    return text[:place] + ("2" if text[place] != "2" else "3") + text[place + 1 :]


def test_every_answer_comes_at_once_and_says_what_to_do(till: Reader, equipped: Sample) -> None:
    page = till.page
    honey = code(equipped, "jar-of-honey")
    says = {
        honey: ("valid", ["Valid", "One jar-of-honey", "Take one jar off the shelf.", "40", "21 November 2026"]),
        honey.lower().replace("-", " "): ("valid", ["Valid"]),
        code(equipped, "third-cup"): ("valid", ["1 / 2"]),
        slip(honey, 6): ("mistyped", ["Mistyped", "group 2"]),
        code(equipped, "no-such-offer"): ("unknown", ["Not ours"]),
        code(equipped, "last-weeks-cake"): ("over", ["Over", "20 November 2026", "The last-weeks-cake offer"]),
        code(equipped, "next-weeks-cake"): ("early", ["Not yet", "23 November 2026"]),
        code(equipped, BIRTHDAY, "M-1003"): ("valid", ["A bag for your birthday"]),
        code(equipped, BIRTHDAY, "M-1005"): ("not-theirs", ["Not for this member", "A bag for your birthday"]),
    }
    for text, (outcome, parts) in says.items():
        answer = ask(page, text, outcome)
        assert [part for part in parts if part not in answer] == [], answer
        ask(page, "", "rest")


@pytest.mark.long
def test_a_members_number_names_the_member_and_leads_to_the_sheet(till: Reader) -> None:
    page, answer = till.page, till.page.get_by_role("status", name="Answer")
    for text, outcome in (("m-1001", "member"), ("M-9999", "number")):
        page.get_by_label("Coupon code").fill(text)
        page.keyboard.press("Enter")
        expect(answer).to_have_attribute("data-outcome", outcome)
        expect(answer).not_to_contain_text("Mistyped")
    expect(answer.get_by_role("link", name="Open M-9999 at the desk")).to_be_visible()
    page.get_by_label("Coupon code").fill("M-1001")
    page.keyboard.press("Enter")
    expect(answer).to_contain_text("Maya Okafor")
    expect(answer).to_contain_text("1,958")
    answer.get_by_role("link", name="Open M-1001 at the desk").click()
    expect(page.get_by_role("region", name="The member’s sheet")).to_contain_text("Maya Okafor")
    assert page.url == f"{till.host.root}desk/"


@pytest.mark.long
def test_the_search_of_the_front_page_leads_to_the_desk(till: Reader) -> None:
    till.go()
    expect(till.page.get_by_role("link", name="Birthdays this week")).to_be_visible()
    till.page.get_by_label("Name or number").fill("okafor")
    till.page.keyboard.press("Enter")
    till.reads("The desk")
    expect(till.page.locator("#found")).to_contain_text("Maya Okafor")
    assert till.page.url == f"{till.host.root}desk/"


@pytest.mark.long
def test_redeem_is_not_below_the_navigation_of_a_phone(till: Reader, equipped: Sample) -> None:
    till.page.set_viewport_size({"width": 360, "height": 740})
    till.page.emulate_media(reduced_motion="reduce")  # the page is where it scrolls to at once
    till.go("till/")
    ask(till.page, code(equipped, "jar-of-honey"), "valid")
    tabs = till.page.get_by_role("navigation", name="Shortcuts").bounding_box()
    button = till.page.get_by_role("button", name="Redeem").bounding_box()
    assert tabs
    assert button
    assert button["y"] + button["height"] <= tabs["y"]


@pytest.mark.long
def test_a_hand_scanner_types_and_presses_enter(till: Reader, equipped: Sample) -> None:
    answer = till.page.get_by_role("status", name="Answer")
    for slug, outcome in (("jar-of-honey", "valid"), ("last-weeks-cake", "over"), ("jar-of-honey", "valid")):
        till.page.keyboard.type(code(equipped, slug))  # the field has the focus; its old contents are selected
        till.page.keyboard.press("Enter")
        expect(answer).to_have_attribute("data-outcome", outcome)
    till.page.keyboard.type("too short")
    till.page.keyboard.press("Enter")
    expect(answer).to_have_attribute("data-outcome", "mistyped")


@pytest.mark.long
def test_the_device_remembers_what_it_redeemed(till: Reader, equipped: Sample) -> None:
    honey, cup = code(equipped, "jar-of-honey"), code(equipped, "third-cup")
    redeem(till.page, honey)
    redeem(till.page, cup)
    assert "Already used\n\nOn 21 November 2026." in ask(till.page, honey, "used")
    assert "2 / 2" in ask(till.page, cup, "valid")
    till.page.reload()
    redeem(till.page, cup)
    assert "2 / 2" in ask(till.page, cup, "used")
    expect(till.page.locator("[data-till=list] li")).to_have_count(3)
    other = till.context.new_page()
    till.go("till/", other)
    ask(other, honey, "used")
    ask(other, code(equipped, "jar-of-honey", "M-1002"), "valid")


@pytest.mark.long
def test_of_what_there_is_one_of_one_is_given(till: Reader, equipped: Sample) -> None:
    redeem(till.page, code(equipped, "one-seat"))
    assert "There were 1 of it" in ask(till.page, code(equipped, "one-seat", "M-1002"), "gone")


def test_two_tabs_redeem_a_code_once(till: Reader, equipped: Sample) -> None:
    other = till.context.new_page()
    till.go("till/", other)
    honey = code(equipped, "jar-of-honey")
    ask(till.page, honey, "valid")
    redeem(other, honey)
    till.page.get_by_role("button", name="Redeem").click()
    expect(till.page.get_by_role("status", name="Answer")).to_have_attribute("data-outcome", "used")


@pytest.mark.long
def test_a_redemption_is_taken_back(till: Reader, equipped: Sample) -> None:
    redeem(till.page, code(equipped, "jar-of-honey"))
    till.page.get_by_role("button", name="Take this redemption back").click()
    expect(till.page.get_by_text("Nothing yet today.")).to_be_visible()
    ask(till.page, code(equipped, "jar-of-honey"), "valid")


def download(page: Page, folder: Path) -> list[dict[str, str]]:
    """Download the list; return its rows."""
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the list").click()
    assert re.fullmatch(r"till-2026-11-2\dT[0-9.]{8}\.csv", started.value.suggested_filename)
    started.value.save_as(folder / "till.csv")
    return list(csv.DictReader((folder / "till.csv").read_text("utf-8").splitlines()))


@pytest.mark.long
def test_each_list_holds_what_is_new_and_the_ledger_takes_it(till: Reader, equipped: Sample, tmp_path: Path) -> None:
    honey, cup = code(equipped, "jar-of-honey"), code(equipped, "third-cup", "M-1003")
    redeem(till.page, honey)
    redeem(till.page, cup)
    plain = {"date": DAY, "member": "", "kind": "redemption"}
    first = [{**plain, "points": "40", "reference": honey}, {**plain, "points": "0", "reference": cup}]
    saved = till.page.get_by_text("All are downloaded.")
    expect(till.page.get_by_text("2 not downloaded yet.")).to_be_visible()
    expect(saved).not_to_be_visible()
    assert download(till.page, tmp_path) == first
    expect(saved).to_be_visible()
    expect(till.page.get_by_text("not downloaded yet")).not_to_be_visible()
    booked = equipped.run("coupon", "book", str(tmp_path / "till.csv"))
    assert (booked.code, booked.err) == (0, "")
    assert [(line.split(",")[1], honey in line or cup in line) for line in booked.out.splitlines()[-2:]] == [
        ("M-1001", True),
        ("M-1003", True),
    ]
    assert download(till.page, tmp_path) == first  # without new redemptions, the list is the same
    till.context.clock.set_fixed_time("2026-11-22T09:30:00")
    till.page.reload()
    expect(till.page.get_by_text("Nothing yet today.")).to_be_visible()
    redeem(till.page, cup)
    assert download(till.page, tmp_path) == [{**first[1], "date": "2026-11-22"}]


@pytest.mark.long
def test_a_list_that_was_forgotten_is_shown_the_next_day(till: Reader, equipped: Sample) -> None:
    redeem(till.page, code(equipped, "third-cup"))
    till.context.clock.set_fixed_time("2026-11-24T09:30:00")
    till.page.reload()
    expect(till.page.locator("[data-till=list] li")).to_have_count(1)
    expect(till.page.locator("[data-till=count]")).to_have_text("1")


@pytest.mark.long
@pytest.mark.parametrize("damaged", ["{", "null", '[1, {"offer": "x"}]'])
def test_a_damaged_list_does_not_stop_the_till(till: Reader, equipped: Sample, damaged: str) -> None:
    till.page.evaluate("damaged => localStorage.setItem('till /', damaged)", damaged)
    till.page.reload()
    redeem(till.page, code(equipped, "third-cup"))
    expect(till.page.locator("[data-till=list] li")).to_have_count(1)
    kept = till.page.evaluate("localStorage.getItem('till / damaged')")
    assert kept == (None if damaged.startswith("[") else damaged)


@pytest.mark.parametrize("size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.long)], ids=["phone", "desktop"])
def test_the_till_works_without_a_network_before_it_was_ever_opened(
    staff: Callable[..., Reader], equipped: Sample, size: dict[str, int]
) -> None:
    is_phone = size is PHONE
    reader = staff(viewport=size, has_touch=is_phone, is_mobile=is_phone)
    reader.waits_until_complete()
    reader.context.set_offline(True)
    reader.stop_worker()
    reader.go("till/")
    reader.reads("At the till")
    honey = code(equipped, "jar-of-honey", "M-1004")
    redeem(reader.page, honey)
    ask(reader.page, honey, "used")
    ask(reader.page, slip(honey, 0), "mistyped")
    reader.page.reload()
    ask(reader.page, honey, "used")
    answer = reader.page.get_by_role("status", name="Answer")
    expect(answer.locator(".word")).to_be_in_viewport()
    assert reader.page.evaluate(OVERFLOW) == []


@pytest.mark.long
def test_on_a_phone_the_answer_and_the_button_are_in_sight(staff: Callable[..., Reader], equipped: Sample) -> None:
    reader = staff(viewport=PHONE, has_touch=True, is_mobile=True)
    reader.go("till/")
    ask(reader.page, code(equipped, "jar-of-honey"), "valid")
    expect(reader.page.get_by_role("button", name="Redeem")).to_be_in_viewport(ratio=1)
    expect(reader.page.get_by_label("Coupon code")).not_to_be_focused()  # the on-screen keyboard would hide both


def test_nothing_is_sent(till: Reader, equipped: Sample) -> None:
    till.waits_until_complete()  # prefetching is complete
    before, seen = len(equipped.requests), len(till.seen)
    till.page.evaluate("navigator.serviceWorker.ready.then(worker => worker.update())")  # as browsers do
    redeem(till.page, code(equipped, "jar-of-honey"))
    ask(till.page, code(equipped, "no-such-offer"), "unknown")
    till.page.get_by_role("button", name="Check").click()
    news = ("GET /portal.json ", f"GET {till.host.root}portal.json ")  # the worker looks for it at any time
    sent = [request for request in (*equipped.sent(before), *till.seen[seen:]) if not request.startswith(news)]
    assert sent == []
    assert "till/" in till.page.url
    assert "?" not in till.page.url


def test_an_access_code_is_refused_and_forgotten(till: Reader, equipped: Sample) -> None:
    secret = equipped.code("M-1001")
    assert "access code" in ask(till.page, secret, "access-code")
    till.page.get_by_label("Coupon code").press("Enter")  # in the empty field
    expect(till.page.get_by_role("status", name="Answer")).to_have_attribute("data-outcome", "access-code")
    assert till.page.locator("input:invalid").count() == 0  # no message of the browser above the answer
    expect(till.page.get_by_label("Coupon code")).to_have_value("")
    assert secret not in till.page.evaluate("JSON.stringify(localStorage) + document.body.innerText")


@pytest.mark.long
def test_the_till_takes_the_codes_that_a_member_sees(
    till: Reader, device_of: Callable[[Sample, str], Reader], equipped: Sample
) -> None:
    member = device_of(equipped, "M-1001")
    member.go()
    on_day(member, DAY)
    told(member)
    shown = member.page.locator("main .strip .code-button b").all_inner_texts()
    assert len(shown) >= 2
    for text in shown:
        ask(till.page, text, "valid")
        ask(till.page, "", "rest")


@pytest.mark.long
def test_what_a_tills_key_makes_passes_here_and_is_found_later(till: Reader, equipped: Sample) -> None:
    key, _ = till_key(equipped.secret, "jar-of-honey", 1)
    made = format_coupon(with_check("G0THERE5" + coupon_signature(key, "G0THERE5")))
    ask(till.page, made, "valid")
    run = equipped.run("coupon", "verify", made, "--date", DAY)
    assert (run.code, run.out) == (1, "not ours: jar-of-honey, but no member on the roster has this code\n")


@pytest.mark.long
def test_members_find_no_till(device_of: Callable[[Sample, str], Reader], equipped: Sample) -> None:
    reader = device_of(equipped, "M-1001")
    response = reader.go("till/")
    assert response
    assert response.status == 404
    assert reader.page.locator("script[src*='till.js']").count() == 0


def states(equipped: Sample) -> dict[str, str]:
    """List what can be typed, with the outcome: one of each look."""
    honey = code(equipped, "jar-of-honey")
    return {"": "rest", honey: "valid", slip(honey, 3): "mistyped", code(equipped, "last-weeks-cake"): "over"}


@pytest.mark.long
def test_axe_finds_nothing_in_any_answer_on_any_device(till: Reader, equipped: Sample) -> None:
    for scheme, size in DEVICES:
        use(till, scheme, size)
        for text, outcome in states(equipped).items():
            ask(till.page, text, outcome)
            assert violations(till.page) == []


@pytest.mark.long
def test_axe_finds_nothing_and_nothing_is_too_wide(till: Reader, equipped: Sample) -> None:
    for (scheme, size), (text, outcome) in zip(DEVICES, states(equipped).items(), strict=True):
        use(till, scheme, size)
        ask(till.page, text, outcome)
        assert violations(till.page) == []
    honey = code(equipped, "jar-of-honey")
    redeem(till.page, honey)
    till.page.set_viewport_size({"width": 320, "height": 640})
    for text, outcome in {code(equipped, "third-cup"): "valid", honey: "used"}.items():
        ask(till.page, text, outcome)
        assert till.page.evaluate(OVERFLOW) == []
        assert violations(till.page) == []


def test_the_keyboard_is_enough(till: Reader, equipped: Sample) -> None:
    expect(till.page.get_by_label("Coupon code")).to_be_focused()
    till.page.keyboard.type(code(equipped, "jar-of-honey"))
    expect(till.page.get_by_role("button", name="Redeem")).to_be_visible()
    for key in ("Tab", "Tab", "Enter"):  # past “Check”
        till.page.keyboard.press(key)
    expect(till.page.get_by_role("status", name="Answer")).to_have_attribute("data-outcome", "redeemed")
    expect(till.page.get_by_label("Coupon code")).to_be_focused()
