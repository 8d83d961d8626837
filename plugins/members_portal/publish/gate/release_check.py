"""Stage 6: check a sealed release for leaks and for missing files.

The checks: an allowlist of files, the digests of scripts and styles, fonts and pictures that open, a search for
members' texts in all plaintext, the signature, and sign-ins that decrypt the files of every edition and member.
"""

import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from members_portal.loyalty.input.problem import shown_path
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.generator import WORKER
from members_portal.portal.rendering.asset import asset_versions
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.decoding import Decoded, decoded_text, decodings
from members_portal.publish.gate.entitlement import (
    attachments,
    check_attachments,
    check_cards,
    check_editions,
    check_records,
    check_unreachable,
    chosen_members,
    made_files,
)
from members_portal.publish.gate.hidden_text import hidden_coupon_data, hidden_from_outsiders, hidden_from_readers
from members_portal.publish.gate.integrity import check_integrity
from members_portal.publish.gate.media_check import check_media
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.readable_text import history_texts, member_searches, readings, typed_forms
from members_portal.publish.gate.work_limit import TooComplex
from members_portal.publish.publish_error import Leak
from members_portal.seal import SealError, verify_release
from members_portal.seal.audit import is_sealed_path, sealed_digest
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap, encode_bootstrap
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, encode_digests, sign
from members_portal.seal.member_slots import NO_SLOTS, SLOTS_FILE

MOST_LEAKS_SHOWN = 40  # findings in one message
SEALED_HEAD = 1 << 12  # bytes of a sealed file to compress

_CARDS_AND_MANIFESTS = re.compile(r"_/(?:c/[0-9a-f]{32}/[0-9a-f]{4}|m/[0-9a-f]{32}/[0-7]|l/[0-9a-f]{32})")
_OWN_FILES = frozenset({PATH, DIGESTS, SIGNATURE})


def check_release(candidate: Candidate) -> None:
    """Run all checks; raise Leak with their findings."""
    findings: list[str] = []
    for check in (
        check_allowlist(candidate),
        check_integrity(candidate),
        check_media(candidate),
        check_plaintext(candidate),
        check_own_files(candidate),
        check_sealed(candidate),
        check_editions(candidate),
        check_tiers(candidate),
        check_cards(candidate),
        check_records(candidate),
        check_unreachable(candidate),
    ):
        try:
            findings.extend(check)
        except (SealError, OSError) as error:
            findings.append(str(error))
    if findings:
        more = [f"… and {len(findings) - MOST_LEAKS_SHOWN} more"] if len(findings) > MOST_LEAKS_SHOWN else []
        raise Leak(findings[:MOST_LEAKS_SHOWN] + more)


def check_allowlist(candidate: Candidate) -> Iterator[str]:
    """Yield unexpected, missing and changed plaintext files, and links."""
    release = candidate.folder
    made = made_files(candidate.inputs, PUBLIC) | theme_files(candidate)
    allowed = made | attachments(candidate.inputs, PUBLIC)
    found = clear_files(release)
    for path in sorted(found - allowed):
        yield f"{path} has no place in a release"
    for path in sorted(allowed - found):
        yield f"{path} is missing from the release"
    for path in sorted(found & allowed):
        if (release / path).read_bytes() != (candidate.tree / PUBLIC / path).read_bytes():
            yield f"{path} isn't what was rendered"
    if allowed <= found:
        yield from check_attachments(candidate, PUBLIC, made, lambda path: (release / path).read_bytes())
    yield from _changed_theme_files(candidate, found)
    for path in sorted(all_files(release)):
        if (release / path).is_symlink():
            yield f"{path} is a link"


def theme_files(candidate: Candidate) -> frozenset[str]:
    """Return the expected paths of the theme's files in a release."""
    static = asset_versions(candidate.context.theme / "static").keys() - {WORKER}
    fonts = {f"theme/fonts/{name}.woff2" for name in candidate.inputs.site.fonts}
    return frozenset({f"theme/{path}" for path in static} | fonts)


def _changed_theme_files(candidate: Candidate, found: set[str]) -> Iterator[str]:
    """Yield the files of the theme that differ from their source."""
    static = candidate.context.theme / "static"
    for path in sorted(asset_versions(static).keys() - {WORKER}):
        released = candidate.folder / "theme" / path
        if f"theme/{path}" in found and released.read_bytes() != (static / path).read_bytes():
            yield f"theme/{path} isn't the theme's own file"


def all_files(release: Path) -> set[str]:
    """Return the paths of all files and links of a release."""
    start = len(f"{release}/")
    found = (
        os.path.join(folder, name)
        for folder, folders, files in os.walk(release)
        for name in (*files, *(name for name in folders if os.path.islink(os.path.join(folder, name))))
    )
    return {path[start:] for path in found}


def is_sealed(path: str) -> bool:
    """Return whether a path is that of a sealed file."""
    return bool(_CARDS_AND_MANIFESTS.fullmatch(path) or is_sealed_path(path))


def clear_files(release: Path) -> set[str]:
    """Return the paths of plaintext files, without the bootstrap, digests and signature."""
    return {path for path in all_files(release) if not is_sealed(path)} - _OWN_FILES


def check_plaintext(candidate: Candidate) -> Iterator[str]:
    """Search all plaintext files for members' texts.

    In pictures and attachments of public items, search for phrases only: an attachment may use words that no public
    markdown contains.
    """
    watchlist = hidden_from_outsiders(candidate.inputs, candidate.secret, candidate.context)
    attached = attachments(candidate.inputs, PUBLIC)
    for path in sorted(clear_files(candidate.folder)):
        data = (candidate.folder / path).read_bytes()
        asked = watchlist.only_phrases() if path in attached else watchlist
        try:
            found = watchlist.find(Decoded.of(path)).union(
                *(asked.find(decoded) for decoded in _all_forms(path, data, candidate.pdf_reader))
            )
        except TooComplex as error:
            yield f"{path} {error}{_linked_at(candidate, path)}"
            continue
        for what in sorted(found):
            yield f"{path} holds {what} in clear"


def _all_forms(path: str, data: bytes, pdfs: PdfReader) -> Iterator[Decoded]:
    """Yield the decodings of a file, and the text of calendars, contacts and captions without breaks."""
    yield from decodings(data, pdfs)
    for form in typed_forms(path, decoded_text(data) or ""):
        yield Decoded.of(form)


def _linked_at(candidate: Candidate, path: str) -> str:
    """Return the place where a text links a file: ` (content/pages/visit.md:12)`; empty for other files."""
    for item in candidate.inputs.library.items.values():
        if path in item.files:
            file = candidate.inputs.library.folder / item.path
            lines = unquote(file.read_text("utf-8")).splitlines()
            name = path.rpartition("/")[2]
            return f" ({shown_path(file)}:{next((at for at, line in enumerate(lines, 1) if name in line), 1)})"
    return ""


def check_own_files(candidate: Candidate) -> Iterator[str]:
    """Compare bootstrap, digests and signature with the bytes that the format prescribes."""
    release, secret = candidate.folder, candidate.secret
    verify_release(release, secret.public_key)
    start = decode_bootstrap((release / PATH).read_bytes())
    found = all_files(release)
    signed = sorted(path for path in found - {DIGESTS, SIGNATURE} if not is_sealed_path(path))
    digests = {path: sha256((release / path).read_bytes()).hexdigest() for path in signed}
    data = encode_digests(digests, sealed_digest(release, found), start.publish, start.sequence)
    due = {
        PATH: encode_bootstrap(replace(start, site=secret.site, date=candidate.inputs.on.isoformat()), secret),
        DIGESTS: data,
        SIGNATURE: sign(secret, data),
    }
    for path, expected in due.items():
        if (release / path).read_bytes() != expected:
            yield f"{path} holds something else than the format says"


def check_sealed(candidate: Candidate) -> Iterator[str]:
    """Check that sealed files look random, that is, cannot be compressed."""
    for path in sorted(all_files(candidate.folder)):
        if is_sealed(path):
            with open(candidate.folder / path, "rb") as file:
                head = file.read(SEALED_HEAD)
            if len(zlib.compress(head, 1)) < len(head):
                yield f"{path} isn't sealed"


def check_tiers(candidate: Candidate) -> Iterator[str]:
    """Search all readable files of editions and members for items that their readers may not see today.

    In editions also for till keys and coupon codes (staff may read these). Members: all, or a sample of many.
    """
    inputs, pdfs = candidate.inputs, candidate.pdf_reader
    coupons = hidden_coupon_data(inputs, candidate.secret)
    members = chosen_members(inputs.members)
    for reader in inputs.programme.readers[1:]:
        hidden = hidden_from_readers(inputs, reader, candidate.context)
        attached = attachments(inputs, reader)
        for path, data in _files_in(candidate.tree / "editions" / reader):
            asked = hidden.only_distinctive() if path in attached else hidden
            asked = asked if reader == STAFF else asked | coupons
            place = partial(_linked_at, candidate, path)
            yield from _found(f"edition {reader}: {path}", asked, readings(path, data, pdfs), place)
        for member in members:
            if member.edition == reader:
                yield from check_member(candidate, member, hidden)


def check_member(candidate: Candidate, member: Member, hidden: Watchlist) -> Iterator[str]:
    """Search the files of a member; the member's own ledger lines are no leak."""
    own = history_texts(candidate.inputs.standings.accounts.get(member.id))
    slots = {SLOTS_FILE: candidate.slots.get(member.id, NO_SLOTS)}
    for path, data in [*slots.items(), *_files_in(candidate.tree / "members" / member.id)]:
        for asked, part in member_searches(path, data, hidden, own):
            yield from _found(f"member {member.id}: {path}", asked, readings(path, part, candidate.pdf_reader), str)


def _files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield file.relative_to(folder).as_posix(), file.read_bytes()


def _found(name: str, watchlist: Watchlist, decoded: Iterable[Decoded], place: Callable[[], str]) -> Iterator[str]:
    """Yield the findings of a file; `place` names the text that links it."""
    try:
        found = set[str]().union(*map(watchlist.find, decoded))
    except TooComplex as error:
        yield f"{name} {error}{place()}"
        return
    for what in sorted(found):
        yield f"{name} holds {what}"
