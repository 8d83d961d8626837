"""Expected files of editions and members, compared with the sealed release.

The expected files are derived from the inputs' visibility rules, not from the rendered tree: the comparison finds a
page that was rendered into the wrong edition.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.content.item import KINDS, Item, Newsletter
from members_portal.portal.inputs import Inputs
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.decoding import Decoded, search_words
from members_portal.publish.gate.hidden_text import hidden_from_other_members
from members_portal.publish.till import coupon_items, coupon_offers
from members_portal.seal import SealError, open_edition, open_release
from members_portal.seal.format.record import decode_slots
from members_portal.seal.key.access_code import access_code
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import blob_id, member_root
from members_portal.seal.reader import read_bootstrap, read_card, read_record
from members_portal.seal.tree import SLOTS_FILE

MOST_CARDS = 500  # sign-ins checked; with more members, a systematic sample and the first of each edition

Letters = Mapping[str, Collection[str]]  # ids of the members with a letter, by newsletter slug
NO_LETTERS: Letters = {}

MEMBERS_PAGES = ("index.html", "404.html", "tiers/index.html", "account/index.html", "assets/tiers.css")
PUBLIC_PAGES = ("index.html", "404.html", "sw.js")
TILL_PAGE = "till/index.html"


def expected_files(inputs: Inputs, reader: str, pdfs: Collection[str] = ()) -> frozenset[str]:
    """Return the expected files of an edition without the theme: pages of items, lists, files of items, fixed pages.

    `pdfs`: slugs of the newsletters with PDFs; an edition has the PDFs of its own issues.
    """
    items = [item for item in inputs.library.items.values() if item.visible_to(reader, inputs.on)]
    lists = {kind.url for kind in KINDS if kind.url and any(item.kind is kind for item in items)}
    fixed = PUBLIC_PAGES if reader == PUBLIC else (*MEMBERS_PAGES, *_tier_pages(inputs))
    pages = {f"{url}index.html" for url in lists | {item.url for item in items}}
    till = [TILL_PAGE] if reader == STAFF and coupon_items(inputs) else []
    printed = [f"{item.url}{item.slug}.pdf" for item in items if _is_printed(item, reader, pdfs)]
    return frozenset({*fixed, *till, *pages, *printed, *_shown(items)})


def _is_printed(item: Item, reader: str, pdfs: Collection[str]) -> bool:
    return isinstance(item.front, Newsletter) and reader != PUBLIC and item.slug in pdfs


def _tier_pages(inputs: Inputs) -> list[str]:
    return [f"tiers/{tier}/index.html" for tier in inputs.programme.ladder]


def _shown(items: list[Item]) -> set[str]:
    return set().union(*(item.files for item in items))


def check_editions(candidate: Candidate) -> Iterator[str]:
    """Open every edition, decrypt all its files, and compare them with the expected and the rendered files."""
    inputs = candidate.inputs
    readers = [reader for reader in inputs.programme.readers if reader != PUBLIC]
    for reader in readers:
        try:
            opened = open_edition(candidate.folder, candidate.secret, reader)
            expected = expected_files(inputs, reader, candidate.pdfs.issues)
            yield from _difference(f"edition {reader}", expected, set(opened.edition_files))
            for path in opened.edition_files:
                if opened.read(path) != (candidate.tree / "editions" / reader / path).read_bytes():
                    yield f"edition {reader}: {path} isn't what was rendered"
        except (SealError, OSError) as error:
            yield f"edition {reader} doesn't open: {error}"


def _difference(name: str, expected: frozenset[str], found: set[str]) -> Iterator[str]:
    for path in sorted(found - expected):
        yield f"{name} holds {path}, which its readers may not see"
    for path in sorted(expected - found):
        yield f"{name} lacks {path}"


def check_cards(candidate: Candidate) -> Iterator[str]:
    """Sign in with members' codes; check that each opens the member's edition and a record."""
    release, inputs, secret = candidate.folder, candidate.inputs, candidate.secret
    slots = {reader: open_edition(release, secret, reader).slot for reader in inputs.programme.readers[1:]}
    for member in chosen_members(inputs.members):
        try:
            opened = open_release(release, access_code(secret, member.id, member.code_version))
        except SealError as error:
            yield f"member {member.id} can't sign in: {error}"
            continue
        if opened.slot != slots[member.edition]:
            yield f"member {member.id} gets another edition than {member.edition}"
        if opened.record is None:
            yield f"member {member.id} has no record"


def check_records(candidate: Candidate) -> Iterator[str]:
    """Open members' records; compare them with the rendered slots and files, and search for data of other members."""
    release, inputs, secret = candidate.folder, candidate.inputs, candidate.secret
    members = chosen_members(inputs.members)
    watchlist = hidden_from_other_members(members, secret, coupon_offers(inputs, secret))
    for member in members:
        code = access_code(secret, member.id, member.code_version)
        opened = open_release(release, code)
        folder = candidate.tree / "members" / member.id
        text = (folder / SLOTS_FILE).read_text("utf-8")
        for other in sorted(watchlist.find(Decoded(search_words(text))) - {member.id}):
            yield f"the record of member {member.id} holds something about member {other}"
        if code.replace("-", "") in text.replace("-", ""):
            yield f"the record of member {member.id} holds the member's access code, which only paper may bear"
        if opened.record is None or dict(opened.record.slots) != decode_slots(text.encode()):
            yield f"the record of member {member.id} isn't what was rendered"
        expected = expected_own_files(inputs, member, candidate.pdfs.letters)
        yield from _difference(f"the record of member {member.id}", expected, set(opened.own_files))
        for path in opened.own_files:
            if opened.read(path) != (folder / path).read_bytes():
                yield f"the record of member {member.id}: {path} isn't what was rendered"


def expected_own_files(inputs: Inputs, member: Member, letters: Letters = NO_LETTERS) -> frozenset[str]:
    """Return the expected files of a member's record: the account manager's photo, and the member's letters."""
    manager = inputs.programme.manager(member.manager_key)
    photo = {manager.photo} if manager and manager.photo else set()
    return frozenset(photo | {f"letters/{slug}.pdf" for slug, holders in letters.items() if member.id in holders})


def chosen_members(members: list[Member]) -> list[Member]:
    """Return the members to check: all, or a systematic sample and the first of each edition."""
    if len(members) <= MOST_CARDS:
        return members
    first = {member.edition: member for member in reversed(members)}
    spread = members[:: len(members) // MOST_CARDS]
    return list({member.id: member for member in [*first.values(), *spread]}.values())


def check_unreachable(candidate: Candidate) -> Iterator[str]:
    """Yield sealed files that no edition and no record names. Small rosters only: every card is opened."""
    release, inputs, secret = candidate.folder, candidate.inputs, candidate.secret
    if len(inputs.members) > MOST_CARDS:
        return
    named: set[str] = set()
    for reader in inputs.programme.readers[1:]:
        named |= {entry.id for entry in open_edition(release, secret, reader).edition_files.values()}
    for member in inputs.members:
        named |= _record_blobs(release, access_code(secret, member.id, member.code_version))
    for path in (release / "_" / "b").glob("*/*"):
        if path.name not in named:
            yield f"nobody can open {path.relative_to(release)}"


def _record_blobs(release: Path, code: str) -> set[str]:
    start = read_bootstrap(release)
    card = read_card(release, start, member_root(read_code(code)))
    record = read_record(release, start, card.record_key) if card.record_key else None
    own = {entry.id for entry in record.files.values()} if record else set()
    return own | ({blob_id(card.record_key)} if card.record_key else set())
