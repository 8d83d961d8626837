"""The site's settings: read from Pelican's settings once, checked, typed and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import Problem, check_degree
from members_portal.portal.answering.working_calendar import EVERY_WEEKDAY, WorkingCalendar
from members_portal.portal.setting_reader import SettingReader, shown_value
from members_portal.portal.shared_origin import is_shared, may_be_shared

PREFIX = "PORTAL_"
WRITTEN = (  # PORTAL_… in pelicanconf.py
    *("MEMBERS", "SITE", "FONTS", "PRINT", "MAIL", "TRIPWIRE", "PASSES", "ANSWERS"),
    *("TODAY", "PUBLIC_KEY", "CACHE"),
)
HANDED_OVER = (  # PORTAL_… that a publish adds
    *("INPUTS", "CACHE_KEY", "COUPONS", "TILL", "PDF_ISSUES", "LETTERS"),
    *("PASS_SOURCE", "ANSWER_SOURCE"),
)
META = "markdown.extensions.meta"  # Pelican's reader adds it: it would take a text's first lines such as `Note: …`
SITE_KEYS = ("company", "tagline", "contact")
SHARED = "shared_origin"  # the key of PORTAL_SITE by which the owner accepts a shared origin
ANSWER_KEYS = ("endpoint", "email", "keep_months", "days_off")
KEEP_MONTHS = 24
CONTACT_KEYS = ("hotline", "hours", "email", "address")


@dataclass(frozen=True)
class Contact:
    """How members reach the company. `address` is the postal address, one line each."""

    hotline: str
    hours: str
    email: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class AnswerSettings:
    """Where answers of forms go: an `endpoint` for POST requests, empty without one, and an e-mail address.

    Their words are kept for `keep_months`. Nobody answers on the days off of the `calendar`.
    """

    endpoint: str = ""
    email: str = ""
    keep_months: int = KEEP_MONTHS
    calendar: WorkingCalendar = EVERY_WEEKDAY


@dataclass(frozen=True)
class SiteSettings:
    """The checked settings of one site.

    `url` is SITEURL as written, `language` a BCP 47 tag. `fonts` maps a name of the theme to a package and a file in
    it. `printing`, `mail`, `tripwire` and `passes` are PORTAL_PRINT, PORTAL_MAIL, PORTAL_TRIPWIRE and PORTAL_PASSES,
    unchecked: `publish` and `newsletter` check their keys.
    `today` is the day to render for; None means the day of the clock. `shared_origin` means that the owner accepts
    other sites on the portal's origin. `warnings` are the problems that stop nothing.
    """

    name: str
    url: str
    language: str
    timezone: ZoneInfo
    company: str
    tagline: str
    contact: Contact
    markdown: Mapping[str, Any]
    theme: Path
    fonts: Mapping[str, tuple[str, str]]
    printing: Mapping[str, Any]
    mail: Mapping[str, Any]
    tripwire: Mapping[str, Any] = field(default_factory=dict)
    passes: Mapping[str, Any] = field(default_factory=dict)
    answers: AnswerSettings = AnswerSettings()
    today: date | None = None
    shared_origin: bool = False
    warnings: tuple[Problem, ...] = ()

    @property
    def address(self) -> str:
        """SITEURL with a slash at the end."""
        return self.url.rstrip("/") + "/"

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts of these settings that pages, letters and e-mails print."""
        contact = self.contact
        named = (self.name, self.url, self.company, self.tagline, contact.hotline, contact.hours, contact.email)
        return (*named, *contact.address)

    @property
    def root(self) -> str:
        """The path of SITEURL, with a slash at both ends."""
        return urlsplit(self.url).path.rstrip("/") + "/"


def read_site_settings(settings: Mapping[str, Any], file: Path, given: Mapping[str, str] | None = None) -> SiteSettings:
    """Check Pelican's settings, which were read from `file`; raise InvalidInput with all problems together.

    `given` maps a setting to the option or variable that its value comes from, such as SITEURL to `--siteurl`.
    """
    reader = SettingReader(file, given)
    reader.names(settings, PREFIX, (*WRITTEN, *HANDED_OVER), WRITTEN)
    site = reader.block(("PORTAL_SITE",), settings.get("PORTAL_SITE"), SITE_KEYS, (SHARED,))
    contact = reader.block(("PORTAL_SITE", "contact"), site.get("contact"), CONTACT_KEYS) if "contact" in site else {}
    found = SiteSettings(
        name=reader.text(("SITENAME",), settings),
        url=reader.url(("SITEURL",), settings),
        language=reader.language(("DEFAULT_LANG",), settings),
        timezone=reader.timezone(("TIMEZONE",), settings),
        company=reader.text(("PORTAL_SITE", "company"), site),
        tagline=reader.text(("PORTAL_SITE", "tagline"), site, may_be_empty=True),
        contact=Contact(
            hotline=reader.text(("PORTAL_SITE", "contact", "hotline"), contact),
            hours=reader.text(("PORTAL_SITE", "contact", "hours"), contact, may_be_empty=True),
            email=reader.email(("PORTAL_SITE", "contact", "email"), contact),
            address=reader.lines(("PORTAL_SITE", "contact", "address"), contact),
        ),
        markdown=_markdown(reader.mapping(("MARKDOWN",), settings, "the arguments of markdown.Markdown")),
        theme=Path(reader.text(("THEME",), settings)),
        fonts=reader.fonts(("PORTAL_FONTS",), settings),
        printing=reader.mapping(("PORTAL_PRINT",), settings, "the keys of printing"),
        mail=reader.mapping(("PORTAL_MAIL",), settings, "`from` and `unsubscribe`"),
        tripwire=reader.mapping(("PORTAL_TRIPWIRE",), settings, "the keys of the tripwire"),
        passes=reader.mapping(("PORTAL_PASSES",), settings, "the keys of passes"),
        answers=_answers(reader, settings, contact.get("email", "")),
        today=reader.day(("PORTAL_TODAY",), settings),
        shared_origin=reader.flag(("PORTAL_SITE", SHARED), site),
    )
    reader.public_key(("PORTAL_PUBLIC_KEY",), settings)  # commands with a secret read it: site_secret.py
    _check_origin(reader, found)
    return replace(found, warnings=check_degree(reader.problems))


def _answers(reader: SettingReader, settings: Mapping[str, Any], contact: Any) -> AnswerSettings:
    """Return PORTAL_ANSWERS; the address is that of the contact if it names none."""
    name = "PORTAL_ANSWERS"
    given = reader.block((name,), settings.get(name) or {}, (), ANSWER_KEYS)
    months = given.get("keep_months", KEEP_MONTHS)
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 1200:
        reader.wrong((name, "keep_months"), months, "a whole number of months, from 1 to 1200")
    return AnswerSettings(
        endpoint=reader.endpoint((name, "endpoint"), given),
        email=reader.email((name, "email"), given) if "email" in given else contact,
        keep_months=months if isinstance(months, int) else KEEP_MONTHS,
        calendar=WorkingCalendar(reader.days_off((name, "days_off"), given)),
    )


def _markdown(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of markdown as Pelican reads them, but without META, and no part of the given ones.

    Pelican's reader changes the given ones, which the next reading of the settings in this process may get again.
    """
    extensions = settings.get("extensions", ())
    named = dict.fromkeys([*extensions, *settings.get("extension_configs", ())])
    return {**settings, "extensions": [each for each in named if each != META]}


def _check_origin(reader: SettingReader, site: SiteSettings) -> None:
    """Refuse an address on a known shared origin, and warn of a possible one, unless the owner accepts it."""
    if site.shared_origin or not may_be_shared(site.url):
        return
    is_known, address = is_shared(site.url), shown_value(site.url)
    share, attack = ("share", "can attack") if is_known else ("may share", "attack")
    what = f"`SITEURL`: other sites {share} the origin of {address} and {attack} the portal"
    expected = f"an address on a domain of its own, or `{SHARED}: True` in PORTAL_SITE"
    reader.add(("SITEURL",), what, expected, degree="error" if is_known else "warning")
