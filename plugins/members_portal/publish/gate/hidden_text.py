"""Watchlists for outsiders, editions and members, derived from the items that they may not see on the day."""

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from members_portal.coupon.coupon_code import CouponOffer, coupon_code, find_offer
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import MEMBERS
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.phrase_search import DISTINCTIVE, Watchlist, make_watchlist
from members_portal.publish.gate.search.decoded import Decoded, search_words
from members_portal.publish.gate.search.phrase_table import key_words, phrase_key
from members_portal.publish.gate.search.source_texts import texts_of
from members_portal.seal import Secret
from members_portal.seal.key.access_code import access_code
from members_portal.seal.key.secret import SECRET_SIZE
from members_portal.seal.key.secret_file import FOLDER, NAME, VARIABLE

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
    for form in secret_forms(context):
        yield form, "the site secret"
    for member in members:
        for code in _codes(member, secret):
            yield code, f"the access code of member {member.id}"


def secret_forms(context: PublishContext) -> Iterator[str]:
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
