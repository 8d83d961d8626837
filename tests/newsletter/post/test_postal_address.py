"""Addresses in the form of their country, and addresses that don't fit the window."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.member.member import Member, check_members
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.newsletter.fetcher import BuildFetcher, render_html
from members_portal.newsletter.post.address_window import DIN_5008_B, US_10, Window
from members_portal.newsletter.post.postal_address import AddressMisfit, AddressSetter, FontRuler, postal_address
from members_portal.source.folder import Folder

MEMBERS = Path(__file__).parents[3] / "members"


def lines_of(person: Member, house_country: str, language: str) -> tuple[str, ...]:
    """Return all lines of a member's address, without the window's limits."""
    return tuple(line.text for line in postal_address(person, house_country, language))


def member(country: str = "DE", city: str = "Lübeck", postcode: str | None = "23552", **more: Any) -> Member:
    """Return an invented member at an address."""
    lines = more.pop("lines", ["An der Traveschleuse 17"])
    address = {"lines": lines, "postcode": postcode, "city": city, "country": country}
    known = {"id": "M-1", "given_name": "Ada", "family_name": "Brandt", "formal_name": "Frau Brandt"}
    return Member.model_validate({**known, "joined": "2020-01-01", "address": address, **more})


def in_characters(text: str) -> float:
    """Measure a text: 1.5 mm per character, so a line of the German window holds 50."""
    return 1.5 * len(text)


def fitted(who: Member, window: Window = DIN_5008_B, home: str = "IE") -> tuple[str, ...]:
    """Set a member's address into a window."""
    return AddressSetter(window, in_characters, home, "en-IE").lines(who)


# The order and the form of the country

PLACES = [
    ("DE", "Lübeck", "23552", ["23552 Lübeck", "GERMANY"]),
    ("AT", "Attersee am Attersee", "4864", ["4864 Attersee am Attersee", "AUSTRIA"]),
    ("CH", "Bern", "3030", ["3030 Bern", "SWITZERLAND"]),
    ("DK", "København Ø", "2100", ["2100 København Ø", "DENMARK"]),
    ("PL", "Gdańsk", "80-828", ["80-828 Gdańsk", "POLAND"]),
    ("FR", "Nantes", "44000", ["44000 NANTES", "FRANCE"]),
    ("IT", "Trieste TS", "34121", ["34121 TRIESTE TS", "ITALY"]),
    ("NO", "Tromsø", "9008", ["9008 TROMSØ", "NORWAY"]),
    ("SE", "Malmö", "211 47", ["211 47 MALMÖ", "SWEDEN"]),
    ("PT", "Porto", "4050-999", ["4050-999 PORTO", "PORTUGAL"]),
    ("NL", "Rotterdam", "3016 XZ", ["3016 XZ  ROTTERDAM", "NETHERLANDS"]),
    ("GB", "Bristol", "BS99 0ZZ", ["BRISTOL", "BS99 0ZZ", "UNITED KINGDOM"]),
    ("US", "Portland OR", "97201", ["PORTLAND OR 97201", "UNITED STATES"]),
    ("CA", "Ottawa ON", "K1A 0B1", ["OTTAWA ON  K1A 0B1", "CANADA"]),
    ("AU", "Sydney NSW", "2000", ["SYDNEY NSW 2000", "AUSTRALIA"]),
    ("NZ", "Wellington", "6011", ["Wellington 6011", "NEW ZEALAND"]),
    ("LV", "Rīga", "LV-1010", ["Rīga, LV-1010", "LATVIA"]),
    ("UA", "Львів", "79000", ["Львів", "79000", "UKRAINE"]),
    ("BT", "Thimphu", "11001", ["11001 Thimphu", "BHUTAN"]),  # not in the table: the postcode first
]


@pytest.mark.parametrize(("country", "city", "postcode", "last"), PLACES, ids=[place[0] for place in PLACES])
def test_the_last_lines_are_those_of_the_country(country: str, city: str, postcode: str, last: list[str]) -> None:
    lines = lines_of(member(country, city, postcode, lines=["Kai 3"]), "IE", "en-IE")
    assert lines == ("Ada Brandt", "Kai 3", *last)


def test_hungary_goes_from_the_place_to_the_door() -> None:
    lines = lines_of(member("HU", "Budapest", "1016", lines=["Kötélverő köz 3."]), "IE", "en-IE")
    assert lines == ("Ada Brandt", "Budapest", "Kötélverő köz 3.", "1016", "HUNGARY")


def test_at_home_the_country_is_not_written() -> None:
    lines = lines_of(member("IE", "Cork", "T99 X4A1", lines=["4 Sailmakers Row"]), "IE", "en-IE")
    assert lines == ("Ada Brandt", "4 Sailmakers Row", "CORK", "T99 X4A1")


@pytest.mark.parametrize(
    ("language", "name"),
    [("en-IE", "GERMANY"), ("de", "DEUTSCHLAND"), ("fr-CH", "ALLEMAGNE"), ("pt-BR", "ALEMANHA"), ("zh-Hans", "德国")],
)
def test_the_country_is_written_in_the_senders_language(language: str, name: str) -> None:
    assert lines_of(member(), "XX", language)[-1] == name


def test_a_turkish_sender_writes_dotted_capitals() -> None:
    assert lines_of(member("IT", "Trieste", "34121"), "TR", "tr")[-1] == "İTALYA"


@pytest.mark.parametrize(("country", "city", "postcode", "last"), PLACES, ids=[place[0] for place in PLACES])
@pytest.mark.parametrize("none", [None, "", " "])
def test_without_postcode_nothing_stands_in_its_place(
    country: str, city: str, postcode: str, last: list[str], none: str | None
) -> None:
    lines = lines_of(member(country, city, none), "XX", "en")
    assert len(lines) == 4
    assert lines[2] == city or lines[2] == city.upper()


def test_a_single_name_stands_alone() -> None:
    assert lines_of(member(given_name="Suharti", family_name=""), "DE", "en")[0] == "Suharti"


def test_white_space_is_tidied() -> None:
    lines = lines_of(member("NL", " Den   Haag", " 2511  AB ", lines=["Kade\t 3"]), "NL", "nl")
    assert lines == ("Ada Brandt", "Kade 3", "2511 AB  DEN HAAG")


def test_a_country_that_does_not_exist_names_the_member() -> None:
    with pytest.raises(AddressMisfit, match=r"^member M-1: there is no country `QX`$"):
        lines_of(member("QX"), "IE", "en-IE")


def test_a_member_without_address_has_no_lines() -> None:
    assert lines_of(member().model_copy(update={"address": None}), "IE", "en") == ()


# Into the window


def test_what_fits_is_left_alone() -> None:
    who = member(lines=["Kontor Übelhör", "An der Traveschleuse 17"])
    assert fitted(who) == lines_of(who, "IE", "en-IE")


def test_six_lines_fit_the_german_window() -> None:
    assert len(fitted(member(lines=["Kontor", "Hof", "Kai 3"]))) == 6


def test_a_postcode_moves_up_before_lines_are_joined() -> None:
    who = member("GB", "Bristol", "BS99 0ZZ", lines=["Flat 0", "The Yard", "10 Binary Road"])
    assert fitted(who) == (
        "Ada Brandt",
        "Flat 0",
        "The Yard",
        "10 Binary Road",
        "BRISTOL  BS99 0ZZ",
        "UNITED KINGDOM",
    )


def test_lines_are_joined_with_a_comma_where_they_are_too_many() -> None:
    who = member(lines=["Kontor Übelhör", "Seitenflügel", "3. Stock", "An der Traveschleuse 17"])
    assert fitted(who)[1:4] == ("Kontor Übelhör, Seitenflügel", "3. Stock", "An der Traveschleuse 17")


def test_the_american_window_holds_five() -> None:
    who = member(lines=["Kontor Übelhör", "Seitenflügel", "An der Traveschleuse 17"])
    assert fitted(who, US_10)[1:3] == ("Kontor Übelhör, Seitenflügel", "An der Traveschleuse 17")


def test_a_long_name_is_broken_at_a_space_and_keeps_its_words() -> None:
    name = "Maximiliane-Friederike Theodora Gräfin von Hohenstein-Wackern"
    given, family = name.split(" Gräfin ")
    who = member(given_name=given, family_name=f"Gräfin {family}")
    lines = fitted(who)
    assert lines[:2] == ("Maximiliane-Friederike Theodora Gräfin von", "Hohenstein-Wackern")


def test_a_space_is_a_better_place_to_break_than_a_hyphen() -> None:
    who = member(given_name="Maximiliane Theodora Gräfin", family_name="von Hohenstein-Wackernagel")
    assert fitted(who)[:2] == ("Maximiliane Theodora Gräfin von", "Hohenstein-Wackernagel")


def test_a_name_may_be_broken_after_a_hyphen() -> None:
    who = member(given_name="A", family_name="Kleinschwarzenbergmühlenhausenunterobertal-Fröhlich-Schmidt")
    assert fitted(who)[:2] == ("A Kleinschwarzenbergmühlenhausenunterobertal-", "Fröhlich-Schmidt")


def test_a_long_line_of_the_address_is_broken_too() -> None:
    who = member(lines=["Gut Kleinschwarzenberg, bei der unteren Mühle am alten Wehr"])
    assert fitted(who)[1:3] == ("Gut Kleinschwarzenberg, bei der unteren Mühle am", "alten Wehr")


NINE = ["Department of Weights and Measures", "Inspectorate of the Smallest of All Hoppers", "Room 4.117, Third Stair"]
NINE += ["The Old Customs House, East Wing", "17–23 Upper Tarhouse Steps, the Door on the Left", "Inverskea Harbour"]


def test_nine_lines_are_an_error_that_names_the_member_and_no_word_of_the_address() -> None:
    who = member(id="M-1009", lines=NINE)
    assert len(lines_of(who, "IE", "en-IE")) == 9
    with pytest.raises(AddressMisfit) as caught:
        fitted(who)
    assert str(caught.value) == "member M-1009: the address has 9 lines, the window DIN 5008 B holds 6"
    assert caught.value.member == "M-1009"


def test_a_word_too_long_for_the_window_is_an_error() -> None:
    who = member(family_name="K" * 60)
    with pytest.raises(AddressMisfit, match=r"line 1 of the address is 9\d mm wide .* holds 75 mm"):
        fitted(who)


def test_a_name_that_is_too_wide_twice_is_broken_into_three_lines() -> None:
    given, family = (
        "Maximilian-Alexander-Konstantin",
        "Freiherr von und zu Hohenlohe-Waldenburg-Schillingsfürst-Langenburg-Weikersheim",
    )
    lines = fitted(member(given_name=given, family_name=family))
    assert len(lines) == 6
    assert "".join(lines[:3]).replace(" ", "") == f"{given}{family}".replace(" ", "")


@pytest.mark.parametrize(
    ("change", "which"),
    [
        ({"family_name": f"von {'K' * 60}"}, "word 3 of line 1 of the address is .* line 1 is the name;"),
        (
            {"lines": ["c/o Brandt", f"Kade {'K' * 60} 3"]},
            "word 2 of line 3 of the address is .* line 3 is one of `lines`;",
        ),
        ({"city": "K" * 60}, "^member M-1: line 3 of the address is .* line 3 is the place;"),
    ],
    ids=["name", "street", "place"],
)
def test_the_word_that_is_too_long_is_named_without_its_letters(change: dict[str, Any], which: str) -> None:
    with pytest.raises(AddressMisfit, match=which) as caught:
        fitted(member(**change))
    assert "K" not in str(caught.value).replace("DIN 5008 B", "")


def test_a_place_is_never_broken() -> None:
    with pytest.raises(AddressMisfit, match=r"line 3 of the address"):
        fitted(member(city="Sankt " * 10))


words = st.text(st.sampled_from("abcdeé ,-"), min_size=1, max_size=70).filter(lambda text: text.strip(" ,-"))


@given(st.lists(words, min_size=1, max_size=7), words, st.sampled_from(["DE", "GB", "NL", "HU", "LV", "BT"]))
def test_nothing_is_ever_lost_or_too_wide(lines: list[str], name: str, country: str) -> None:
    who = member(country, "Aa", "12", lines=lines, family_name=name)
    try:
        shown = fitted(who)
    except AddressMisfit:
        return
    assert len(shown) <= DIN_5008_B.lines
    assert max(map(in_characters, shown)) <= DIN_5008_B.recipient.width
    whole = "".join(lines_of(who, "IE", "en-IE"))
    assert _letters("".join(shown)) == _letters(whole)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


# With a real font


SANS = Path(str(import_module("font_source_sans_pro").__file__)).parent / "files" / "SourceSansPro-Regular.ttf"


@pytest.fixture(scope="module")
def ruler() -> FontRuler:
    """Measure as the theme's text face does in 10 points."""
    return FontRuler(SANS, 10)


def test_a_ruler_measures_what_the_font_says(ruler: FontRuler) -> None:
    assert ruler("") == 0
    assert ruler("n" * 10) == pytest.approx(10 * ruler("n"))
    assert 1.5 < ruler("n") < 2.2
    assert ruler("AVAVAV") < 3 * (ruler("A") + ruler("V"))  # kerned


def test_a_ruler_agrees_with_the_layout(ruler: FontRuler) -> None:
    texts = ["Adelheid von Hagenbeck-Übelhör", "T99 X4A1", "AVATAR To. Ty, fi ffl", "Đặng Thị Phượng", "Ганна", "A"]
    style = "@font-face { font-family: f; src: url(font:f) } p { font: 10pt f; white-space: pre }"
    rows = "".join(f"<p>{text}</p>" for text in texts)
    html = f'<html lang="en"><title>t</title><style>{style}</style>{rows}'
    page = render_html(html, BuildFetcher(MEMBERS, frozenset(), {"f": SANS}, MEMBERS)).pages[0]
    boxes = [box for box in page._page_box.descendants() if type(box).__name__ == "TextBox"]
    widths = {box.text: box.width / 96 * 25.4 for box in boxes}
    assert widths == {text: pytest.approx(ruler(text), abs=0.05) for text in texts}


@pytest.mark.parametrize(
    ("text", "squares"),
    [("欧阳若溪", 4), ("さくら", 3), ("نور", 2.25), ("שירה", 3), ("مُحَمَّد", 3), ("अ\u200dब", 2)],
    ids=["Chinese", "Japanese", "Arabic", "Hebrew", "vowel marks", "joiner"],
)
def test_letters_the_font_lacks_count_as_wide_as_they_may_be(ruler: FontRuler, text: str, squares: float) -> None:
    assert ruler(text) == pytest.approx(squares * 10 * 25.4 / 72)


@pytest.mark.parametrize("name", ["﷽" * 10, "⸻" * 10])
def test_characters_as_wide_as_words_count_with_their_width(ruler: FontRuler, name: str) -> None:
    setter = AddressSetter(DIN_5008_B, ruler, "IE", "en-IE")
    with pytest.raises(AddressMisfit, match=r"line 1 of the address is .* mm wide and can't be broken"):
        setter.lines(member(given_name="Ann", family_name=name))


def test_all_sample_members_fit_but_for_the_one_whose_name_does_not(ruler: FontRuler) -> None:
    problems: list[Problem] = []
    entries = Folder(MEMBERS).members(problems, {})
    everybody = check_members(entries, load_programme(MEMBERS), problems)
    misfits = set()
    for who in everybody:
        try:
            lines = AddressSetter(DIN_5008_B, ruler, "IE", "en-IE").lines(who)
            assert len(lines) <= 6
        except AddressMisfit as misfit:
            misfits.add(misfit.member)
    assert misfits == {"M-1012"}
