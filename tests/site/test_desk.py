"""The desk of the staff: found by name, by number, by e-mail; the sheet; without a network; on phones and desktops."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from members_portal.portal.desk.search_word import folded_name
from tests.js.reader import Reader
from tests.long_cases import quick_first
from tests.site.axe import violations
from tests.site.form_site import opened
from tests.site.post_box import PostBox
from tests.site.sample import Sample
from tests.site.templates import DESKTOP, DEVICES, Scheme, use
from tests.site.test_accessibility import OVERFLOW
from tests.site.tour import told

Visit = Callable[..., Reader]
DeviceOf = Callable[[Sample, str], Reader]

SMALL = """() => [...document.querySelectorAll('main :is(button, input[type=search], summary, .sheet a)')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.textContent.trim() || one.id)"""


@pytest.fixture
def desk(device_of: DeviceOf, portal: Sample) -> Page:
    """Open the desk of a manager."""
    reader = device_of(portal, "S-01")
    reader.go("desk/")
    expect(reader.page.get_by_role("heading", name="Gone quiet")).to_be_visible()
    return reader.page


def find(page: Page, text: str) -> list[str]:
    """Type into the search; list the names found."""
    page.get_by_label("Name or number").fill("")
    expect(page.locator("[data-desk=count]")).to_be_empty()
    page.get_by_label("Name or number").fill(text)
    expect(page.locator("[data-desk=count]")).not_to_be_empty()
    return page.locator("[data-desk=found] bdi").all_inner_texts()


def open_sheet(page: Page, name: str) -> str:
    """Open the sheet of a member who is found by name."""
    find(page, name)
    page.locator("[data-desk=found] button").first.click()
    sheet = page.locator("[data-desk=sheet]")
    expect(sheet).to_be_visible()
    return sheet.inner_text()


@pytest.mark.parametrize(
    ("typed", "name"),
    quick_first(
        [
            ("saetre-odegard", "Ingebjørg Sætre-Ødegård"),
            ("1022", "Grzegorz Chrząstowicz-Ściborski"),
            ("ruairi@odwyer", "Ruairí O'Dwyer"),
            ("070 174 06 05", "نور الهدى الخطيب الشامي"),
            ("ODWYER", "Ruairí O'Dwyer"),
            ("o'dwyer rua", "Ruairí O'Dwyer"),
            ("isikoglu", "Gülşah Işıkoğlu"),
            ("m-1022", "Grzegorz Chrząstowicz-Ściborski"),
            ("欧阳", "欧阳若溪"),
        ],
        2,
    ),
)
def test_a_member_is_found_by_name_number_address_and_telephone(desk: Page, typed: str, name: str) -> None:
    assert find(desk, typed) == [name]


def test_nobody_is_found_by_a_name_that_nobody_has(desk: Page) -> None:
    assert find(desk, "Nemo") == []
    expect(desk.locator("[data-desk=count]")).to_have_text("Nobody is found.")


def test_both_halves_fold_names_alike(desk: Page, portal: Sample) -> None:
    names = [f"{one['given name']} {one.get('family name', '')}" for one in portal.members.values()]
    found = desk.evaluate("names => names.map(name => folded(name))", names)
    assert found == [folded_name(name) for name in names]


@pytest.mark.long
def test_a_manager_reads_the_full_sheet_and_returns_to_where_they_were(desk: Page) -> None:
    sheet = open_sheet(desk, "de kermorvan")
    for words in ("Why Silver", "To Gold", "Last order", "31 March 2026", "Segments", "Gone quiet", "What they said"):
        assert words in sheet
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-desk=sheet]")).to_be_hidden()
    expect(desk.locator("[data-desk=found] button").first).to_be_focused()


@pytest.mark.long
def test_the_lists_open_sheets_too(desk: Page) -> None:
    desk.get_by_role("region", name="Gone quiet").get_by_role("button").click()
    expect(desk.locator("[data-desk=sheet] h2")).to_have_text("Jean-Baptiste L'Écuyer de Kermorvan")


@pytest.mark.long
def test_a_note_is_about_the_member_whose_sheet_is_open(desk: Page) -> None:
    form = desk.locator("[data-desk=note] form")
    open_sheet(desk, "de kermorvan")
    form.locator("textarea").fill("Asked")
    open_sheet(desk, "okafor")
    expect(form.locator("textarea")).to_have_value("")
    assert form.get_attribute("data-about") == "M-1001"


@pytest.mark.long
def test_a_note_of_staff_is_confirmed_in_words_for_staff(device_of: DeviceOf, equipped: Sample, box: PostBox) -> None:
    reader = device_of(equipped, "S-01")
    reader.go("desk/")
    expect(reader.page.get_by_role("heading", name="Gone quiet")).to_be_visible()
    open_sheet(reader.page, "okafor")
    reader.page.get_by_role("link", name="Write a note").click()
    form = reader.page.locator("[data-desk=note] form")
    expect(form.get_by_label("No answer")).to_be_checked()
    form.get_by_label("What they told you").fill("Asked for decaf.")
    form.get_by_role("button", name="Note it").click()
    expect(form).to_contain_text("is on the member’s sheet once it has been taken in")
    assert opened(equipped, *box.answers).values == {"words": "Asked for decaf."}
    reader.page.evaluate("localStorage.clear()")


@pytest.mark.long
def test_staff_read_the_full_sheets_of_their_customers_and_short_ones_of_others(
    device_of: DeviceOf, portal: Sample
) -> None:
    reader = device_of(portal, "S-02")
    reader.go("desk/")
    expect(reader.page.get_by_role("heading", name="Gone quiet")).to_be_visible()
    assert "How to reach them" in open_sheet(reader.page, "eythorsdottir")
    short = open_sheet(reader.page, "okafor")
    assert "Beans to spend" in short
    assert "maya.okafor" not in short
    assert "The full sheet is for managers" in short
    assert find(reader.page, "okafor@post") == []


def test_the_address_of_the_page_never_names_a_member(desk: Page) -> None:
    open_sheet(desk, "okafor")
    assert desk.url.endswith("/desk/")


@pytest.mark.long
def test_it_works_without_a_network(visit: Visit, portal: Sample) -> None:
    reader = visit(portal.ahead)
    reader.page.goto(portal.ahead.link("S-01"))
    told(reader)
    reader.waits_until_complete()
    reader.context.set_offline(True)
    reader.go("desk/")
    assert "Say “Maya”" in open_sheet(reader.page, "okafor")


def test_a_member_finds_no_desk(device_of: DeviceOf, portal: Sample) -> None:
    reader = device_of(portal, "M-1003")
    assert reader.page.get_by_role("link", name="The desk").count() == 0
    status = "async address => (await fetch(address)).status"
    for path in ("desk/", "desk/members.json", "desk/own.json", "desk/sheets-0.json"):
        assert reader.page.evaluate(status, portal.root + path) == 404, path


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "size"), DEVICES)
def test_the_desk_is_accessible(device_of: DeviceOf, portal: Sample, scheme: Scheme, size: ViewportSize) -> None:
    reader = device_of(portal, "S-01")
    reader.go("desk/")
    expect(reader.page.get_by_role("heading", name="Gone quiet")).to_be_visible()
    open_sheet(reader.page, "de kermorvan")
    use(reader, scheme, size)
    assert reader.page.evaluate(OVERFLOW) == []
    assert violations(reader.page, "main") == []


@pytest.mark.long
def test_each_control_is_large_enough_for_a_finger(desk: Page) -> None:
    open_sheet(desk, "de kermorvan")
    desk.set_viewport_size({"width": 360, "height": 800})
    small = desk.evaluate(SMALL)
    desk.set_viewport_size(DESKTOP)
    assert small == []
