"""Watchlists for outsiders, editions and members, derived from the items that they may not see on the day."""

import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names
from pydantic import BaseModel

from members_portal.coupon.coupon_code import CouponOffer, coupon_code, find_offer
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import MEMBERS, PUBLIC
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.item import KINDS, Front, Item
from members_portal.portal.content.library import Library
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.decoding import Decoded, search_words
from members_portal.publish.gate.phrase_search import DISTINCTIVE, Watchlist, make_watchlist
from members_portal.publish.gate.search.phrase_table import key_words, phrase_key
from members_portal.seal import Secret
from members_portal.seal.key.access_code import access_code
from members_portal.seal.key.secret import SECRET_SIZE
from members_portal.seal.key.secret_file import FOLDER, NAME, VARIABLE

_ATTRIBUTES = re.compile(r"(</?\w+)\s[^>]*>")

_NUMBER = re.compile(r"&#\w+;?")
Phrases = Iterator[tuple[str, str]]


def phrase_keys(phrases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the descriptions of phrases by their keys; the first one of each."""
    found: dict[str, str] = {}
    for text, what in phrases:
        if key := phrase_key(text):
            found.setdefault(key, what)
    return found


def is_distinctive(key: str) -> bool:
    """Return whether a phrase has DISTINCTIVE words: it does not occur by chance."""
    return len(key_words(key)) >= DISTINCTIVE


def hidden_words(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Yield texts with descriptions, whose words no file in plaintext may hold unless public sources or the theme do.

    Those of hidden items are not among them.
    """
    yield from _draft_words(inputs.library)
    yield from _programme_words(inputs.programme)
    yield from _member_words(inputs.members)


def till_keys(offers: Iterable[CouponOffer]) -> Phrases:
    """Yield the keys of coupon codes."""
    for offer in offers:
        yield offer.key.hex(), f"the till's key of offers/{offer.slug}.md"


def coupon_findings(codes: Iterable[str], offers: Sequence[CouponOffer]) -> set[str]:
    """Return the descriptions of coupon codes of some offers.

    They are recognised by their offer's key: a list would need a code per member and offer.
    """
    found = [find_offer(code, offers) for code in codes]
    return {f"a coupon code of offers/{offer.slug}.md" for offer in found if offer}


def hidden_from_readers(inputs: Inputs, reader: str, context: PublishContext) -> Watchlist:
    """Return the watchlist of an edition: titles, addresses and summaries of items hidden from its readers."""
    hidden = hidden_items(inputs, reader)
    public = [*written_for(inputs, reader), *map(theme_text, theme_sources(context))]
    return make_watchlist(item_phrases(hidden), (), public)


def hidden_from_other_members(
    members: Iterable[Member], secret: Secret, offers: Sequence[CouponOffer] = ()
) -> Watchlist:
    """Return the watchlist of members' records: ids and codes."""
    found = [(text, member.id) for member in members for text in _identity(member, secret, offers)]
    return make_watchlist(found, (), ())


def hidden_addresses(members: Sequence[Member], written: Iterable[str]) -> Watchlist:
    """Return the watchlist of members' e-mail addresses, without addresses that members share or editors publish."""
    shared = Counter(address_key(member.email) for member in members if member.email)
    single = [(each.email, each.id) for each in members if each.email and shared[address_key(each.email)] == 1]
    return make_watchlist(single, (), written)


def hidden_items(inputs: Inputs, reader: str) -> list[Item]:
    """Return the items that a reader may not see on the day."""
    return [item for item in inputs.library.items.values() if not item.visible_to(reader, inputs.on)]


def written_for(inputs: Inputs, reader: str) -> list[str]:
    """Return the texts that a reader may see: items, the settings block, and words of the rendering."""
    items = [item for item in inputs.library.items.values() if item.visible_to(reader, inputs.on)]
    texts = (text for item in items for text in (*written_texts(item, inputs.library), *rendered_texts(item, inputs)))
    return [*texts, *site_texts(inputs, reader)]


def written_texts(item: Item, library: Library) -> list[str]:
    """Return the texts of an item as they are written: its address, its front matter, its markdown."""
    return [item.url, *texts_of(_written_front(item)), library.documents[item.path].body]


def rendered_texts(item: Item, inputs: Inputs) -> list[str]:
    """Return the HTML of an item without attributes; nothing for an item with letters as numbers.

    Decoded, `</a> second drum` contains the words `a second drum`.
    """
    is_disguised = _disguises(inputs.library.documents[item.path].body)
    return [] if is_disguised else [_ATTRIBUTES.sub(r"\1>", item.html)]


def site_texts(inputs: Inputs, reader: str) -> list[str]:
    """Return the texts of the settings block, of the programme (for members) and of the rendering."""
    kinds = [f"{kind.title} {kind.label} {kind.url}" for kind in KINDS]
    site = [*inputs.site.texts, inputs.programme.name]
    if reader != PUBLIC:
        site += [*texts_of(inputs.programme), *(item.front.teaser or "" for item in inputs.library.items.values())]
    return [*kinds, *site, *_calendar(inputs.site.language)]


def _written_front(item: Item) -> Front:
    """Return the front matter as it was written: a derived summary is the text again, without its disguise."""
    return item.front.model_copy(update={"summary": ""}) if item.has_derived_summary else item.front


def _disguises(markdown: str) -> bool:
    """Tell whether a text has letters as numbers (`&#84;`): its HTML has them as letters, and is no evidence."""
    return any(unescape(number).isalnum() for number in _NUMBER.findall(markdown))


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts inside a model, a mapping or a list."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | frozenset):
        for part in value:
            yield from texts_of(part)
    elif value is not None:
        yield str(value)


def theme_sources(context: PublishContext) -> list[Path]:
    """Return the templates and static files of the theme."""
    found = [*context.theme.rglob("*.html"), *(context.theme / "static").rglob("*")]
    return [path for path in found if path.is_file()]


def theme_text(file: Path) -> str:
    """Return a file of the theme as text."""
    return file.read_text("utf-8", "replace")


def _calendar(language: str) -> list[str]:
    locale = language.replace("-", "_")
    months = [get_month_names("wide", locale=locale), get_month_names("abbreviated", locale=locale)]
    days = [get_day_names("wide", locale=locale), get_day_names("abbreviated", locale=locale)]
    return [str(name) for names in (*months, *days) for name in names.values()]


def item_phrases(items: Iterable[Item]) -> Phrases:
    """Yield titles, addresses, names, summaries and teasers."""
    for item in items:
        yield item.front.title, f"the title of {item.path}"
        yield item.url, f"the address of {item.path}"
        yield item.slug, f"the name of {item.path}"
        yield item.front.summary, f"the summary of {item.path}"
        yield item.front.teaser or "", f"the teaser of {item.path}"


def item_words(items: Iterable[Item], library: Library) -> Phrases:
    """Yield the texts of items, whose words outsiders may not see unless they are public."""
    for item in items:
        for text in (*texts_of(item.front), library.documents[item.path].body):
            yield text, f"a word of {item.path}"


def _draft_words(library: Library) -> Phrases:
    """Yield the texts of invalid drafts, which have no item."""
    for path in library.documents.keys() - library.items.keys():
        document = library.documents[path]
        for text in (*texts_of(document.front.value), document.body):
            yield text, f"a word of {path}"


def tier_phrases(programme: Programme) -> Phrases:
    """Yield the names of tiers, without words for all members."""
    everybody = Decoded.of(f"member {MEMBERS}")
    for tier in programme.tiers:
        for name in (tier.name, tier.key):
            if not everybody.holds(search_words(name)):
                yield name, f"the name of the tier {tier.key}"


def programme_phrases(programme: Programme) -> Phrases:
    """Yield the lines about tiers, and the account managers' data."""
    for tier in programme.tiers:
        for line in (tier.summary, *tier.standards, *tier.benefits):
            yield line, f"a line about the tier {tier.key}"
    for manager in programme.account_managers:
        for text in (manager.name, manager.phone, manager.email):
            yield text, f"the account manager {manager.key}"


def _programme_words(programme: Programme) -> Phrases:
    for text in texts_of(programme):
        yield text, "a word of the programme"


def _identity(member: Member, secret: Secret, offers: Sequence[CouponOffer]) -> list[str]:
    coupons = [coupon_code(secret, offer.slug, member.id, offer.version) for offer in offers]
    codes = [*_codes(member, secret), *coupons, *(code.replace("-", "") for code in coupons)]
    return [member.id, *codes]


def code_phrases(members: Iterable[Member], secret: Secret, context: PublishContext) -> Phrases:
    """Yield the site secret and all access codes."""
    for form in _secret_forms(context):
        yield form, "the site secret"
    for member in members:
        for code in _codes(member, secret):
            yield code, f"the access code of member {member.id}"


def _secret_forms(context: PublishContext) -> Iterator[str]:
    """Yield the site secret as it is written in the environment or in its file, and in the other notation."""
    file = context.root / FOLDER / NAME
    for text in (
        context.environ.get(VARIABLE, ""),
        file.read_text("ascii", "replace") if file.is_file() else "",
    ):
        if text := text.strip():
            yield text
            yield from _other_notation(text)


def _other_notation(text: str) -> Iterator[str]:
    try:
        key = bytes.fromhex(text) if len(text) == 2 * SECRET_SIZE else urlsafe_b64decode(text[:43] + "=")
    except ValueError:
        return  # the seal has refused it
    yield from (key.hex(), urlsafe_b64encode(key).decode().rstrip("="), b64encode(key).decode().rstrip("="))


def member_phrases(members: Iterable[Member]) -> Phrases:
    """Yield members' texts. Descriptions contain ids only: findings are printed, and a name would be a leak."""
    for member in members:
        lines = member.address.lines if member.address else ()
        for text in (member.id, member.email, member.full_name, member.formal_name, member.phone, *lines):
            yield text or "", f"something about member {member.id}"


def _member_words(members: Iterable[Member]) -> Phrases:
    for member in members:
        for text in (member.given_name, member.family_name, member.formal_name):
            yield text or "", f"something about member {member.id}"


def _codes(member: Member, secret: Secret) -> tuple[str, str]:
    code = access_code(secret, member.id, member.code_version)
    return code, code.replace("-", "")
