"""The site's settings: valid ones are typed, invalid ones are problems with file, line and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.site_settings import AnswerSettings, Contact, SiteSettings, read_site_settings
from tests.portal.small_portal import MARKDOWN, PROJECT, SITE_SETTINGS, render, settings_of, text

CONF = """\
SITENAME = "The Lantern Club"
DEFAULT_LANG = "en-IE"
PORTAL_SITE = {
    "company": "Lantern Coffee",
    "tagline": "Coffee by lamplight",
    "contact": {
        "hotline": "+353 20 915 0147",
        "hours": "8 to 18",
        "email": "club@lantern.example",
        "address": ["The Ropewalk", "Inverskea"],
    },
}
PORTAL_FONTS = {"serif": ("font-source-serif-pro", "SourceSerifPro-Regular.ttf")}
"""
PELICANS = {"SITEURL": "", "TIMEZONE": "Europe/Dublin", "MARKDOWN": MARKDOWN, "THEME": "theme"}


def run(source: str) -> dict[str, Any]:
    """Execute a settings file as Pelican does: the names in capitals are the settings."""
    names: dict[str, Any] = {}
    exec(source, names)
    return PELICANS | {name: value for name, value in names.items() if name.isupper()}


def read(folder: Path, source: str = CONF) -> SiteSettings:
    """Write a settings file and read it."""
    file = folder / "pelicanconf.py"
    file.write_text(source, "utf-8")
    return read_site_settings(run(source), file)


def wrong(folder: Path, *edits: tuple[str, str]) -> list[str]:
    """Read the settings with edits; return the problems."""
    source = CONF
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    with pytest.raises(InvalidInput) as caught:
        read(folder, source)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_right_settings_are_typed(tmp_path: Path) -> None:
    more = 'PORTAL_TODAY = "2026-11-28"\nPORTAL_PRINT = {"country": "IE"}\n'
    assert read(tmp_path, CONF + more + 'PORTAL_MAIL = {"from": "club@lantern.example"}\n') == SiteSettings(
        name="The Lantern Club",
        url="",
        language="en-IE",
        timezone=ZoneInfo("Europe/Dublin"),
        company="Lantern Coffee",
        tagline="Coffee by lamplight",
        contact=Contact("+353 20 915 0147", "8 to 18", "club@lantern.example", ("The Ropewalk", "Inverskea")),
        markdown=MARKDOWN,
        theme=Path("theme"),
        fonts={"serif": ("font-source-serif-pro", "SourceSerifPro-Regular.ttf")},
        printing={"country": "IE"},
        mail={"from": "club@lantern.example"},
        answers=AnswerSettings(email="club@lantern.example"),
        today=date(2026, 11, 28),
    )


def test_the_printed_texts_of_the_settings_are_listed() -> None:
    assert SITE_SETTINGS.texts == (
        *("The Lantern Club", "https://lantern.example/club", "Lantern Coffee", "Coffee by lamplight"),
        *("+353 20 915 0147", "8 to 18", "club@lantern.example", "The Ropewalk", "Inverskea"),
    )


def test_print_mail_and_today_may_be_left_out(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.printing, found.mail, found.today) == ({}, {}, None)


def test_the_projects_own_settings_are_right() -> None:
    found = read_site_settings(settings_of(PROJECT), PROJECT / "pelicanconf.py")
    assert (found.language, found.contact.address[-1]) == ("en-ie", "Ireland")  # Pelican writes tags in lower case


@pytest.mark.parametrize(
    ("url", "address", "root"),
    [
        ("", "/", "/"),
        ("https://club.example", "https://club.example/", "/"),
        ("https://club.example/a/", "https://club.example/a/", "/a/"),
    ],
)
def test_an_address_ends_with_one_slash(url: str, address: str, root: str) -> None:
    site = SiteSettings(**{**vars(SITE_SETTINGS), "url": url})
    assert (site.address, site.root) == (address, root)


OWN = (
    "PORTAL_MEMBERS, PORTAL_SITE, PORTAL_FONTS, PORTAL_PRINT, PORTAL_MAIL, PORTAL_TRIPWIRE, PORTAL_PASSES,"
    " PORTAL_ANSWERS, PORTAL_TODAY, PORTAL_PUBLIC_KEY, PORTAL_CACHE"
)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("PORTAL_SECRET = 'x'", f"unknown setting `PORTAL_SECRET`, expected {OWN}"),
        ("PORTAL_PRINTS = {}", f"unknown setting `PORTAL_PRINTS`, expected {OWN} (did you mean `PORTAL_PRINT`?)"),
        ("PORTAL_TODY = ''", f"unknown setting `PORTAL_TODY`, expected {OWN} (did you mean `PORTAL_TODAY`?)"),
        ("SITEURL = 5", "`SITEURL`: `5` doesn't fit, expected URL"),
        ("SITEURL = 'https://[club'", "`SITEURL`: `https://[club` doesn't fit, expected URL"),
        ("SITEURL = None", "`SITEURL` is empty, expected URL"),
        ("TIMEZONE = '/etc'", "`TIMEZONE`: `/etc` doesn't fit, expected ZONE"),
        (
            "TIMEZONE = 'Europe/Dublim'",
            "`TIMEZONE`: `Europe/Dublim` doesn't fit, expected ZONE (did you mean `Europe/Dublin`?)",
        ),
        ("MARKDOWN = 3", "`MARKDOWN`: `3` doesn't fit, expected a dict of the arguments of markdown.Markdown"),
        ("THEME = []", "`THEME`: `[]` doesn't fit, expected text"),
        ("PORTAL_PRINT = 'A4'", "`PORTAL_PRINT`: `A4` doesn't fit, expected a dict of the keys of printing"),
        ("PORTAL_MAIL = {1: 2}", "`PORTAL_MAIL`: `{1: 2}` doesn't fit, expected a dict of `from` and `unsubscribe`"),
        ("PORTAL_TODAY = '2026-02-30'", "`PORTAL_TODAY`: `2026-02-30` doesn't fit, expected DAY"),
        ("PORTAL_TODAY = '20260228'", "`PORTAL_TODAY`: `20260228` doesn't fit, expected DAY"),
        ("PORTAL_PUBLIC_KEY = 'd75a98'", "`PORTAL_PUBLIC_KEY`: `d75a98` doesn't fit, expected 64 hexadecimal digits"),
        ("PORTAL_PUBLIC_KEY = b'x'", "`PORTAL_PUBLIC_KEY`: `b'x'` doesn't fit, expected 64 hexadecimal digits"),
        ("PORTAL_TODAY = 20260228", "`PORTAL_TODAY`: `20260228` doesn't fit, expected DAY"),
    ],
)
def test_a_wrong_line_is_a_problem(tmp_path: Path, line: str, problem: str) -> None:
    full = {
        "URL": "an address such as https://club.example, or empty text",
        "ZONE": "a time zone such as Europe/Dublin",
        "DAY": "a day that exists, as YYYY-MM-DD",
    }
    for word, expected in full.items():
        problem = problem.replace(f"expected {word}", f"expected {expected}")
    assert wrong(tmp_path, ("SITENAME =", f"{line}\nSITENAME =")) == [f"pelicanconf.py:1:1: {problem}"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("'mail': 'x'", ": unknown key `mail` (did you mean `email`?)"),
        ("'email': 'x'", ", `email`: `x` doesn't fit, expected an e-mail address"),
        ("'endpoint': 'http://a.example'", ", `endpoint`: `http://a.example` doesn't fit, expected ENDPOINT"),
        ("'endpoint': 'https://a.example/;b'", ", `endpoint`: `https://a.example/;b` doesn't fit, expected ENDPOINT"),
        ("'days_off': ['24-12']", ", `days_off`: `['24-12']` doesn't fit, expected DAYS"),
        ("'days_off': 12", ", `days_off`: `12` doesn't fit, expected DAYS"),
        ("'keep_months': 0", ", `keep_months`: `0` doesn't fit, expected a whole number of months, from 1 to 1200"),
    ],
)
def test_a_wrong_way_for_answers_is_a_problem(tmp_path: Path, given: str, problem: str) -> None:
    expected = "an address such as https://forms.example/club, without `?`, `#`, `;` and `,`"
    days = "a list of days, as YYYY-MM-DD, or MM-DD for each year"
    found = wrong(tmp_path, ("SITENAME =", f"PORTAL_ANSWERS = {{{given}}}\nSITENAME ="))
    assert found == [
        f"pelicanconf.py:1:19: `PORTAL_ANSWERS`{problem.replace('ENDPOINT', expected).replace('DAYS', days)}"
    ]


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("club.example.org", "https://club.example.org"),
        ("club.example.org:8443/a", "https://club.example.org:8443/a"),
        ("//club.example.org", "https://club.example.org"),
        ("https:club.example.org", "https://club.example.org"),
        ("ftp://club.example.org", "https://club.example.org"),
        ("https://user:word@club.example.org/", "https://club.example.org/"),
        ("https://club.example.org/?a=1", "https://club.example.org/"),
        ("https://club.example.org/?", "https://club.example.org/"),
        ("https://club.example.org#x", "https://club.example.org"),
        (" https://club.example.org", "https://club.example.org"),
        ("https://club.example.org/\n", "https://club.example.org/"),
        ("https://club.example .org", ""),
        ("https://club.exam%70le.org", ""),
        ("https://example.github.io\\x", "https://example.github.io"),
        ("https://club.exam\u00adple.org", ""),
        ("https://club..example", ""),
        ("https://[club", ""),
        ("https://club.example:port", ""),
        ("https://", ""),
        ("https:///club", ""),
        ("/club", ""),
        ("club", ""),
        (" ", ""),
    ],
)
def test_an_address_of_another_form_is_a_problem_with_a_suggestion(tmp_path: Path, address: str, meant: str) -> None:
    hint = f" (did you mean `{meant}`?)" if meant else ""
    expected, shown = "an address such as https://club.example, or empty text", address.replace("\n", " ")
    assert wrong(tmp_path, ("SITENAME =", f"SITEURL = {address!r}\nSITENAME =")) == [
        f"pelicanconf.py:1:1: `SITEURL`: `{shown}` doesn't fit, expected {expected}{hint}"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://localhost:8000",
        "http://[::1]:8000/club",
        "https://bücher.example/a/@b%20c",
        "HTTPS://club.example./",
    ],
)
def test_an_address_is_kept_as_it_is_written(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, CONF + f"SITEURL = {address!r}\n").url == address


SITE = "`PORTAL_SITE`"
CONTACT = "`PORTAL_SITE`, `contact`"
SITE_BLOCK = "expected a block with company, tagline, contact"
CONTACT_BLOCK = "expected a block with hotline, hours, email, address"
LINES = '["The Ropewalk", "Inverskea"]'
FONT = '("font-source-serif-pro", "SourceSerifPro-Regular.ttf")'
FONTS = 'a dict of "name": ("package", "file in it")'
TAG = "expected a language tag such as en-IE (BCP 47)"


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('    "company": "Lantern Coffee",\n', "", "3:1", f"{SITE}: `company` is missing, {SITE_BLOCK}"),
        ('        "hours": "8 to 18",\n', "", "6:5", f"{CONTACT}: `hours` is missing, {CONTACT_BLOCK}"),
        ('"Lantern Coffee"', "5", "4:5", f"{SITE}, `company`: `5` doesn't fit, expected text"),
        ('"Lantern Coffee"', '" "', "4:5", f"{SITE}, `company`: ` ` doesn't fit, expected text"),
        ('"Lantern Coffee"', "None", "4:5", f"{SITE}, `company` is empty, expected text"),
        ('"Coffee by lamplight"', "['x']", "5:5", f"{SITE}, `tagline`: `['x']` doesn't fit, expected text"),
        (
            '"club@lantern.example"',
            '"club"',
            "9:9",
            f"{CONTACT}, `email`: `club` doesn't fit, expected an e-mail address",
        ),
        (
            '"club@lantern.example"',
            '"a@b.example%0abcc:x"',
            "9:9",
            f"{CONTACT}, `email`: `a@b.example%0abcc:x` doesn't fit, expected an e-mail address",
        ),
        (LINES, '"Quay"', "10:9", f"{CONTACT}, `address`: `Quay` doesn't fit, expected a list of lines"),
        (LINES, "[]", "10:9", f"{CONTACT}, `address`: `[]` doesn't fit, expected a list of lines"),
        (LINES, "['']", "10:9", f"{CONTACT}, `address`: `['']` doesn't fit, expected a list of lines"),
        ('"The Lantern Club"', '""', "1:1", "`SITENAME`: `` doesn't fit, expected text"),
        ('"en-IE"', '"en_IE"', "2:1", f"`DEFAULT_LANG`: `en_IE` doesn't fit, {TAG} (did you mean `en-IE`?)"),
        ('"en-IE"', '"english"', "2:1", f"`DEFAULT_LANG`: `english` doesn't fit, {TAG}"),
        ('"en-IE"', "None", "2:1", "`DEFAULT_LANG` is empty, expected text"),
        ('{"serif": ' + FONT + "}", "5", "13:1", f"`PORTAL_FONTS`: `5` doesn't fit, expected {FONTS}"),
        (
            FONT,
            "('x',)",
            "13:17",
            '`PORTAL_FONTS`, `serif`: `(\'x\',)` doesn\'t fit, expected ("package", "file in it")',
        ),
    ],
)
def test_a_wrong_value_is_a_problem_at_its_key(tmp_path: Path, old: str, new: str, place: str, problem: str) -> None:
    assert wrong(tmp_path, (old, new)) == [f"pelicanconf.py:{place}: {problem}"]


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        (
            '"tagline"',
            '"taglin"',
            [
                f"3:1: {SITE}: `tagline` is missing, {SITE_BLOCK}",
                f"5:5: {SITE}: unknown key `taglin`, expected company, tagline, contact (did you mean `tagline`?)",
            ],
        ),
        (
            '"hotline"',
            '"fax"',
            [
                f"6:5: {CONTACT}: `hotline` is missing, {CONTACT_BLOCK}",
                f"7:9: {CONTACT}: unknown key `fax`, expected hotline, hours, email, address",
            ],
        ),
    ],
)
def test_an_unknown_key_of_a_block_is_a_problem(tmp_path: Path, old: str, new: str, problems: list[str]) -> None:
    assert wrong(tmp_path, (old, new)) == [f"pelicanconf.py:{problem}" for problem in problems]


def test_a_missing_setting_has_no_line(tmp_path: Path) -> None:
    assert wrong(tmp_path, ("PORTAL_SITE", "SITE"), ("PORTAL_FONTS", "FONTS")) == [
        f"pelicanconf.py: `PORTAL_FONTS` is missing, expected {FONTS}",
        f"pelicanconf.py: {SITE} is missing, {SITE_BLOCK}",
    ]


def test_a_block_that_is_no_dict_is_one_problem(tmp_path: Path) -> None:
    assert wrong(tmp_path, ("PORTAL_SITE =", "PORTAL_SITE = 'Lantern'\nOTHER =")) == [
        f"pelicanconf.py:3:1: {SITE}: `Lantern` doesn't fit, {SITE_BLOCK}"
    ]


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    found = wrong(tmp_path, ('"en-IE"', '"en_IE"'), ('"8 to 18"', "8"), ("PORTAL_FONTS =", "PORTAL_FOMTS ="))
    assert [problem.partition(": ")[0] for problem in found] == [
        "pelicanconf.py",
        "pelicanconf.py:2:1",
        "pelicanconf.py:8:9",
        "pelicanconf.py:13:1",
    ]


# The plugin


def test_the_plugin_refuses_wrong_settings(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="`PORTAL_SITE`: `contact` is missing"):
        render(tmp_path, {"reports/x.md": text("X", "members")}, "", PORTAL_SITE={"company": "x", "tagline": "y"})
    assert not (tmp_path / "tree" / "public").exists()
