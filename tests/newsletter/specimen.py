"""A house, issues and sheets for tests: texts from the sample content, invented people.

All values are deterministic. For another case, replace a field: `replace(sheets(1)[0], coupons=())`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import segno

from members_portal.loyalty.engine.account import Balance
from members_portal.loyalty.programme.programme import Programme, Tier
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.loyalty.statement.order_interval import OrderInterval
from members_portal.loyalty.statement.rebate import NextBand, RebateEarned
from members_portal.loyalty.statement.statement import DatedPoints, Expiring, Statement
from members_portal.loyalty.statement.tier_progress import Goal, TierProgress
from members_portal.newsletter.issue import Article, ArticleSection, Coupon, House, Issue, Manager, Picture, Sheet
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.rendering.chart import BarChart, bar_chart
from members_portal.portal.text.typography import typeset
from members_portal.seal.key.code_format import code_characters, format_code
from tests.portal.small_portal import load_library

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
SITE = "https://club.strandandhitch.example/"
ON = date(2026, 11, 20)
EXTENSIONS = {"extra": {"tables": {"use_align_attribute": True}}}
MARKDOWN = {"extensions": ["extra", "sane_lists"], "extension_configs": EXTENSIONS, "output_format": "html"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONG_NAME = "Maximiliane-Friederike Theodora Gräfin von Hohenstein-Wackernagel zu Lüttringhausen"[:60]


@cache
def programme() -> Programme:
    """Return the sample programme."""
    return load_programme(ROOT / "members")


@cache
def library() -> Library:
    """Return the sample content."""
    return load_library(CONTENT, programme(), MARKDOWN)


def house() -> House:
    """Return the company that sends it."""
    return House(
        name="The Bitter End Club",
        company="Strand & Hitch Coffee Roasters",
        tagline="Coffee from the Ropewalk, and promises with the results printed next to them",
        programme="The Bitter End Club",
        points="beans",
        language="en-IE",
        site=SITE,
        hotline="+353 20 915 0147",
        hours="Monday to Friday 8 to 18, Saturday 9 to 13",
        email="club@strandandhitch.example",
        address=("The Ropewalk", "Tarhouse Steps", "Inverskea, P99 R0P3", "Ireland"),
    )


# The issue


def picture(src: str | None, alt: str | None) -> Picture | None:
    """Return a picture of the content folder."""
    return Picture(f"content:{src}", alt or "") if src else None


def on_paper(html: str) -> str:
    """Turn the site's relative addresses into those of paper."""
    html = html.replace('src="../../', 'src="content:').replace(' loading="lazy" decoding="async"', "")
    return html.replace('href="../../', f'href="{SITE}')


def article(path: str, full: bool = False) -> Article:
    """Return an item of the sample content as an article."""
    item = library().items[path]
    return Article(
        kind=item.kind.name,
        kind_label=item.kind.label,
        title=item.front.title,
        summary=item.front.summary,
        url=SITE + item.url,
        since=item.front.publish,
        minutes=item.minutes,
        html=on_paper(item.html) if full else "",
        full=full,
        picture=picture(item.front.image, item.front.image_alt),
        front=item.front,
    )


def articles(*paths: str, full: Iterable[str] = ()) -> tuple[Article, ...]:
    """Return items by their paths; those in `full` with their whole text."""
    return tuple(article(path, path in full) for path in paths)


def tier(key: str) -> Tier | None:
    """Return a tier of the sample programme; none for the public's and the staff's editions."""
    return programme().tier(key) if key in programme().ladder else None


def sections(edition: str) -> tuple[ArticleSection, ...]:
    """Return the sections of the winter issue as one edition reads them."""
    long = ("reports/nine-minutes-forty.md", "announcements/she-is-older-than-the-first-one.md")
    reports = ["reports/nine-minutes-forty.md", "reports/water-is-most-of-it.md"]
    news = ["announcements/she-is-older-than-the-first-one.md", "announcements/what-coffee-will-cost.md"]
    news.append("announcements/friday-evenings-on-the-ropewalk.md")
    offers = ["offers/fifty-grams-on-the-house.md", "offers/papers-and-brushes.md"]
    if edition in ("gold", "platinum"):
        reports.append("reports/la-cuerda-in-the-wet-year.md")
        offers += ["offers/the-tall-kettle.md", "offers/burrs-cleaned-and-aligned.md"]
    if edition == "platinum":
        reports.append("reports/where-your-fourteen-euro-go.md")
        news.insert(0, "announcements/sixty-bags-of-sudan-rume.md")
        offers.append("offers/your-own-roast.md")
    return (
        ArticleSection("report", "Insider reports", articles(*reports, full=long)),
        ArticleSection("announcement", "Announcements", articles(*news, full=long)),
        ArticleSection("feedback", "You said, we did", articles("feedback/the-bag-that-would-not-close.md")),
        ArticleSection("offer", "Offers", articles(*offers)),
    )


def promises() -> tuple[Article, ...]:
    """Return the promises with their results."""
    found = [path for path in library().items if path.startswith("promise/")]
    return tuple(sorted(articles(*found), key=lambda promise: promise.front.order))


def events(edition: str) -> tuple[Article, ...]:
    """Return the events of one edition."""
    paths = ["events/advent-cupping.md", "events/the-night-shift.md", "events/kettle-school.md"]
    return articles(*(paths if edition in ("gold", "platinum") else paths[:1]))


def charts() -> tuple[BarChart, ...]:
    """Draw the charts of the winter issue."""
    paid = [("Autumn 2025", "7.15"), ("Autumn 2026", "8.35"), ("Exchange", "6.20")]
    repairs = [("2025 Q4", "88"), ("2026 Q1", "79"), ("2026 Q2", "84"), ("2026 Q3", "93")]
    return (
        _chart("What a grower was paid for a kilo", "The median of all our coffees, and the exchange.", "€", paid),
        _chart("Repairs back within fifteen working days", "We promise ninety in a hundred.", "%", repairs),
    )


def _chart(title: str, note: str, unit: str, values: list[tuple[str, str]]) -> BarChart:
    amounts = [(label, Decimal(value)) for label, value in values]
    return bar_chart(title, amounts, 480, 220, note=note, unit=unit, language="en-IE")


def greeting(edition: str) -> tuple[str, ...]:
    """Return the account manager's paragraphs in letters."""
    return tuple(typeset(paragraph, "en") for paragraph in GREETINGS.get(edition, GREETINGS["member"]))


GREETINGS = {
    "member": (
        "The winter letter is the one I like best to send, because people read it by a fire and then ring me about it.",
        "Please do. The lamp over the door is lit at four now, and there's somebody at the table until five.",
    ),
    "gold": (
        "The winter letter is the one I like best to send, because people read it by a fire and then ring me about it. "
        "Please do. My line is below, and before nine there's hardly ever a queue.",
        "Two things in it are yours before they are anybody else's: ten places at the night shift on 11 December, and "
        "the last eleven kettles with the good handle. I've put by nothing without asking, but I've a pencil ready.",
        "Cut out what you like overleaf or leave it where it is: the till only wants the code.",
    ),
}
GREETINGS["platinum"] = GREETINGS["gold"]


def issue(edition: str = "gold") -> Issue:
    """Return the winter issue as one edition reads it: 6 to 8 pages."""
    item = library().items["newsletters/winter-2026.md"]
    shown = sections(edition), promises(), events(edition)
    return _issue(item, edition, *shown, charts=charts())


def short_issue(edition: str = "member") -> Issue:
    """Return an issue of two pages: the editorial and the promises."""
    item = library().items["newsletters/autumn-2026.md"]
    whole = _issue(item, edition, (), promises(), (), charts=())
    return replace(whole, editorial=whole.editorial.split("<h2>A short defence")[0], picture=None)


def _issue(
    item: Item,
    edition: str,
    shown: tuple[ArticleSection, ...],
    promised: tuple[Article, ...],
    planned: tuple[Article, ...],
    charts: tuple[BarChart, ...],
) -> Issue:
    assert isinstance(item.front, Newsletter)
    rung = tier(edition)
    every = [*(part for section in shown for part in section.articles), *promised, *planned]
    files = {part.picture.src for part in every if part.picture} | {f"content:{path}" for path in item.files}
    bodies = [path for part in every if part.full for path in library().items[_path(part)].files]
    return Issue(
        slug=item.slug,
        number=item.front.number,
        title=item.front.title,
        summary=item.front.summary,
        on=item.front.publish or ON,
        edition=edition,
        edition_title=rung.name if rung else edition.capitalize(),
        tier=rung,
        url=SITE + item.url,
        picture=picture(item.front.image, item.front.image_alt),
        editorial=on_paper(item.html),
        sections=shown,
        promises=promised,
        events=planned,
        charts=charts,
        greeting=greeting(edition),
        files=frozenset(src.removeprefix("content:") for src in files) | frozenset(bodies) | PORTRAITS,
    )


def _path(part: Article) -> str:
    return next(path for path, item in library().items.items() if SITE + item.url == part.url)


# The sheets

PORTRAITS = frozenset(manager.photo for manager in programme().account_managers if manager.photo)


def manager(key: str) -> Manager:
    """Return one of the account managers."""
    person = programme().manager(key)
    assert person
    portrait = picture(person.photo, f"{person.name}, drawn")
    return Manager(person.name, person.role, person.phone, person.email, person.hours, portrait)


def coupon(slug: str, code: str | None, why: str = "because you like filter coffee", missing: int = 0) -> Coupon:
    """Return an offer of the sample content as a member's coupon."""
    offer = library().items[f"offers/{slug}.md"].front
    assert isinstance(offer, Offer)
    return Coupon(
        slug=slug,
        type=offer.type,
        title=offer.title,
        value=offer.value,
        summary=offer.summary,
        starts=offer.starts,
        ends=offer.ends,
        why=why,
        code=code,
        terms=offer.terms,
        redeem=offer.redeem,
        points=offer.points,
        missing=missing,
        minimum=offer.minimum_spend,
        picture=picture(offer.image, offer.image_alt),
    )


OFFERS = (
    "papers-and-brushes",
    "the-tall-kettle",
    "burrs-cleaned-and-aligned",
    "a-bag-for-your-birthday",
    "your-own-roast",
    "a-bag-for-six-hundred",
    "fifty-grams-on-the-house",
    "five-off-slack-water",
    "a-spoon-with-the-kilo",
    "the-first-parcel",
    "we-kept-your-place",
    "a-cup-for-eighty",
)
CODELESS = frozenset({"a-bag-for-six-hundred", "fifty-grams-on-the-house", "five-off-slack-water", "a-cup-for-eighty"})
REASONS = (
    "because you like filter coffee",
    "because you bought grinders and kettles four times in the last year",
    "chosen for you",
    "for Gold and up",
)
GIVEN = (
    "Maya Ruairí Adelheid Suharti Tomás Freja Grzegorz Ottilie Kwabena Siobhán Ildikó Per Beatriz Noor Evert Llinos "
    "Aoife Jørgen Zuzanna Dafydd"
).split()
FAMILY = (
    "Okafor|O’Dwyer|Lindqvist|van der Meulen|de Brún|Przybylski|Ó hUallacháin|Nwosu-Hartigan|Kekkonen|Szabó|Lemaître|"
    "Featherstonehaugh|Yılmaz|Brandt|Mac Giolla Phádraig|Iversen|Castellanos|Ng"
).split("|")
PLACES = (  # second line or none, street, town with postcode, country when it is abroad
    ("", "{} Sailmakers Row", "Cork, T99 X4A1", ""),
    ("The Old Dispensary", "{} Chapel Lane", "Dingle, V99 Y2C7", ""),
    ("Kontor im Hinterhof", "An der Traveschleuse {}", "23552 Lübeck", "GERMANY"),
    ("", "Kranenkade {}-C", "3016 XZ Rotterdam", "NETHERLANDS"),
    ("Flat 2, Netmakers Court", "{} Long Wynd", "Anstruther KY99 9ZZ", "UNITED KINGDOM"),
    ("", "Repslagaregatan {} B", "211 47 Malmö", "SWEDEN"),
)


def sheets(count: int, edition: str = "gold") -> list[Sheet]:
    """Return the sheets of invented members: with and without coupons, rebate, manager and goal."""
    return [sheet(number, edition) for number in range(count)]


def sheet(number: int, edition: str = "gold") -> Sheet:
    """Return the sheet of one invented member."""
    chance = Random(f"sheet {number}")
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    second, street, town, country = chance.choice(PLACES)
    lines = (name, second, street.format(chance.randint(1, 240)), town, country)
    code = access_code(chance)
    return Sheet(
        member=f"M-{number + 2001}",
        edition=edition,
        name=name,
        called=name.split()[0] if number % 3 else f"Ms {name.split(maxsplit=1)[1]}",
        direction="ltr",
        address=tuple(line for line in lines if line),
        tier=edition.capitalize(),
        as_of=ON,
        statement=statement(chance, edition),
        coupons=tuple(coupons(chance, (4, 6, 3, 8)[number % 4])),
        manager=manager(("ines", "tadhg", "solveig")[number % 3]),
        sign_in=f"{SITE}sign-in/#{code.replace('-', '')}",
        code=code,
    )


def coupons(chance: Random, count: int) -> Iterator[Coupon]:
    """Draw the first offers, with codes of their own."""
    for slug in OFFERS[:count]:
        code = "-".join("".join(chance.choices(ALPHABET, k=4)) for _ in range(4))
        yield coupon(slug, None if slug in CODELESS else code, chance.choice(REASONS), missing=chance.choice((0, 140)))


def access_code(chance: Random) -> str:
    """Return an access code in its printed form."""
    return format_code(code_characters(chance.randbytes(16)))


def statement(chance: Random, edition: str = "gold") -> Statement:
    """Return an invented statement as of the day of the winter issue."""
    active, pending = chance.randint(80, 4000), chance.randint(0, 90)
    soon = chance.choice((0, chance.randint(9, 70)))
    expiries = (DatedPoints(soon, date(2026, 11, 30)),) if soon else ()
    balance = Balance(pending, active, active + pending + 260, 260)
    return Statement(
        member="",
        as_of=ON,
        currency="EUR",
        points_name="beans",
        balance=balance,
        owed=0,
        worth=Decimal(active) * Decimal("0.02"),
        available=(DatedPoints(pending, date(2026, 11, 24)),) if pending else (),
        expiring=tuple(Expiring(days, soon) for days in (30, 60, 90)),
        expiries=expiries,
        progress=progress(chance, edition),
        rebate=rebate(chance),
        activity=(),
        history=(),
        rhythm=OrderInterval(9, date(2026, 11, 9), 24, date(2026, 12, 3), "later"),
        causes=(),
        segments=(),
        offers=(),
    )


def progress(chance: Random, edition: str) -> TierProgress:
    """Return invented tier progress; sometimes the present tier is at risk."""
    tiers, last = programme().tiers, date(2026, 12, 31)
    rank = programme().rank(edition) if edition in programme().ladder else 1
    here, above = tiers[rank - 1], tiers[rank] if rank < len(tiers) else None
    reaches = [Decimal(0), *programme().reaches_on(last), Decimal(3000)]
    reach, top = reaches[rank - 1], reaches[rank]
    figure = Decimal(chance.randint(int(reach * 60), int(top * 100))) / 100
    missing = max(Decimal(0), reach - figure)
    return TierProgress(
        tier=here.key,
        name=here.name,
        by_hand=False,
        basis="spend",
        figure=figure,
        since=date(2026, 1, 1),
        until=last,
        next=Goal(above.key, above.name, top, top - figure, last) if above else None,
        keep=Goal(here.key, here.name, reach, missing, last) if rank > 1 else None,
        falls_to=tiers[rank - 2].key if missing else None,
        falls_on=date(2027, 4, 1) if missing else None,
        projected=here.key,
    )


def rebate(chance: Random) -> RebateEarned:
    """Return an invented rebate, with the next band near."""
    spend, last = Decimal(chance.randint(50000, 79900)) / 100, date(2026, 12, 31)
    above = NextBand(Decimal(3), Decimal(800), Decimal(800) - spend, Decimal(24), last)
    paid = "Credited in the last week of January, against whatever you order next. You need not ask."
    earned = (spend / 50).quantize(Decimal("0.01"))
    return RebateEarned("The Coil", spend, Decimal(2), earned, date(2026, 1, 1), last, paid, above)


def awkward_sheets(edition: str = "gold") -> dict[str, Sheet]:
    """Return the most difficult sheets, by their difficulty."""
    plain = replace(sheet(1, edition), name="Freja Brandt", called="Freja", address=("Freja Brandt", *STREET))
    assert plain.statement
    behind = plain.statement.balance._replace(active=-120, pending=0)
    chance = Random("awkward")
    return {
        "long name": addressed(plain, LONG_NAME, called=LONG_NAME),
        "nine lines": replace(plain, address=NINE_LINES),
        "Arabic": addressed(plain, "نور الهدى الخطيب الشامي", called="السيدة الخطيب الشامي", direction="rtl"),
        "Hebrew": addressed(plain, "יעל בן־דוד", called="יעל", direction="rtl"),
        "Chinese": addressed(plain, "欧阳静怡", called="欧阳静怡"),
        "Japanese": addressed(plain, "長谷川 さくら", called="長谷川様"),
        "no postcode": replace(plain, address=("Freja Brandt", "The last house before the pier", "Inishbofin")),
        "no address": replace(plain, address=()),
        "no manager": replace(plain, manager=None),
        "no portrait": replace(plain, manager=replace(manager("ines"), picture=None, hours="")),
        "no statement": replace(plain, statement=None),
        "owing": replace(plain, statement=replace(plain.statement, balance=behind, worth=Decimal(0), expiries=())),
        "no coupons": replace(plain, coupons=()),
        "one coupon": replace(plain, coupons=tuple(coupons(chance, 1))),
        "twelve coupons": replace(plain, coupons=tuple(coupons(chance, 12))),
        "coupon without code": replace(plain, coupons=(coupon("fifty-grams-on-the-house", None, "for all members"),)),
    }


STREET = ("17 Tarhouse Steps", "Inverskea, P99 R0P3", "Ireland")
NINE_LINES = (
    "Freja Brandt",
    "Department of Weights and Measures",
    "Inspectorate of Small Hoppers",
    "Room 4.117, Third Staircase",
    "The Old Customs House, East Wing",
    "17–23 Upper Tarhouse Steps",
    "Inverskea",
    "P99 R0P3",
    "IRELAND",
)


def addressed(plain: Sheet, name: str, called: str, direction: str = "ltr") -> Sheet:
    """Return a sheet with another name."""
    return replace(plain, name=name, called=called, direction=direction, address=(name, *STREET))


def qr(sheet: Sheet) -> str:
    """Draw a sheet's QR code, its quiet zone included, as the address of a picture."""
    return segno.make_qr(sheet.sign_in, error="m").svg_data_uri(border=4, dark="#000", light="#fff")
