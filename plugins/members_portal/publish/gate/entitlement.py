"""Expected files of editions and members, compared with the sealed release.

The expected files are derived from the inputs' visibility rules, not from the rendered tree: the comparison finds a
page that was rendered into the wrong edition.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
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
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.readable_text import readings
from members_portal.publish.till.till_data import coupon_items, coupon_offers
from members_portal.seal import SealError
from members_portal.seal.format.blobs import blob_path
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
    """Open every edition, decrypt its files, and compare them with the expected and the rendered files.

    A sealed file that opened to a content at an earlier publish is not decrypted again: the digest of this content is
    compared with that of the rendered file.
    """
    inputs = candidate.inputs
    readers = [reader for reader in inputs.programme.readers if reader != PUBLIC]
    for reader in readers:
        try:
            opened = candidate.edition(reader)
            expected = expected_files(inputs, reader, candidate.pdfs.issues)
            yield from _difference(f"edition {reader}", expected, set(opened.edition_files))
            made = made_files(inputs, reader, candidate.pdfs.issues)
            digest = partial(content_digest, candidate, reader)
            yield from check_attachments(candidate, reader, made, digest, opened.read)
            for path in opened.edition_files:
                if not is_as_rendered(candidate, reader, path):
                    yield f"edition {reader}: {path} isn't what was rendered"
        except (SealError, OSError) as error:
            yield f"edition {reader} doesn't open: {error}"


def is_as_rendered(candidate: Candidate, reader: str, path: str) -> bool:
    """Return whether a file of an edition has the content of the rendered file."""
    opened, rendered = candidate.edition(reader), candidate.tree / "editions" / reader / path
    file = opened.find(path)
    blob = candidate.sealed_digest(blob_path(file.id))
    stated = f"{blob} {sha256(file.key).hexdigest()} {file.size} {file.digest.hex()}"
    if not candidate.digest(rendered).startswith(file.digest.hex()):
        return False
    return candidate.passed("decryption").passes(
        sha256(stated.encode()).hexdigest(), lambda: opened.read(path) == rendered.read_bytes()
    )


def content_digest(candidate: Candidate, reader: str, path: str) -> str:
    """Return the SHA-256 (hex) of a file of an edition."""
    if is_as_rendered(candidate, reader, path):
        return candidate.digest(candidate.tree / "editions" / reader / path)
    return sha256(candidate.edition(reader).read(path)).hexdigest()


def _difference(name: str, expected: frozenset[str], found: set[str]) -> Iterator[str]:
    for path in sorted(found - expected):
        yield f"{name} holds {path}, which its readers may not see"
    for path in sorted(expected - found):
        yield f"{name} lacks {path}"


def check_attachments(
    candidate: Candidate,
    reader: str,
    made: Collection[str],
    digest_of: Callable[[str], str],
    read: Callable[[str], bytes],
) -> Iterator[str]:
    """Yield the attachments of an edition that have the path of a file of the product, or another content."""
    own = {folded(path) for path in made}
    for path, digest in published_files(candidate.inputs, reader).items():
        if folded(path) in own:
            yield f"edition {reader}: the attachment {path} has the path of a file of the product"
        elif digest_of(path) != digest:
            yield f"edition {reader}: {path} isn't the file below content/"
        elif is_raster(path) and digest not in candidate.inspected:  # editions share most pictures
            candidate.inspected.add(digest)
            yield from (f"edition {reader}: {path} {fault}" for fault in _new_faults(candidate, digest, path, read))


def _new_faults(candidate: Candidate, digest: str, path: str, read: Callable[[str], bytes]) -> list[str]:
    """Return the faults of a picture; it is not read if it passed before."""
    faults: list[str] = []

    def passes() -> bool:
        faults.extend(picture_faults(read(path)))
        return not faults

    candidate.passed("metadata").passes(digest, passes)
    return faults


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
    inputs, secret = candidate.inputs, candidate.secret
    members, pdfs = chosen_members(inputs.members), candidate.pdf_reader
    identities = hidden_from_other_members(members, secret, coupon_offers(inputs, secret))
    likely = identities | hidden_addresses(members, ())

    @cache
    def watchlist(reader: str) -> Watchlist:
        return identities | hidden_addresses(members, written_for(inputs, reader))

    def others(member: Member, decoded: Iterable[Decoded]) -> set[str]:
        return {
            other
            for each in decoded
            if likely.find(each) - {member.id}  # few records need the texts of their edition
            for other in watchlist(member.edition).find(each) - {member.id}
        }

    for member in members:
        code = access_code(secret, member.id, member.code_version)
        opened = candidate.sign_in(member)
        folder = candidate.tree / "members" / member.id
        text = candidate.slots.get(member.id, NO_SLOTS).decode()
        for other in sorted(others(member, [Decoded.of(text)])):
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
            for other in sorted(others(member, readings(path, data, pdfs))):
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
        named |= {entry.id for entry in candidate.edition(reader).edition_files.values()}
    for member in inputs.members:
        named |= {entry.id for entry in candidate.sign_in(member).own_files.values()}
    for path in (release / "_" / "b").glob("*/*"):
        if path.name not in named and not is_decoy(secret, generation, path.name, path.read_bytes()):
            yield f"nobody can open {path.relative_to(release)}"
