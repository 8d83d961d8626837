"""Watchlists for outsiders, editions and members, derived from the items that they may not see on the day."""

import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from babel.dates import get_day_names, get_month_names
from pydantic import BaseModel

from members_portal.coupon.coupon_code import (
    COUPON_LENGTH,
    GROUP,
    CouponOffer,
    coupon_code,
    find_offer,
    read_characters,
)
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import MEMBERS, PUBLIC
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.item import KINDS, Front, Item
from members_portal.portal.content.library import Library
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.decoding import search_words
from members_portal.publish.gate.phrase_search import DISTINCTIVE, Watchlist, make_watchlist
from members_portal.publish.till.till_data import coupon_offers
from members_portal.seal import BadCode, Secret
from members_portal.seal.key.access_code import access_code
from members_portal.seal.key.code_format import ALPHABET
from members_portal.seal.key.secret import SECRET_SIZE
from members_portal.seal.key.secret_file import FOLDER, NAME, VARIABLE

_ATTRIBUTES = re.compile(r"(</?\w+)\s[^>]*>")

# A coupon code among decoded words: lower case, groups separate or joined.
_LETTER = f"[{ALPHABET.lower()}]"
_COUPON = re.compile(rf"(?<![^ ])(?=((?:{_LETTER}{{{GROUP}}} ?){{{COUPON_LENGTH // GROUP}}})(?: |$))")

_NUMBER = re.compile(r"&#\w+;?")
Phrases = Iterator[tuple[str, str]]


def hidden_from_outsiders(inputs: Inputs, secret: Secret, context: PublishContext) -> Watchlist:
    """Return the watchlist of all files in plaintext.

    Codes are always secret. Tier names and phrases of DISTINCTIVE words are allowed where public content holds them.
    Shorter phrases and words are also allowed where the theme holds them: an item's title may be `Your account`.
    """
    hidden, programme, members = hidden_items(inputs, PUBLIC), inputs.programme, inputs.members
    written = written_for(inputs, PUBLIC)
    phrases = [*_item_phrases(hidden), *_programme_phrases(programme), *_member_phrases(members)]
    texts = [*_item_words(hidden, inputs), *_draft_words(inputs.library)]
    texts += [*_programme_words(programme), *_member_words(members)]
    distinctive = [(text, what) for text, what in phrases if len(search_words(text)) >= DISTINCTIVE]
    return (
        make_watchlist(_code_phrases(members, secret, context), (), ())
        | make_watchlist([*distinctive, *_tier_phrases(programme)], (), [*written, f"member {MEMBERS}"])
        | make_watchlist(phrases, texts, [*written, *_theme(context)])
        | hidden_coupon_data(inputs, secret)
    )


def hidden_coupon_data(inputs: Inputs, secret: Secret) -> Watchlist:
    """Return the watchlist of the till's keys and of coupon codes.

    A spotter recognises codes by their offer's key: a list would need a code per member and offer.
    """
    offers = coupon_offers(inputs, secret)
    keys = [(offer.key.hex(), f"the till's key of offers/{offer.slug}.md") for offer in offers]

    def spot(words: Sequence[str]) -> set[str]:
        codes = (found[1] for found in _COUPON.finditer(" ".join(words)))
        return {f"a coupon code of offers/{offer.slug}.md" for code in codes if (offer := _offer_of(code, offers))}

    return replace(make_watchlist(keys, (), ()), spotters=(spot,) if offers else ())


def _offer_of(code: str, offers: Iterable[CouponOffer]) -> CouponOffer | None:
    try:
        return find_offer(read_characters(code), offers)
    except BadCode:
        return None


def hidden_from_readers(inputs: Inputs, reader: str, context: PublishContext) -> Watchlist:
    """Return the watchlist of an edition: titles, addresses and summaries of items hidden from its readers."""
    hidden = hidden_items(inputs, reader)
    return make_watchlist(_item_phrases(hidden), (), [*written_for(inputs, reader), *_theme(context)])


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
    fronts = [text for item in items for text in (item.url, *texts_of(_written_front(item)))]
    sources = [inputs.library.documents[item.path].body for item in items]
    # HTML without attributes, too: decoded, `</a> second drum` contains the words `a second drum`.
    html = [
        _ATTRIBUTES.sub(r"\1>", item.html) for item, text in zip(items, sources, strict=True) if not _disguises(text)
    ]
    bodies = [*sources, *html]
    kinds = [f"{kind.title} {kind.label} {kind.url}" for kind in KINDS]
    site = [*inputs.site.texts, inputs.programme.name]
    if reader != PUBLIC:
        site += [*texts_of(inputs.programme), *(item.front.teaser or "" for item in inputs.library.items.values())]
    return [*fronts, *bodies, *kinds, *site, *_calendar(inputs.site.language)]


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


def _theme(context: PublishContext) -> list[str]:
    theme = [*context.theme.rglob("*.html"), *(context.theme / "static").rglob("*")]
    return [path.read_text("utf-8", "replace") for path in theme if path.is_file()]


def _calendar(language: str) -> list[str]:
    locale = language.replace("-", "_")
    months = [get_month_names("wide", locale=locale), get_month_names("abbreviated", locale=locale)]
    days = [get_day_names("wide", locale=locale), get_day_names("abbreviated", locale=locale)]
    return [str(name) for names in (*months, *days) for name in names.values()]


def _item_phrases(items: Iterable[Item]) -> Phrases:
    for item in items:
        yield item.front.title, f"the title of {item.path}"
        yield item.url, f"the address of {item.path}"
        yield item.slug, f"the name of {item.path}"
        yield item.front.summary, f"the summary of {item.path}"
        yield item.front.teaser or "", f"the teaser of {item.path}"


def _item_words(items: Iterable[Item], inputs: Inputs) -> Phrases:
    for item in items:
        for text in (*texts_of(item.front), inputs.library.documents[item.path].body):
            yield text, f"a word of {item.path}"


def _draft_words(library: Library) -> Phrases:
    """Yield the texts of invalid drafts, which have no item."""
    for path in library.documents.keys() - library.items.keys():
        document = library.documents[path]
        for text in (*texts_of(document.front.value), document.body):
            yield text, f"a word of {path}"


def _tier_phrases(programme: Programme) -> Phrases:
    for tier in programme.tiers:
        yield tier.name, f"the name of the tier {tier.key}"
        yield tier.key, f"the name of the tier {tier.key}"


def _programme_phrases(programme: Programme) -> Phrases:
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


def _code_phrases(members: Iterable[Member], secret: Secret, context: PublishContext) -> Phrases:
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


def _member_phrases(members: Iterable[Member]) -> Phrases:
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
