"""Contents of newsletters on paper: issues by edition."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import pelicanconf
from members_portal.newsletter.issue import Issue, Picture
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.portal.rendering.edition import make_edition
from members_portal.publish.context import make_context
from members_portal.publish.gate.entitlement import expected_files, expected_own_files
from members_portal.publish.issue.mailing import MailingBuilder
from members_portal.publish.issue.print_contents import find_newsletter, house_of, issue_of, readers_of
from members_portal.seal import Secret
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.portal.small_portal import OFFER, PROJECT, SITE_SETTINGS, text, write

TODAY = date(2026, 11, 21)
SECRET = Secret(bytes(range(32)))
SITE = "https://lantern.example/club/"
LETTER = """\
Dear all,

![A cup](../images/a%20cup.svg) and ![its plan](../images/plan.svg#top), see [the harvest](../reports/harvest.md#rain),
[prices](../reports/prices.md), [a map](../images/map.pdf), [all offers](/offers/), [elsewhere](https://x.example/?a=1&b=2).
"""
NOTES = "A cup[^1] at dawn.\n\n[^1]: Or two."
FILES = {
    "newsletters/winter.md": text("Winter", "[silver, gold]", "Number: 4\nLetters: key-customers", LETTER),
    "newsletters/draft.md": text("Draft", "members", "Number: 5\nStatus: draft"),
    "reports/harvest.md": text("Harvest", "members", body=NOTES),
    "reports/weather.md": text("Weather", "members", "Image: images/sky.svg\nImage alt: The sky", NOTES),
    "reports/clouds.md": text("Clouds", "members", body="![Clouds](../images/clouds.svg)", publish="2026-10-01"),
    "reports/prices.md": text("Prices", "silver+", "Expires: 2026-11-25", publish="2026-11-10"),
    "offers/kilo.md": text("The kilo", "members", f"{OFFER}Coupon: true\nImage: images/sky.svg\nImage alt: The sky"),
    **{f"images/{name}.svg": "<svg/>" for name in ("a cup", "plan", "sky", "clouds", "ines")},
    "images/map.pdf": "%PDF-",
}
PHOTO = PROGRAMME.replace("ines@lantern.example}", "ines@lantern.example, photo: images/ines.svg}")
KEY = "key customer: yes, account manager: ines"
MEMBERS = (
    f"{MAYA[:-1]}, {KEY}}}",
    "{id: M-2, given name: Rui, formal name: Mr Costa, joined: 2026-01-01, tier: silver}",
    f"{{id: M-3, given name: Ann, formal name: Ms Lee, joined: 2026-11-02, tier: gold, {KEY}}}",
    f"{{id: M-4, given name: Ola, formal name: Mr Dahl, joined: 2020-01-01, left: 2026-11-01, tier: gold, {KEY}}}",
    f"{{id: M-5, given name: شيرين, formal name: Dr Haddad, joined: 2020-01-01, tier: member, {KEY}}}",
)

Edit = Callable[[str], str]


def small(folder: Path, edit: Edit = str, on: date = TODAY) -> Inputs:
    """Return the inputs of a small portal with an edited newsletter."""
    changed = {"newsletters/winter.md": edit(FILES["newsletters/winter.md"])}
    write(folder / "content", FILES | changed)
    people = "".join(f"- {member}\n" for member in MEMBERS)
    write(folder / "members", {"programme.yaml": PHOTO, "members.yaml": people})
    return load_inputs(folder / "content", folder / "members", on, SITE_SETTINGS, links=False)


def winter(inputs: Inputs, reader: str = "gold") -> Issue:
    """Return the small portal's issue."""
    return issue_of(inputs.library.items["newsletters/winter.md"], reader, inputs)


def builder_of(inputs: Inputs) -> MailingBuilder:
    """Return a builder with the theme's fonts."""
    context = make_context({}, root=PROJECT, on=TODAY, today=TODAY, now=1)
    site = replace(inputs.site, fonts=pelicanconf.PORTAL_FONTS)
    return MailingBuilder.of(context, replace(inputs, site=site), SECRET)


def issues_today(inputs: Inputs) -> list[Issue]:
    """Return all issues that are visible today, by edition."""
    builder = builder_of(inputs)
    return [mailing.issues[name] for mailing in builder.published() for name in builder.readers(mailing.newsletter)]


def test_the_house_is_what_the_settings_say(tmp_path: Path) -> None:
    inputs = small(tmp_path)
    found = house_of(inputs)
    assert (found.name, found.programme, found.points) == (inputs.site.name, "Lantern Club", "points")
    assert (found.site, found.address[0]) == (SITE, "The Ropewalk")


def test_an_issue_is_made_for_each_edition_that_sees_it_today_and_never_for_the_public(tmp_path: Path) -> None:
    def readers(edit: Edit, on: date = TODAY) -> list[tuple[str, str]]:
        return [(issue.slug, issue.edition) for issue in issues_today(small(tmp_path, edit, on))]

    assert readers(str) == [("winter", "silver"), ("winter", "gold"), ("winter", "staff")]
    assert readers(lambda old: old.replace("Number", "Embargo: {silver: 2026-12-01}\nNumber")) == [
        ("winter", "gold"),
        ("winter", "staff"),
    ]
    assert readers(lambda old: old.replace("[silver, gold]", "public"))[0] == ("winter", "member")
    assert readers(str, date(2026, 10, 31)) == []


def test_an_issue_of_a_coming_day_can_be_printed_before_it_and_a_draft_can_not(tmp_path: Path) -> None:
    inputs = small(tmp_path, on=date(2026, 10, 31))
    found = {slug: find_newsletter(inputs, slug) for slug in ("winter", "draft", "spring")}
    assert {slug: item and readers_of(item, inputs.programme) for slug, item in found.items()} == {
        "winter": ("silver", "gold", "staff"),
        "draft": (),
        "spring": None,
    }


def test_pictures_are_named_for_paper_and_links_lead_to_the_portal(tmp_path: Path) -> None:
    editorial = winter(small(tmp_path)).editorial
    assert re.findall(r"<img[^>]*>", editorial) == [
        '<img alt="A cup" src="content:images/a%20cup.svg">',
        '<img alt="its plan" src="content:images/plan.svg">',
    ]
    assert re.findall(r'href="([^"]*)"', editorial) == [
        f"{SITE}reports/harvest/#rain",
        f"{SITE}images/map.pdf",
        f"{SITE}offers/",
        "https://x.example/?a=1&amp;b=2",
    ]


def test_a_link_to_what_the_edition_had_not_on_that_day_is_left_as_words(tmp_path: Path) -> None:
    inputs = small(tmp_path)
    assert "reports/prices.md" in make_edition("gold", inputs.library, inputs.programme, TODAY).items
    assert "/reports/prices/" not in winter(inputs).editorial
    assert "\nprices, " in winter(inputs).editorial
    later = small(tmp_path, lambda old: old.replace("Publish: 2026-11-01", "Publish: 2026-11-10"))
    assert f'<a href="{SITE}reports/prices/">prices</a>' in winter(later).editorial


def test_whole_articles_bring_their_text_and_the_others_a_summary(tmp_path: Path) -> None:
    sections = """Sections:
  - {title: To read, items: [reports/harvest.md, reports/weather.md, reports/clouds.md], full: [reports/harvest.md]}
Number"""
    issue = winter(small(tmp_path, lambda old: old.replace("Number", sections)))
    (section,) = issue.sections
    assert [(each.title, each.full, bool(each.html), each.summary) for each in section.articles] == [
        ("Harvest", True, True, "About Harvest."),
        ("Weather", False, False, "About Weather."),
        ("Clouds", False, False, "About Clouds."),
    ]
    assert section.articles[1].picture == Picture("content:images/sky.svg", "The sky")
    assert issue.files == {"images/a cup.svg", "images/plan.svg", "images/sky.svg"}


def test_a_derived_summary_is_in_mail_and_is_not_printed_before_the_same_text(tmp_path: Path) -> None:
    inputs = small(tmp_path)
    harvest = FILES["reports/harvest.md"].replace('Summary: "About Harvest."\n', "")
    letter = FILES["newsletters/winter.md"].replace('Summary: "About Winter."\n', "Sections: [reports]\n")
    write(tmp_path / "content", {"reports/harvest.md": harvest, "newsletters/winter.md": letter})
    inputs = load_inputs(tmp_path / "content", tmp_path / "members", TODAY, SITE_SETTINGS, links=False)
    found = []
    for as_summaries in (False, True):
        newsletter = inputs.library.items["newsletters/winter.md"]
        issue = issue_of(newsletter, "gold", inputs, as_summaries=as_summaries)
        (article,) = (each for each in issue.sections[0].articles if each.title == "Harvest")
        found.append((article.full, article.summary, bool(article.html)))
    assert found == [(True, "", True), (False, "A cup at dawn.", False)]
    assert issue.has_derived_summary
    assert "Dear all" not in issue.summary


def test_two_articles_may_use_the_same_names_within(tmp_path: Path) -> None:
    issue = winter(small(tmp_path))
    html = "".join(article.html for section in issue.sections for article in section.articles)
    names = re.findall(r' id="([^"]*)"', html)
    assert len(names) == len(set(names)) == 4
    assert set(re.findall(r'href="#([^"]*)"', html)) == set(names)


@pytest.fixture(scope="module")
def sample() -> Inputs:
    """Return the inputs of the sample."""
    return load_inputs(PROJECT / "content", PROJECT / "members", TODAY, SITE_SETTINGS)


def test_no_issue_of_the_sample_shows_a_file_that_its_edition_has_not_on_its_day(sample: Inputs) -> None:
    made = issues_today(sample)
    assert len(made) == 2 * len(sample.programme.readers[1:])
    for issue in made:
        edition = make_edition(issue.edition, sample.library, sample.programme, issue.on)
        assert issue.files <= edition.files, (issue.slug, issue.edition)
        html = issue.editorial + "".join(each.html for section in issue.sections for each in section.articles)
        assert set(re.findall(r'content:([^"]*)', html)) <= issue.files
        assert not re.search(r'(?:src|href)="(?!content:|https:|mailto:|#)| loading=| decoding=', html)


def test_no_issue_of_the_sample_brings_an_item_that_the_gate_keeps_from_its_readers(
    sample: Inputs,
) -> None:
    urls = {item.url: item for item in sample.library.items.values()}
    for issue in issues_today(sample):
        listed = [article for section in issue.sections for article in section.articles]
        found = {article.url.removeprefix(SITE) for article in (*listed, *issue.promises, *issue.events)}
        linked = re.findall(rf'href="{SITE}([^"#]*)', issue.editorial + "".join(each.html for each in listed))
        for url in found | {url for url in linked if url in urls}:
            assert urls[url].visible_to(issue.edition, issue.on), (issue.edition, url)


def test_an_edition_is_owed_the_pdfs_of_its_own_issues_and_a_member_their_own_letters(tmp_path: Path) -> None:
    inputs = small(tmp_path, lambda old: old.replace("[silver, gold]", "[public, silver]"))
    pdf = {"newsletters/winter/winter.pdf"}
    printed = {r: expected_files(inputs, r, {"winter"}) - expected_files(inputs, r) for r in inputs.programme.readers}
    assert printed == {"public": set(), "member": pdf, "silver": pdf, "gold": pdf, "staff": pdf}
    narrow = small(tmp_path)
    assert expected_files(narrow, "member", {"winter"}) == expected_files(narrow, "member")
    letters = {"winter": {"M-1", "M-3"}}
    own = {
        member.id: expected_own_files(inputs, member, letters) - expected_own_files(inputs, member)
        for member in inputs.members
    }
    assert {member for member, files in own.items() if files == {"letters/winter.pdf"}} == {"M-1", "M-3"}
    assert not own["M-2"]
