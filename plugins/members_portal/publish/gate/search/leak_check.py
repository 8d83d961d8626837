"""Search plaintext, editions and members' files for texts that their readers may not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote

from members_portal.loyalty.input.problem import shown_path
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import DAY
from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.desk.desk_file import is_desk_path
from members_portal.publish.gate.candidate import Candidate, paths_in, whole_content
from members_portal.publish.gate.entitlement import chosen_members
from members_portal.publish.gate.kept.attachment_check import attachments
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.readable_text import SLOTS_JSON, history_texts, is_earlier, member_searches, readings
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.release_texts import clear_text, readable_text, slots_text
from members_portal.publish.gate.search.search_record import SearchedText
from members_portal.publish.gate.work_limit import TooComplex
from members_portal.seal.member_slots import NO_SLOTS


def check_plaintext(candidate: Candidate) -> Iterator[str]:
    """Search all plaintext files for members' texts.

    In pictures and attachments of public items, search for phrases only: an attachment may use words that no public
    markdown contains.
    """
    texts = {}
    for path in sorted(candidate.clear_files):
        file = f"{candidate.folder}/{path}"
        texts[path] = clear_text(path, file, candidate.digest(file), candidate.pdf_reader)
    found = candidate.leaks.leaks_in_clear(texts, candidate.once("attachments", PUBLIC, attachments))
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

    In editions also for answers of members, till keys and coupon codes (staff may read codes). Members: all, or a
    sample of many.
    """
    readers, members = candidate.inputs.programme.readers[1:], chosen_members(candidate.inputs.members)
    editions = {
        reader: _texts(candidate, f"editions/{reader}", candidate.rendered_editions[reader]) for reader in readers
    }
    own = {member.id: _member_texts(candidate, member) for member in members}
    by_path: dict[str, list[SearchedText]] = defaultdict(list)  # the versions of a page share most lines
    for path, text in (each for texts in editions.values() for each in texts.items()):
        by_path[path].append(text)
    candidate.leaks.search_readable(
        [*by_path.values(), *((text,) for texts in own.values() for text in texts.values())]
    )
    for reader in readers:
        yield from _check_edition(candidate, reader, editions[reader])
        for member in members:
            if member.edition == reader:
                yield from _check_member(candidate, member, own[member.id])


def _check_edition(candidate: Candidate, reader: str, texts: Mapping[str, SearchedText]) -> Iterator[str]:
    attached = candidate.once("attachments", reader, attachments)
    for path, text in texts.items():
        if why := candidate.leaks.refused(text):
            yield f"edition {reader}: {path} {why}{_linked_at(candidate, path)}"
            continue
        answers = set() if is_desk_path(path) else candidate.leaks.answers_in(reader, text)
        for what in sorted(candidate.leaks.leaks_to(reader, text, attached=path in attached) | answers):
            yield f"edition {reader}: {path} holds {what}"


def _check_member(candidate: Candidate, member: Member, texts: Mapping[str, SearchedText]) -> Iterator[str]:
    """Yield the findings in the files of a member; the member's own ledger lines are no leak."""
    accounts, since = (
        candidate.inputs.standings.accounts,
        candidate.inputs.programme.statement.since(candidate.inputs.on),
    )
    for path, text in texts.items():
        if why := candidate.leaks.refused(text):
            yield f"member {member.id}: {path} {why}"
        elif candidate.leaks.phrases_hidden_from(member.edition, text):
            is_slots, account = path == SLOTS_JSON, accounts.get(member.id)
            own = history_texts(account, last=since - DAY) if is_earlier(path) else history_texts(account, since)
            data = _slots(candidate, member) if is_slots else candidate.own_file(member, path)
            for asked, part in member_searches(path, data, candidate.leaks.watchlist(member.edition), own):
                yield from _found(f"member {member.id}: {path}", asked, readings(path, part, candidate.pdf_reader))


def _texts(candidate: Candidate, folder: str, paths: Iterable[str]) -> dict[str, SearchedText]:
    """Return files of a folder of the tree, by path."""
    files = {path: f"{candidate.tree}/{folder}/{path}" for path in sorted(paths)}
    return {
        path: readable_text(path, partial(whole_content, file), candidate.digest(file), candidate.pdf_reader)
        for path, file in files.items()
    }


def _member_texts(candidate: Candidate, member: Member) -> dict[str, SearchedText]:
    """Return the files of a member, by path, and the slots as SLOTS_JSON."""
    read, digest = partial(_slots, candidate, member), candidate.slots.digest(member.id)
    slots = slots_text(read, digest, candidate.pdf_reader)
    own = _texts(candidate, _folder(member), paths_in(f"{candidate.tree}/{_folder(member)}"))
    if place := candidate.slots.texts.get(member.id):
        own[place.path] = readable_text(place.path, place.read, place.digest, candidate.pdf_reader)
    return {**own, SLOTS_JSON: slots}


def _slots(candidate: Candidate, member: Member) -> bytes:
    return candidate.slots.get(member.id, NO_SLOTS)


def _folder(member: Member) -> str:
    return f"members/{member.id}"


def _found(name: str, watchlist: Watchlist, decoded: Iterable[Decoded]) -> Iterator[str]:
    try:
        found = set[str]().union(*map(watchlist.find, decoded))
    except TooComplex as error:
        yield f"{name} {error}"
        return
    yield from (f"{name} holds {what}" for what in sorted(found))
