"""Search plaintext, editions and members' files for texts that their readers may not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from members_portal.loyalty.input.problem import shown_path
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.publish.gate.candidate import Candidate, paths_in
from members_portal.publish.gate.decoding import Decoded
from members_portal.publish.gate.entitlement import attachments, chosen_members
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.readable_text import SLOTS_JSON, history_texts, member_searches, readings
from members_portal.publish.gate.search.release_texts import clear_text, readable_text
from members_portal.publish.gate.search.search_record import SearchedText
from members_portal.publish.gate.work_limit import TooComplex
from members_portal.seal.member_slots import NO_SLOTS

EDITIONS, MEMBERS_FOLDER = "editions", "members"
Place = tuple[str, str]  # an edition or a member, and the path of a file


def check_plaintext(candidate: Candidate) -> Iterator[str]:
    """Search all plaintext files for members' texts.

    In pictures and attachments of public items, search for phrases only: an attachment may use words that no public
    markdown contains.
    """
    texts = {
        path: clear_text(path, candidate.folder / path, candidate.digest(candidate.folder / path), candidate.pdf_reader)
        for path in sorted(candidate.clear_files)
    }
    found = candidate.leaks.leaks_in_clear(texts, attachments(candidate.inputs, PUBLIC))
    for path, text in texts.items():
        if why := candidate.leaks.refused(text):
            yield f"{path} {why}{_linked_at(candidate, path)}"
        else:
            yield from (f"{path} holds {what} in clear" for what in sorted(found[path]))


def _linked_at(candidate: Candidate, path: str) -> str:
    """Return the place where a text links a file: ` (content/pages/visit.md:12)`; empty for other files."""
    for item in candidate.inputs.library.items.values():
        if path in item.files:
            file = candidate.inputs.library.folder / item.path
            lines = unquote(file.read_text("utf-8")).splitlines()
            name = path.rpartition("/")[2]
            return f" ({shown_path(file)}:{next((at for at, line in enumerate(lines, 1) if name in line), 1)})"
    return ""


def check_tiers(candidate: Candidate) -> Iterator[str]:
    """Search all readable files of editions and members for items that their readers may not see today.

    In editions also for till keys and coupon codes (staff may read these). Members: all, or a sample of many.
    """
    members = chosen_members(candidate.inputs.members)
    editions, own = _edition_texts(candidate), _member_texts(candidate, members)
    by_path: dict[str, list[SearchedText]] = defaultdict(list)  # the versions of a page share most lines
    for (_, path), text in editions.items():
        by_path[path].append(text)
    candidate.leaks.search_readable([*by_path.values(), *((text,) for text in own.values())])
    for reader in candidate.inputs.programme.readers[1:]:
        attached = attachments(candidate.inputs, reader)
        for (edition, path), text in editions.items():
            if edition == reader:
                yield from _edition_findings(candidate, reader, path, text, attached=path in attached)
        for member in members:
            if member.edition == reader:
                yield from check_member(candidate, member, own)


def _edition_findings(
    candidate: Candidate, reader: str, path: str, text: SearchedText, *, attached: bool
) -> Iterator[str]:
    if why := candidate.leaks.refused(text):
        yield f"edition {reader}: {path} {why}{_linked_at(candidate, path)}"
    for what in sorted(candidate.leaks.leaks_to(reader, text, attached=attached)):
        yield f"edition {reader}: {path} holds {what}"


def check_member(candidate: Candidate, member: Member, texts: dict[Place, SearchedText]) -> Iterator[str]:
    """Yield the findings in the files of a member; the member's own ledger lines are no leak."""
    own = history_texts(candidate.inputs.standings.accounts.get(member.id))
    for (owner, path), text in texts.items():
        if owner != member.id:
            continue
        if why := candidate.leaks.refused(text):
            yield f"member {member.id}: {path} {why}"
        elif candidate.leaks.phrases_hidden_from(member.edition, text):
            is_slots = path == SLOTS_JSON
            data = _slots(candidate, owner) if is_slots else (_members(candidate) / owner / path).read_bytes()
            for asked, part in member_searches(path, data, candidate.leaks.watchlist(member.edition), own):
                yield from _found(f"member {member.id}: {path}", asked, readings(path, part, candidate.pdf_reader))


def _edition_texts(candidate: Candidate) -> dict[Place, SearchedText]:
    return dict(_texts(candidate, EDITIONS, candidate.inputs.programme.readers[1:]))


def _member_texts(candidate: Candidate, members: Iterable[Member]) -> dict[Place, SearchedText]:
    names = [member.id for member in members]
    return {
        **{(name, SLOTS_JSON): _slots_text(candidate, name) for name in names},
        **dict(_texts(candidate, MEMBERS_FOLDER, names)),
    }


def _slots_text(candidate: Candidate, member: str) -> SearchedText:
    slots = _slots(candidate, member)
    return readable_text(SLOTS_JSON, lambda: slots, sha256(slots).hexdigest(), candidate.pdf_reader)


def _slots(candidate: Candidate, member: str) -> bytes:
    return candidate.slots.get(member, NO_SLOTS)


def _members(candidate: Candidate) -> Path:
    return candidate.tree / MEMBERS_FOLDER


def _texts(candidate: Candidate, folder: str, names: Iterable[str]) -> Iterator[tuple[Place, SearchedText]]:
    """Yield the files of editions or members."""
    for name in names:
        root = candidate.tree / folder / name
        for path in sorted(paths_in(root)):
            yield (
                (name, path),
                readable_text(path, (root / path).read_bytes, candidate.digest(root / path), candidate.pdf_reader),
            )


def _found(name: str, watchlist: Watchlist, decoded: Iterable[Decoded]) -> Iterator[str]:
    try:
        found = set[str]().union(*map(watchlist.find, decoded))
    except TooComplex as error:
        yield f"{name} {error}"
        return
    yield from (f"{name} holds {what}" for what in sorted(found))
