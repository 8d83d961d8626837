"""Slots: a member's own fragments, the days they are for, and names that try to be mark-up."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader, StrictUndefined

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.standings import take_standings
from members_portal.portal.content.library import Library
from members_portal.portal.personal.member_view import MemberView, MemberViewBuilder
from members_portal.portal.personal.slot_renderer import MOST_OFFERS, SlotRenderer, Slots
from members_portal.portal.picture.picture_markup import cover_picture
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.formats import date_filters, member_filters, number_filters
from members_portal.portal.rendering.page import Readers
from members_portal.portal.rendering.slot import MisplacedSlot, check_slots, own_function, slot_function
from members_portal.portal.rendering.template_functions import asset_address
from tests.loyalty.small_club import maya
from tests.portal.small_portal import OFFER, ON, PROJECT, library_of, text

NONCE = "0123456789abcdef"
slot = slot_function(NONCE)
TEMPLATES = {
    "slots/greeting.html": "Hello, {{ member.called }}",
    "slots/badge.html": "{% if tier %}{{ tier.name }} {{ tier.rank }} {{ root }}{{ tier.url }}{% endif %}",
    "slots/card.html": "{{ member.id if tier }}",
    "slots/manager.html": "{% if manager %}{{ manager.name }}{% endif %}",
    "slots/account.html": "{{ member.interests|join(',') }}|{{ member.consent }}|{{ member.full_name }}",
    "slots/standing.html": "{{ statement.balance.total if statement }}",
    "slots/statement.html": "{{ statement.as_of if statement }}",
    "slots/occasion.html": "{{ occasion.kind }} {{ occasion.years }}",
    "slots/wallet.html": "{% for offer in offers %}{{ offer.title }};{% endfor %}",
    "slots/terms.html": "{{ item.missing }} to go, {{ item.left }} left{{ code }}",
    "slots/offers.html": "{% for offer in offers %}{{ offer.title }} {{ offer.why }};{% endfor %}",
}


def environment(templates: DictLoader | FileSystemLoader) -> Environment:
    """Make the environment templates are given, strict and escaping as pelicanconf.py asks for."""
    env = Environment(loader=templates, autoescape=True, undefined=StrictUndefined)
    env.filters |= date_filters("en-IE") | number_filters("en-IE", "EUR") | member_filters("en-IE")
    env.filters["cover"] = lambda shown: cover_picture(shown.item)
    env.globals |= {"slot": slot, "asset": asset_address({})}
    return env


def slots_of(folder: Path, member: Member, files: dict[str, str], on: date = ON) -> Slots:
    """Render a member's slots with the small templates."""
    library, programme = library_of(folder, files)
    view = view_of(member, library, programme, on)
    return SlotRenderer(environment(DictLoader(TEMPLATES)), programme, {"root": "/club/"}, on).slots(view)


def view_of(member: Member, library: Library, programme: Programme, on: date = ON) -> MemberView:
    """Build the view of the only member."""
    standings = take_standings(programme, [member], None, on)
    edition = make_edition(member.edition, library, programme, on)
    return MemberViewBuilder(standings, library.items.values(), {edition.name: edition}).build(member)


def offer(title: str, ends: str, audience: str = "members", interests: str = "") -> str:
    """Write an offer."""
    return text(title, audience, OFFER.replace("2026-11-30", ends) + (f"Interests: {interests}" if interests else ""))


def test_a_slot_has_markers_around_its_default_content() -> None:
    assert slot("greeting") == f"<!--slot:greeting-{NONCE}--><!--/slot-->"
    page = environment(DictLoader({"page": "{{ slot('a-b') }}{% call slot('c') %}<b>{{ '<' }}</b>{% endcall %}"}))
    assert page.get_template("page").render() == (
        f"<!--slot:a-b-{NONCE}--><!--/slot--><!--slot:c-{NONCE}--><b>&lt;</b><!--/slot-->"
    )


@pytest.mark.parametrize("page", ["", "{}", "<p title='a > b'>{}</p>", "<!-- x -->{}<script>1</script>{}", "a < b {}"])
def test_a_slot_stands_in_text(page: str) -> None:
    check_slots(page.replace("{}", slot("greeting")), NONCE, "page")


@pytest.mark.parametrize(
    "page",
    [
        '<img src="https://thief.example/{}">',
        "<a href='/{}'>x</a>",
        "<p {}>x</p>",
        "<p title={}>x</p>",
        "<script>let x = '{}'</script>",
        "<SCRIPT>{}</SCRIPT>",
        "<script>{}",
        "<style>a {{}}</style>",
        "<textarea>{}</textarea>",
        "<title>{}</title>",
        "<template>{}</template>",
        "<noscript><p>{}</p></noscript>",
        "<!-- {} -->",
        "<!--{}",
    ],
)
def test_a_slot_in_a_tag_a_comment_or_a_script_is_refused(page: str) -> None:
    with pytest.raises(MisplacedSlot, match="gold: reports/"):
        check_slots(page.replace("{}", slot("greeting")), NONCE, "gold: reports/")


@pytest.mark.parametrize(
    "name", ["greeting", "greeting-fedcba9876543210", f"{NONCE}", f"greeting-{NONCE}-{NONCE[:-1]}"]
)
def test_a_slot_without_the_nonce_of_the_site_is_refused(name: str) -> None:
    with pytest.raises(MisplacedSlot):
        check_slots(f"<p><!--slot:{name}--><!--/slot--></p>", NONCE, "page")
    with pytest.raises(MisplacedSlot):
        check_slots(f"<p><!--SLOT:{name}--><!--/slot--></p>", NONCE, "page")


@pytest.mark.parametrize("name", ["", "Greeting", "a b", "a-->", "1st", "a\n"])
def test_a_slots_name_can_not_break_out_of_its_comment(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case letters, digits and hyphens"):
        slot(name)


def test_a_member_is_given_labels_and_never_keys(tmp_path: Path) -> None:
    member = maya(tmp_path, "interests: [filter], consent: {email: yes}, key customer: yes, account manager: ines")
    slots = slots_of(tmp_path, member, {})
    assert {name: fragments[0]["html"] for name, fragments in slots.items() if fragments and name != "occasion"} == {
        "greeting": "Hello, Maya",
        "badge": "Gold 3 /club/tiers/gold/",
        "card": "M-1",
        "manager": "Inês",
        "account": "Filter coffee|{&#39;Letters by post&#39;: False, &#39;E-mail&#39;: True}|Maya Okafor",
        "standing": "",
        "statement": "",
        "offers": "",
        "wallet": "",
    }


def test_only_key_customers_have_an_account_managers_card(tmp_path: Path) -> None:
    assert slots_of(tmp_path, maya(tmp_path, "account manager: ines"), {})["manager"][0]["html"] == ""


def test_staff_have_no_badge(tmp_path: Path) -> None:
    assert slots_of(tmp_path, maya(tmp_path, "staff: yes"), {})["badge"][0]["html"] == ""


@pytest.mark.parametrize(
    ("birthday", "on", "days"),
    [
        ("11-20", "2026-11-20", [("birthday 0", "2026-11-20"), ("anniversary 6", "2027-05-30")]),
        ("11-19", "2026-11-20", [("birthday 0", "2027-11-19"), ("anniversary 6", "2027-05-30")]),
        ("02-29", "2026-11-20", [("birthday 0", "2027-02-28"), ("anniversary 6", "2027-05-30")]),
        ("1984-02-29", "2027-12-01", [("birthday 0", "2028-02-29"), ("anniversary 7", "2028-05-30")]),
        ("05-30", "2027-05-30", [("birthday 0", "2027-05-30"), ("anniversary 6", "2027-05-30")]),
    ],
)
def test_an_occasion_is_shown_on_its_day_only(
    tmp_path: Path, birthday: str, on: str, days: list[tuple[str, str]]
) -> None:
    slots = slots_of(tmp_path, maya(tmp_path, f"birthday: {birthday}"), {}, date.fromisoformat(on))
    assert slots["occasion"] == [{"html": html, "from": day, "until": day} for html, day in days]


def test_offers_go_one_by_one_as_they_end(tmp_path: Path) -> None:
    files = {
        "offers/a.md": offer("A", "2026-11-20"),
        "offers/b.md": offer("B", "2026-11-30", "gold"),
        "offers/c.md": offer("C", "2026-11-30", "public"),
        "offers/d.md": offer("D", "2026-11-19"),
    }
    assert slots_of(tmp_path, maya(tmp_path, "phone: 1"), files)["offers"] == [
        {"html": "A for all members;B for gold;C for everybody;", "from": None, "until": "2026-11-20"},
        {"html": "B for gold;C for everybody;", "from": "2026-11-21", "until": "2026-11-30"},
        {"html": "", "from": "2026-12-01", "until": None},
    ]


def test_the_wallet_has_all_offers_that_a_member_may_use_and_each_has_its_terms(tmp_path: Path) -> None:
    files = {
        "offers/a.md": offer("A", "2026-11-20"),
        "offers/b.md": offer("B", "2026-11-30", interests="[decaf]"),
        "offers/c.md": offer("C", "2026-12-24").replace("Starts: 2026-11-01", "Starts: 2026-12-01"),
        "offers/d.md": offer("D", "2026-11-19"),
    }
    slots = slots_of(tmp_path, maya(tmp_path, "phone: 1"), files)
    assert slots["wallet"] == [
        {"html": "A;C;B;", "from": None, "until": "2026-11-20"},
        {"html": "C;B;", "from": "2026-11-21", "until": "2026-11-30"},
        {"html": "C;", "from": "2026-12-01", "until": "2026-12-24"},
        {"html": "", "from": "2026-12-25", "until": None},
    ]
    assert slots["offers"][0]["html"] == "A for all members;C for all members;"  # decaf is none of her interests
    assert slots["offer-b"] == [
        {"html": "", "from": None, "until": "2026-10-31"},
        {"html": "0 to go, 1 left", "from": "2026-11-01", "until": "2026-11-30"},
    ]
    assert "offer-d" not in slots


def test_an_own_part_is_marked_for_members_and_plain_for_others() -> None:
    env = environment(DictLoader({"page": "{% call own('offer-a') %}<p>A</p>{% endcall %}"}))
    env.globals["own"] = own_function(NONCE)
    page = env.get_template("page")
    assert page.render(edition=Readers("members", False)) == f"<!--own:offer-a-{NONCE}--><p>A</p><!--/own-->"
    assert page.render(edition=Readers("staff", False)) == page.render(edition=Readers("public", True)) == "<p>A</p>"
    check_slots(f"<p><!--own:offer-a-{NONCE}-->A<!--/own--></p>", NONCE, "page")
    with pytest.raises(MisplacedSlot):
        check_slots("<p><!--own:offer-a-->A<!--/own--></p>", NONCE, "page")


@pytest.mark.parametrize(
    ("likes", "titles"),
    [
        ("[]", "Soon Late Later"),
        ("[decaf]", "Decaf Soon Late Later"),
        ("[filter, decaf]", "Decaf Filter Soon Late"),
        ("[espresso]", "Soon Late Later"),
    ],
)
def test_offers_of_a_members_interests_come_first_and_at_most_four(tmp_path: Path, likes: str, titles: str) -> None:
    files = {
        "offers/decaf.md": offer("Decaf", "2026-12-24", interests="[decaf]"),
        "offers/filter.md": offer("Filter", "2026-12-25", interests="[espresso, filter]").replace("espresso, ", ""),
        "offers/later.md": offer("Later", "2026-12-20"),
        "offers/late.md": offer("Late", "2026-12-10"),
        "offers/soon.md": offer("Soon", "2026-11-20"),
        "offers/above.md": offer("Above", "2026-11-20", "staff"),
        **{f"offers/over-{number}.md": offer("Over", "2026-11-19") for number in range(5)},
    }
    library, programme = library_of(tmp_path, files)
    member = maya(tmp_path / "members", f"interests: {likes}")
    suggested = view_of(member, library, programme).offers[:MOST_OFFERS]
    assert " ".join(suggestion.title for suggestion in suggested) == titles
    assert [suggestion.why for suggestion in suggested if suggestion.interests] == [
        f"because you like {label}" for label in ("decaf", "filter coffee") if label.split()[0] in likes
    ]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<!--/slot--><b>",
    "</title><svg/onload=alert(1)>",
    "&lt;script&gt;",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name_in_the_themes_own_slots(tmp_path: Path, name: str) -> None:
    library, programme = library_of(tmp_path, {"offers/a.md": offer("A", "2026-11-30")})
    plain = maya(tmp_path / "members", "key customer: yes, account manager: ines, birthday: 11-20, email: m@a.example")
    member = plain.model_copy(update={"given_name": name, "family_name": name, "formal_name": name, "email": name})
    env = environment(FileSystemLoader(PROJECT / "theme" / "templates"))
    contact = {"hotline": "1", "hours": "1", "email": "a@b.example", "address": []}
    base = {"site": {"name": "S", "programme": "P", "contact": contact}, "root": "/", "change_form": "", "causes": ()}
    views = [view_of(who, library, programme) for who in (member, plain)]
    hostile, harmless = (SlotRenderer(env, programme, base, ON).slots(view) for view in views)
    assert tags(hostile) == tags(harmless)
    assert "49" not in str(hostile["greeting"])


def test_members_with_the_same_offer_share_its_card_but_not_their_codes(tmp_path: Path) -> None:
    files = {
        "offers/a.md": text("A", "members", f"{OFFER}Interests: [filter]\nCoupon: true"),
        "offers/b.md": text("B", "members", f"{OFFER}Coupon: true").replace("2026-11-30", "2026-12-05"),
    }
    library, programme = library_of(tmp_path, files)
    people = [maya(tmp_path / "members", likes) for likes in ("phone: 1", "interests: [filter]", "phone: 1")]
    people = [member.model_copy(update={"id": f"M-{number}"}) for number, member in enumerate(people)]
    standings = take_standings(programme, people, None, ON)
    editions = {people[0].edition: make_edition(people[0].edition, library, programme, ON)}
    items = library.items.values()
    views = MemberViewBuilder(standings, items, editions, lambda slug, member: (f"{slug}-{member}",))
    env = environment(FileSystemLoader(PROJECT / "theme" / "templates"))
    contact = {"hotline": "1", "hours": "1", "email": "a@b.example", "address": []}
    base = {"site": {"name": "S", "programme": "P", "contact": contact}, "root": "/", "change_form": "", "causes": ()}
    shared = SlotRenderer(env, programme, base, ON)
    for member in people * 2:
        own = shared.slots(views.build(member))
        assert own == SlotRenderer(env, programme, base, ON).slots(views.build(member))
        found = re.sub(r"<[^>]*>", "", str(own["offers"]))
        assert [each.id for each in people if f"b-{each.id}" in found] == [member.id]


def tags(slots: Slots) -> list[str]:
    """List every tag and comment a browser would see, with the names of its attributes."""
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(" ".join([tag, *(name for name, _ in attrs)]))

        def handle_comment(self, data: str) -> None:
            seen.append(f"<!--{data}-->")

    for fragments in slots.values():
        for fragment in fragments:
            Reader().feed(str(fragment["html"]))
    return seen
