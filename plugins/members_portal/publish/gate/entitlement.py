"""Expected files of editions and members, compared with the sealed release.

The expected files are derived from the inputs' visibility rules, not from the rendered tree: the comparison finds a
page that was rendered into the wrong edition.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.picture_file import UnreadablePicture, find_metadata, is_raster
from members_portal.portal.content.attachment import folded
from members_portal.portal.content.item import KINDS, Item, Newsletter
from members_portal.portal.inputs import Inputs
from members_portal.portal.picture.picture_markup import rendition_addresses
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.decoding import Decoded
from members_portal.publish.gate.hidden_text import hidden_addresses, hidden_from_other_members, written_for
from members_portal.publish.gate.readable_text import readings
from members_portal.publish.till.till_data import coupon_items, coupon_offers
from members_portal.seal import SealError, open_edition, open_release
from members_portal.seal.format.decoys import is_decoy
from members_portal.seal.format.record import decode_slots
from members_portal.seal.key.access_code import access_code
from members_portal.seal.member_slots import NO_SLOTS

MOST_CARDS = 500  # sign-ins checked; with more members, a systematic sample and the first of each edition

Letters = Mapping[str, Collection[str]]  # ids of the members with a letter, by newsletter slug
NO_LETTERS: Letters = {}

MEMBERS_PAGES = ("index.html", "404.html", "tiers/index.html", "account/index.html", "assets/tiers.css")
PUBLIC_PAGES = ("index.html", "404.html", "sw.js")
TILL_PAGE = "till/index.html"


def expected_files(inputs: Inputs, reader: str, pdfs: Collection[str] = ()) -> frozenset[str]:
    """Return the expected files of an edition without the theme: the product's own files, and files of items.

    `pdfs`: slugs of the newsletters with PDFs; an edition has the PDFs of its own issues.
    """
    return made_files(inputs, reader, pdfs) | attachments(inputs, reader)


def attachments(inputs: Inputs, reader: str) -> frozenset[str]:
    """Return the paths of the pictures and attachments of an edition."""
    items = visible_items(inputs, reader)
    return frozenset().union(*(item.files for item in items), rendered_pictures(inputs, reader))


def rendered_pictures(inputs: Inputs, reader: str) -> dict[str, str]:
    """Map the renditions of pictures in an edition to the paths of their pictures."""
    return dict(rendition_addresses(visible_items(inputs, reader), inputs.pictures))


def visible_items(inputs: Inputs, reader: str) -> list[Item]:
    """Return the items that a reader may see on the day."""
    return [item for item in inputs.library.items.values() if item.visible_to(reader, inputs.on)]


def made_files(inputs: Inputs, reader: str, pdfs: Collection[str] = ()) -> frozenset[str]:
    """Return the files that the product makes for an edition: pages of items, lists, fixed pages, PDFs."""
    items = visible_items(inputs, reader)
    lists = {kind.url for kind in KINDS if kind.url and any(item.kind is kind for item in items)}
    fixed = PUBLIC_PAGES if reader == PUBLIC else (*MEMBERS_PAGES, *_tier_pages(inputs))
    pages = {f"{url}index.html" for url in lists | {item.url for item in items}}
    till = [TILL_PAGE] if reader == STAFF and coupon_items(inputs) else []
    printed = [f"{item.url}{item.slug}.pdf" for item in items if _is_printed(item, reader, pdfs)]
    return frozenset({*fixed, *till, *pages, *printed})


def _is_printed(item: Item, reader: str, pdfs: Collection[str]) -> bool:
    return isinstance(item.front, Newsletter) and reader != PUBLIC and item.slug in pdfs


def _tier_pages(inputs: Inputs) -> list[str]:
    return [f"tiers/{tier}/index.html" for tier in inputs.programme.ladder]


def check_editions(candidate: Candidate) -> Iterator[str]:
    """Open every edition, decrypt all its files, and compare them with the expected and the rendered files."""
    inputs = candidate.inputs
    readers = [reader for reader in inputs.programme.readers if reader != PUBLIC]
    for reader in readers:
        try:
            opened = open_edition(candidate.folder, candidate.secret, reader)
            expected = expected_files(inputs, reader, candidate.pdfs.issues)
            yield from _difference(f"edition {reader}", expected, set(opened.edition_files))
            made = made_files(inputs, reader, candidate.pdfs.issues)
            yield from check_attachments(candidate, reader, made, opened.read)
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


def check_attachments(
    candidate: Candidate, reader: str, made: Collection[str], read: Callable[[str], bytes]
) -> Iterator[str]:
    """Yield the attachments of an edition that have the path of a file of the product, or another content."""
    own = {folded(path) for path in made}
    for path, digest in published_files(candidate.inputs, reader).items():
        if folded(path) in own:
            yield f"edition {reader}: the attachment {path} has the path of a file of the product"
        elif sha256(data := read(path)).hexdigest() != digest:
            yield f"edition {reader}: {path} isn't the file below content/"
        elif is_raster(path) and digest not in candidate.inspected:  # editions share most pictures
            candidate.inspected.add(digest)
            yield from (f"edition {reader}: {path} {fault}" for fault in picture_faults(data))


def published_files(inputs: Inputs, reader: str) -> dict[str, str]:
    """Map the attachments of an edition to the digests of their bytes: files below content/, pictures as encoded."""
    renditions = rendered_pictures(inputs, reader)
    due = {path: inputs.pictures.published_digests(path)[path] for path in attachments(inputs, reader) - {*renditions}}
    due |= {address: inputs.pictures.published_digests(path)[address] for address, path in renditions.items()}
    return dict(sorted(due.items()))


def picture_faults(data: bytes) -> tuple[str, ...]:
    """Return why the bytes of a picture must not be published: they hold metadata, or no picture."""
    try:
        return tuple(f"holds metadata: {name}" for name in find_metadata(data))
    except UnreadablePicture as error:
        return (error.what,)


def check_cards(candidate: Candidate) -> Iterator[str]:
    """Sign in with members' codes; check that each opens the member's edition and a record."""
    release, inputs, secret = candidate.folder, candidate.inputs, candidate.secret
    slots = {reader: open_edition(release, secret, reader).slot for reader in inputs.programme.readers[1:]}
    for member in chosen_members(inputs.members):
        try:
            code = access_code(secret, member.id, member.code_version)
            opened = open_release(release, code, secret.public_key)
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
    members, pdfs = chosen_members(inputs.members), candidate.pdf_reader
    identities = hidden_from_other_members(members, secret, coupon_offers(inputs, secret))
    watchlists = {reader: identities | hidden_addresses(members, written_for(inputs, reader))
                  for reader in sorted({member.edition for member in members})}  # fmt: skip
    for member in members:
        watchlist = watchlists[member.edition]
        code = access_code(secret, member.id, member.code_version)
        opened = open_release(release, code, secret.public_key)
        folder = candidate.tree / "members" / member.id
        text = candidate.slots.get(member.id, NO_SLOTS).decode()
        for other in sorted(watchlist.find(Decoded.of(text)) - {member.id}):
            yield f"the record of member {member.id} holds something about member {other}"
        if code.replace("-", "") in text.replace("-", ""):
            yield f"the record of member {member.id} holds the member's access code, which only paper may bear"
        if opened.record is None or dict(opened.record.slots) != decode_slots(text.encode()):
            yield f"the record of member {member.id} isn't what was rendered"
        expected = expected_own_files(inputs, member, candidate.pdfs.letters)
        yield from _difference(f"the record of member {member.id}", expected, set(opened.own_files))
        for path in opened.own_files:
            data = (folder / path).read_bytes()
            if opened.read(path) != data:
                yield f"the record of member {member.id}: {path} isn't what was rendered"
            others = set[str]().union(*(watchlist.find(each) for each in readings(path, data, pdfs))) - {member.id}
            for other in sorted(others):
                yield f"member {member.id}: {path} holds something about member {other}"


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
    """Yield sealed files that no edition and no record names, apart from decoys without content.

    Small rosters only: every card is opened.
    """
    release, inputs, secret = candidate.folder, candidate.inputs, candidate.secret
    generation = inputs.programme.generation
    if len(inputs.members) > MOST_CARDS:
        return
    named: set[str] = set()
    for reader in inputs.programme.readers[1:]:
        named |= {entry.id for entry in open_edition(release, secret, reader).edition_files.values()}
    for member in inputs.members:
        opened = open_release(release, access_code(secret, member.id, member.code_version), secret.public_key)
        named |= {entry.id for entry in opened.own_files.values()}
    for path in (release / "_" / "b").glob("*/*"):
        if path.name not in named and not is_decoy(secret, generation, path.name, path.read_bytes()):
            yield f"nobody can open {path.relative_to(release)}"
