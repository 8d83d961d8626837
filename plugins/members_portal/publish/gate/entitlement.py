"""Expected files of editions and members, compared with the sealed release.

The expected files are derived from the inputs' visibility rules, not from the rendered tree: the comparison finds a
page that was rendered into the wrong edition.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from random import Random

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.item import KINDS, Item
from members_portal.portal.desk.desk_file import desk_edition_files, desk_own_files, is_desk_path
from members_portal.portal.event_calendar import CALENDAR_FILE
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.pass_source import CARD_FILE
from members_portal.portal.personal.slot_renderer import EARLIER_SLOT
from members_portal.portal.rendering.slot import slot_file
from members_portal.publish.gate.candidate import Candidate, whole_content
from members_portal.publish.gate.kept.attachment_check import attachments, check_attachments, visible_items
from members_portal.publish.gate.kept.own_texts import OwnTexts
from members_portal.publish.gate.readable_text import SLOTS_JSON, card_parts, readings
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.pelican_run import slot_nonce
from members_portal.publish.till.till_data import coupon_items
from members_portal.seal import SealError
from members_portal.seal.format.blobs import blob_path
from members_portal.seal.format.decoys import is_decoy
from members_portal.seal.format.record import decode_slots
from members_portal.seal.key.access_code import access_code
from members_portal.seal.member_slots import NO_SLOTS

MOST_CARDS = 500  # sign-ins checked; with more members, a systematic sample and the first of each edition
MOST_OTHERS = 100  # records of other members that are compared, chosen anew at each publish

Letters = Mapping[str, Collection[str]]  # ids of the members with a letter, by newsletter slug
NO_LETTERS: Letters = {}

MEMBERS_PAGES = (
    "index.html",
    "404.html",
    "tiers/index.html",
    "wallet/index.html",
    "account/index.html",
    "assets/tiers.css",
)
PUBLIC_PAGES = ("index.html", "404.html", "sw.js")
BLOBS, BLOB_LEVEL = "_/b/", 3  # the folder of blobs, and the number of folders above a blob
TILL_PAGE = "till/index.html"
EARLIER_PAGE = "account/earlier/index.html"


def expected_files(inputs: Inputs, reader: str, pdfs: Collection[str] = ()) -> frozenset[str]:
    """Return the expected files of an edition without the theme: the product's own files, and files of items.

    `pdfs`: slugs of the newsletters with PDFs; an edition has the PDFs of its own issues.
    """
    return made_files(inputs, reader, pdfs) | attachments(inputs, reader)


def made_files(inputs: Inputs, reader: str, pdfs: Collection[str] = ()) -> frozenset[str]:
    """Return the files that the product makes for an edition: pages of items, lists, fixed pages, PDFs, calendars."""
    items = visible_items(inputs, reader)
    lists = {kind.url for kind in KINDS if kind.url and any(item.kind is kind for item in items)}
    fixed = PUBLIC_PAGES if reader == PUBLIC else (*MEMBERS_PAGES, *_tier_pages(inputs))
    pages = {f"{url}index.html" for url in lists | {item.url for item in items}}
    till = [TILL_PAGE] if reader == STAFF and coupon_items(inputs) else []
    earlier = [EARLIER_PAGE] if reader != PUBLIC and inputs.standings.accounts else []
    printed = [f"{item.url}{item.slug}.pdf" for item in items if _is_printed(item, reader, pdfs)]
    desk = desk_edition_files(inputs.members) if reader == STAFF else frozenset()
    return frozenset({*fixed, *till, *desk, *earlier, *pages, *printed, *_calendars(items, inputs.on)})


def _calendars(items: Iterable[Item], on: date) -> Iterator[str]:
    for event in (item for item in items if isinstance(item.front, Event)):
        yield f"{event.url}{event.slug}.ics"
        if not event.has_ended(on):
            yield f"{event.kind.url}{CALENDAR_FILE}"


def _is_printed(item: Item, reader: str, pdfs: Collection[str]) -> bool:
    return isinstance(item.front, Newsletter) and reader != PUBLIC and item.slug in pdfs


def _tier_pages(inputs: Inputs) -> list[str]:
    return [f"tiers/{tier}/index.html" for tier in inputs.programme.ladder]


def check_editions(candidate: Candidate) -> Iterator[str]:
    """Open every edition, decrypt its files, and compare them with the expected and the rendered files.

    A sealed file that opened to a content at an earlier publish is not decrypted again: the digest of this content is
    compared with that of the rendered file.
    """
    inputs = candidate.inputs
    readers = [reader for reader in inputs.programme.readers if reader != PUBLIC]
    for reader in readers:
        try:
            opened = candidate.edition(reader)
            made = made_files(inputs, reader, candidate.pdfs.issues)
            expected = made | candidate.once("attachments", reader, attachments)
            yield from _difference(f"edition {reader}", expected, set(opened.edition_files))
            digest = partial(content_digest, candidate, reader)
            yield from check_attachments(candidate, reader, made, digest, opened.read)
            for path in opened.edition_files:
                if not is_as_rendered(candidate, reader, path):
                    yield f"edition {reader}: {path} isn't what was rendered"
        except (SealError, OSError) as error:
            yield f"edition {reader} doesn't open: {error}"


def is_as_rendered(candidate: Candidate, reader: str, path: str) -> bool:
    """Return whether a file of an edition has the content of the rendered file."""
    opened, rendered = candidate.edition(reader), f"{candidate.tree}/editions/{reader}/{path}"
    file = opened.find(path)
    if not candidate.digest(rendered).startswith(file.digest.hex()):
        return False
    blob = candidate.sealed_digest(blob_path(file.id))
    opening = sha256(bytes.fromhex(blob) + file.key + file.size.to_bytes(8, "big") + file.digest).hexdigest()
    return candidate.passed("decryption").passes(opening, lambda: opened.read(path) == whole_content(rendered))


def content_digest(candidate: Candidate, reader: str, path: str) -> str:
    """Return the SHA-256 (hex) of a file of an edition."""
    if is_as_rendered(candidate, reader, path):
        return candidate.digest(f"{candidate.tree}/editions/{reader}/{path}")
    return sha256(candidate.edition(reader).read(path)).hexdigest()


def _difference(name: str, expected: frozenset[str], found: set[str]) -> Iterator[str]:
    for path in sorted(found - expected):
        yield f"{name} holds {path}, which its readers may not see"
    for path in sorted(expected - found):
        yield f"{name} lacks {path}"


def check_cards(candidate: Candidate) -> Iterator[str]:
    """Sign in with members' codes; check that each opens the member's edition and a record."""
    inputs = candidate.inputs
    slots = {reader: candidate.edition(reader).slot for reader in inputs.programme.readers[1:]}
    for member in chosen_members(inputs.members):
        try:
            opened = candidate.sign_in(member)
        except SealError as error:
            yield f"member {member.id} can't sign in: {error}"
            continue
        if opened.slot != slots[member.edition]:
            yield f"member {member.id} gets another edition than {member.edition}"
        if opened.record is None:
            yield f"member {member.id} has no record"


def check_records(candidate: Candidate) -> Iterator[str]:
    """Open members' records; compare them with the rendered slots and files, and search for data of other members."""
    inputs, secret, pdfs = candidate.inputs, candidate.secret, candidate.pdf_reader
    members = chosen_members(inputs.members)
    own = OwnTexts(candidate, members)
    for member in members:
        code = access_code(secret, member.id, member.code_version)
        opened = candidate.sign_in(member)
        text = candidate.slots.get(member.id, NO_SLOTS).decode()
        digest = candidate.slots.digest(member.id)
        for other in sorted(own.others(member, SLOTS_JSON, digest, partial(_decoded, text))):
            yield f"the record of member {member.id} holds something about member {other}"
        if code.replace("-", "") in text.replace("-", ""):
            yield f"the record of member {member.id} holds the member's access code, which only paper may bear"
        yield from differs_from_tree(candidate, member)
        for path in opened.own_files:
            data = candidate.own_file(member, path)
            if path == CARD_FILE and _holds_code(data, code):
                yield f"the record of member {member.id}: {path} holds the member's access code"
            if is_desk_path(path):  # sheets of other members: `check_desk` looks whose
                continue
            digest = sha256(data).hexdigest()
            for other in sorted(own.others(member, path, digest, partial(readings, path, data, pdfs))):
                yield f"member {member.id}: {path} holds something about member {other}"


def _holds_code(card: bytes, code: str) -> bool:
    """Return whether a file in an Apple Wallet pass holds an access code, with or without hyphens."""
    plain = code.replace("-", "").encode()
    return any(plain in content.replace(b"-", b"") for _, content in card_parts(card))


def _decoded(text: str) -> list[Decoded]:
    return [Decoded.of(text)]


def differs_from_tree(candidate: Candidate, member: Member) -> Iterator[str]:
    """Yield the differences between a member's record, decrypted, and the rendered slots and files."""
    name, opened = f"the record of member {member.id}", candidate.sign_in(member)
    slots = decode_slots(candidate.slots.get(member.id, NO_SLOTS))
    if opened.record is None or dict(opened.record.slots) != slots:
        yield f"{name} isn't what was rendered"
    expected = expected_own_files(candidate.inputs, member, candidate.pdfs.letters, candidate.pdfs.passes)
    if member.id in candidate.inputs.standings.earlier:
        expected |= {slot_file(EARLIER_SLOT, slot_nonce(candidate.secret))}
    yield from _difference(name, expected, set(opened.own_files))
    for path in opened.own_files:
        if opened.read(path) != candidate.own_file(member, path):
            yield f"{name}: {path} isn't what was rendered"


def check_other_records(candidate: Candidate) -> Iterator[str]:
    """Check that all members have slots; decrypt the records of some beyond `chosen_members`, others each time."""
    members = candidate.inputs.members
    for member in members:
        if member.id not in candidate.slots:
            yield f"member {member.id} has no slots"
    for member in other_members(members, candidate.secret.derive("checked records", candidate.publish_id)):
        try:
            yield from differs_from_tree(candidate, member)
        except SealError as error:
            yield f"the record of member {member.id} doesn't open: {error}"


def other_members(members: list[Member], seed: bytes) -> list[Member]:
    """Return some members that `chosen_members` lacks, by a seed."""
    chosen = {member.id for member in chosen_members(members)}
    others = [member for member in members if member.id not in chosen]
    return Random(seed).sample(others, min(MOST_OTHERS, len(others)))  # noqa: S311 - the seed is secret


def expected_own_files(
    inputs: Inputs, member: Member, letters: Letters = NO_LETTERS, passes: Collection[str] = ()
) -> frozenset[str]:
    """Return the expected files of a member's record: the account manager's photo, letters, pass and desk."""
    manager = inputs.programme.manager(member.manager_key)
    photo = {manager.photo} if manager and manager.photo else set()
    card = {CARD_FILE} if member.id in passes else set()
    desk = desk_own_files(member, inputs.members)
    return frozenset(desk | card | photo | {f"letters/{slug}.pdf" for slug, ids in letters.items() if member.id in ids})


def chosen_members(members: list[Member]) -> list[Member]:
    """Return the members to check: all, or a systematic sample and the first of each edition."""
    if len(members) <= MOST_CARDS:
        return members
    first = {member.edition: member for member in reversed(members)}
    spread = members[:: len(members) // MOST_CARDS]
    return list({member.id: member for member in [*first.values(), *spread]}.values())


def check_unreachable(candidate: Candidate) -> Iterator[str]:
    """Yield sealed files that no edition and no record names, apart from decoys without content.

    Small rosters only: every card is opened.
    """
    inputs = candidate.inputs
    if len(inputs.members) > MOST_CARDS:
        return
    named: set[str] = set()
    for reader in inputs.programme.readers[1:]:
        named |= {entry.id for entry in candidate.edition(reader).edition_files.values()}
    for member in inputs.members:
        named |= {entry.id for entry in candidate.sign_in(member).own_files.values()}
    for path in sorted(path for path in candidate.files if path.startswith(BLOBS) and path.count("/") == BLOB_LEVEL):
        if path.rpartition("/")[2] not in named and not is_known_decoy(candidate, path):
            yield f"nobody can open {path}"


def is_known_decoy(candidate: Candidate, path: str) -> bool:
    """Return whether a file is a decoy, now or at an earlier publish."""
    generation, name = candidate.inputs.programme.generation, path.rpartition("/")[2]

    def check() -> bool:
        return is_decoy(candidate.secret, generation, name, (candidate.folder / path).read_bytes())

    return candidate.passed("decoys").passes(f"{generation} {name} {candidate.sealed_digest(path)}", check)
