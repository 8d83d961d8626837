"""Pages of the published sample for members of each tier: visible and hidden texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.site.sample import DAY, Front, Sample
from tests.site.tour import fetch_all, leave, look_at, on_day, on_real_day, said, told, walk

SIGN_OUT = "[data-portal=sign-out]"
Visit = Callable[..., Reader]
AtHome = Callable[..., Reader]

MEMBERS = {"member": "M-1004", "silver": "M-1006", "gold": "M-1001", "platinum": "M-1003", "staff": "S-01"}
LOWEST = ("member", MEMBERS["member"])  # types the code in `make test`; the other tests sign in by address
each_member = pytest.mark.parametrize(("edition", "member"), quick_and_long(MEMBERS.items(), {LOWEST}))


@pytest.fixture(scope="module")
def passed_on(browser: Browser, portal: Sample) -> Iterator[Reader]:
    """Give a device that several members use one after another."""
    reader = Reader(browser, portal)
    yield reader
    reader.close()


@pytest.fixture
def anyone(at_home: AtHome, passed_on: Reader, portal: Sample) -> Iterator[AtHome]:
    """Give a member at the front page: those of MEMBERS on their own devices, others one after another on one."""

    def make(member: str) -> Reader:
        if member in MEMBERS.values():
            return at_home(member)
        passed_on.go()
        if passed_on.context.service_workers and passed_on.page.locator(SIGN_OUT).count():
            leave(passed_on)
        passed_on.page.goto(portal.link(member))
        told(passed_on)
        on_real_day(passed_on)
        return passed_on

    yield make
    assert passed_on.troubles == []


def signed_in(visit: Visit, portal: Sample, member: str, **device: object) -> Reader:
    """Sign in with the address in a member's letter."""
    reader = visit(portal, **device)
    reader.page.goto(portal.link(member))
    told(reader)
    return reader


def names(member: Front) -> set[str]:
    """Return the texts that identify a member."""
    full = f"{member['given name']} {member['family name']}".strip()
    return {said(str(text)) for text in (full, member["formal name"], member["email"])}


def addresses_of(paths: Iterable[str]) -> set[str]:
    return {path.removesuffix(".md") + "/" for path in paths}


def readable(portal: Sample, member: str) -> set[str]:
    """Return the addresses of a member's edition without offers for segments that the member isn't in."""
    return portal.addresses(member) - addresses_of(portal.offers_for_others(member))


def check_edition(portal: Sample, reader: Reader, edition: str, pages: Mapping[str, str]) -> None:
    """Hold the pages that a member could open against what is written, and open two that are not in the edition."""
    member = MEMBERS[edition]
    for_others = portal.offers_for_others(member) if edition != "staff" else set()
    unused = {"account/earlier/"} if edition == "staff" else set()  # who has no lines of earlier years
    assert set(pages) == portal.addresses(member) - addresses_of(for_others) - unused
    shown, everything = portal.shown(edition) - for_others, "\n".join(pages.values())
    written = said("\n".join(portal.text(path) for path in shown))  # staff pages state forms of address of some members
    for path, front in portal.items.items():
        title = said(str(front["Title"]))
        if title not in portal.programme and path not in for_others:  # a tier's text can be the same, and all read it
            assert (title in everything) == (path in shown), path
    elsewhere = "\n".join(text for address, text in pages.items() if address != "desk/")  # whose lists name members
    for other, record in portal.members.items():
        if other != member:
            assert [name for name in names(record) if name in elsewhere and name not in written] == [], other
    for path in [*sorted(set(portal.items) - shown)[:2], "reports/no-such-thing.md"]:
        response = reader.go(path.removesuffix(".md") + "/")
        assert response
        assert response.status == 404
        reader.reads("This page isn’t in your edition")


@pytest.mark.parametrize("edition", quick_and_long(MEMBERS, {"gold"}))
def test_a_member_opens_all_of_their_edition_and_nothing_else(at_home: AtHome, portal: Sample, edition: str) -> None:
    reader = at_home(MEMBERS[edition])
    pages = fetch_all(reader)
    check_edition(portal, reader, edition, pages)
    for address in sorted(pages)[list(MEMBERS).index(edition) :: 25]:
        look_at(reader, address)


@pytest.mark.long
@pytest.mark.parametrize("edition", MEMBERS)
def test_a_member_looks_at_every_page_of_their_edition(visit: Visit, portal: Sample, edition: str) -> None:
    reader = signed_in(visit, portal, MEMBERS[edition])
    check_edition(portal, reader, edition, walk(reader))


def test_visitors_read_what_is_public_and_no_more(visit: Visit, portal: Sample) -> None:
    reader = visit(portal)
    pages = walk(reader)
    reader.go("offers/")
    pages["404"] = said(reader.page.content())
    everything = "\n".join(pages.values())
    for path, front in portal.items.items():
        assert (said(str(front["Title"])) in everything) == (front["Audience"] == "public"), path
    for record in portal.members.values():
        assert [name for name in names(record) if name in everything] == []
    for tier in ("Silver", "Gold", "Platinum"):
        assert tier not in everything


@pytest.mark.long
@each_member
def test_a_member_signs_in_by_typing(visit: Visit, portal: Sample, edition: str, member: str) -> None:
    reader = visit(portal)
    reader.go()
    reader.sign_in(portal.code(member).lower())
    told(reader)
    assert reader.page.url == portal.root
    if edition != "staff":
        expect(reader.page.locator(".badge")).to_have_attribute("data-tier", edition)


@pytest.mark.long
@pytest.mark.parametrize("site", ["portal", "club"])
def test_the_code_is_in_no_request_title_history_or_store(
    visit: Visit, site: str, request: pytest.FixtureRequest
) -> None:
    portal: Sample = request.getfixturevalue(site)
    before = len(portal.requests)
    reader = signed_in(visit, portal, "M-1001")
    reader.page.locator(".badge .standing a").click()
    reader.reads("Gold")
    leave(reader)
    reader.sign_in(portal.code("M-1001"))
    told(reader)
    kept = str(reader.kept())
    everything = "\n".join([*portal.requests[before:], *reader.seen, *reader.history(), reader.page.title(), kept])
    code = portal.code("M-1001")
    for written in (code, code.replace("-", ""), code.lower(), code[:11], code[-11:]):
        assert written not in everything
    assert reader.page.evaluate("[localStorage.length, sessionStorage.length, name]") == [1, 0, ""]
    assert re.fullmatch(r" ?\d{4}-\d\d-\d\d", reader.page.evaluate("localStorage[localStorage.key(0)]"))  # of the visit


@pytest.mark.long
def test_a_first_visit_below_a_prefix_ends_where_it_was_going(visit: Visit, club: Sample) -> None:
    reader = visit(club)
    reader.go("reports/a-second-drum/")
    reader.reads("This address is for members, or it doesn’t exist")
    reader.sign_in(club.code("M-1001"))
    told(reader)
    assert reader.page.url == club.root + "reports/a-second-drum/"
    reader.go()
    tier = reader.page.locator(".badge .standing a")
    expect(tier).to_have_attribute("href", "/club/tiers/gold/")
    tier.click()
    reader.reads("Gold")


@pytest.mark.long
def test_all_of_an_edition_opens_below_a_prefix(visit: Visit, club: Sample) -> None:
    reader = signed_in(visit, club, "M-1003")
    assert set(walk(reader)) == readable(club, "M-1003")


@pytest.mark.long
def test_a_teaser_has_no_title_and_no_link(at_home: AtHome, portal: Sample) -> None:
    reader = at_home("M-1004")
    reader.go("tiers/")
    teasers = reader.page.locator(".teasers li")
    expect(teasers).to_have_count(4)
    links = teasers.locator("a").evaluate_all("links => links.map(link => link.pathname)")
    assert [link for link in links if not re.fullmatch(r"/tiers/\w+/", link)] == []  # how to reach the tier
    known = {said(str(front.get("Teaser", ""))) for front in portal.items.values()}
    for text in teasers.locator("p:not(.facts)").all_inner_texts():
        assert any(teaser and said(text).endswith(teaser) for teaser in known), text


# Personal contents


@pytest.mark.parametrize(
    ("member", "called"),
    quick_and_long(
        [
            ("M-1001", "Maya"),
            ("M-1003", "Frau Dr. von Hagenbeck-Übelhör"),
            ("M-1006", "גברת בן־אלקנה"),
            ("M-1013", "Bea & Tom"),
            ("M-1014", "Zoë <the Elder>"),
        ],
        {("M-1001", "Maya")},
    ),
)
def test_everybody_is_called_as_they_wish(anyone: AtHome, member: str, called: str) -> None:
    reader = anyone(member)
    expect(reader.page.locator("h1")).to_have_text(f"Good to see you, {called}")


def test_the_badge_says_who_with_how_much_and_which_tier(at_home: AtHome) -> None:
    reader = at_home("M-1001")
    expect(reader.page.locator(".badge")).to_have_text("The Bitter End Club 1,958 beans Maya Okafor Gold Number M-1001")


@pytest.mark.parametrize(
    ("member", "day", "wish"),
    [
        ("M-1001", DAY, "Happy birthday, from all of us."),
        ("M-1001", "2026-11-22", None),
        pytest.param("M-1002", DAY, "8 years with us today. Thank you for staying.", marks=pytest.mark.long),
        pytest.param(  # born on 29 February
            "M-1004", "2027-02-28", "Happy birthday, from all of us.", marks=pytest.mark.long
        ),
        pytest.param("M-1019", DAY, None, marks=pytest.mark.long),
    ],
)
def test_a_wish_comes_on_the_day(anyone: AtHome, member: str, day: str, wish: str | None) -> None:
    reader = anyone(member)
    on_day(reader, day)
    told(reader)
    assert reader.page.locator(".occasion").all_inner_texts()[:1] == ([wish] if wish else [])


@pytest.mark.long
@pytest.mark.parametrize(
    ("member", "manager"),
    [("M-1003", "Inês Carvalho"), ("M-1015", "Solveig Haugland"), ("M-1017", None), ("M-1001", None)],
)
def test_key_customers_have_an_account_manager(anyone: AtHome, member: str, manager: str | None) -> None:
    reader = anyone(member)
    reader.go("account/")
    card = reader.page.locator(".manager")
    expect(card).to_have_count(1 if manager else 0)
    if manager:
        expect(card.locator(".name")).to_have_text(manager)
        assert card.locator("img").evaluate("async image => (await image.decode(), image.naturalWidth)") > 0


@pytest.mark.parametrize(
    ("member", "offers"),
    [
        (
            "M-1001",
            {
                "Your burrs, cleaned and aligned": "because you like grinders and kettles",
                "The tall kettle": "because you like grinders and kettles",
                "Three hundred for two fifty": "because you like espresso",
                "Papers, brushes and the other dull things": "because you like grinders and kettles",
            },
        ),
        pytest.param(
            "M-1004",
            {
                "Papers, brushes and the other dull things": "because you like filter coffee",
                "A cup for eighty beans": "for all members",  # six hundred beans are more than this member has
            },
            marks=pytest.mark.long,
        ),
    ],
)
def test_offers_are_those_that_fit(at_home: AtHome, member: str, offers: dict[str, str]) -> None:
    reader = at_home(member)
    on_day(reader, DAY)
    told(reader)
    coupons = reader.page.locator(".strip article")
    found = {one.locator("h3").inner_text(): one.locator(".why").inner_text() for one in coupons.all()}
    assert found == offers


def much_later(reader: Reader) -> None:
    """Reload the page as if its copy were of 2028, on a day when all of the sample is over."""
    reader.context.service_workers[-1].evaluate("() => { current.date = '2028-12-01'; }")
    on_day(reader, "2029-01-01")


@pytest.mark.long
def test_an_offer_that_ended_is_gone_without_a_new_publish(visit: Visit, portal: Sample) -> None:
    reader = signed_in(visit, portal, "M-1001")
    much_later(reader)
    told(reader)
    expect(reader.page.locator(".strip article")).to_have_count(0)
    expect(reader.page.get_by_text("Nothing is waiting for you this week")).to_be_visible()


@pytest.mark.long
def test_events_and_offers_leave_their_lists_without_a_new_publish(visit: Visit, portal: Sample) -> None:
    reader = signed_in(visit, portal, "M-1001")
    reader.go("events/")
    expect(reader.page.locator("article.event")).not_to_have_count(0)
    expect(reader.page.get_by_role("heading", name="Past events")).to_have_count(0)
    much_later(reader)
    told(reader)
    expect(reader.page.locator("article.event")).to_have_count(0)
    expect(reader.page.get_by_role("heading", name="Past events")).to_be_visible()
    expect(reader.page.get_by_text("The next one stands on top")).to_have_count(0)
    reader.page.get_by_role("link", name="Nine cups before Advent Sunday").click()
    expect(reader.page.get_by_text("This event is over.")).to_be_visible()
    expect(reader.page.get_by_text("Places", exact=True)).to_have_count(0)
    reader.go("offers/")
    expect(reader.page.get_by_text("No offer is open at the moment.")).to_be_visible()
    expect(reader.page.locator("article.coupon")).to_have_count(0)


@pytest.mark.long
def test_staff_see_for_whom_everything_is(at_home: AtHome) -> None:
    reader = at_home("S-01")
    reader.go("reports/a-second-drum/")
    expect(reader.page.locator(".audience")).to_have_text("For: Silver and up")
