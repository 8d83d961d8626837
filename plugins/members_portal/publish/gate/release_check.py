"""Stage 6: check a sealed release for leaks and for missing files.

The checks: an allowlist of files, a search for members' texts in all plaintext, the signature, and sign-ins that
decrypt the files of every edition and member.
"""

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.generator import WORKER
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.asset import asset_versions
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.decoding import Decoded, decodings, search_words
from members_portal.publish.gate.entitlement import (
    check_cards,
    check_editions,
    check_records,
    check_unreachable,
    expected_files,
)
from members_portal.publish.gate.hidden_text import hidden_coupon_data, hidden_from_outsiders, hidden_from_readers
from members_portal.publish.publish_error import Leak
from members_portal.seal import SealError, verify_release
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap, encode_bootstrap
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, encode_digests, sign

MOST_LEAKS_SHOWN = 40  # findings in one message
SEALED_HEAD = 1 << 12  # bytes of a sealed file to compress

_CARDS_AND_MANIFESTS = re.compile(r"_/(?:c/[0-9a-f]{32}/[0-9a-f]{4}|m/[0-9a-f]{32}/[0-7])")
_BLOB = re.compile(r"_/b/([0-9a-f]{2})/\1[0-9a-f]{30}")
_OWN_FILES = frozenset({PATH, DIGESTS, SIGNATURE})


def check_release(candidate: Candidate) -> None:
    """Run all checks; raise Leak with their findings."""
    findings: list[str] = []
    for check in (
        check_allowlist(candidate),
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
    allowed = expected_files(candidate.inputs, PUBLIC) | theme_files(candidate)
    found = clear_files(release)
    for path in sorted(found - allowed):
        yield f"{path} has no place in a release"
    for path in sorted(allowed - found):
        yield f"{path} is missing from the release"
    for path in sorted(found & allowed):
        if (release / path).read_bytes() != (candidate.tree / PUBLIC / path).read_bytes():
            yield f"{path} isn't what was rendered"
    for path in sorted(all_files(release)):
        if (release / path).is_symlink():
            yield f"{path} is a link"


def theme_files(candidate: Candidate) -> frozenset[str]:
    """Return the expected paths of the theme's files in a release."""
    static = asset_versions(candidate.context.theme / "static").keys() - {WORKER}
    fonts = {f"theme/fonts/{name}.woff2" for name in candidate.inputs.site.fonts}
    return frozenset({f"theme/{path}" for path in static} | fonts)


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
    return bool(_CARDS_AND_MANIFESTS.fullmatch(path) or _BLOB.fullmatch(path))


def clear_files(release: Path) -> set[str]:
    """Return the paths of plaintext files, without the bootstrap, digests and signature."""
    return {path for path in all_files(release) if not is_sealed(path)} - _OWN_FILES


def check_plaintext(candidate: Candidate) -> Iterator[str]:
    """Search all plaintext files for members' texts.

    In pictures and attachments of public items, search for phrases only: an attachment may use words that no public
    markdown contains.
    """
    watchlist = hidden_from_outsiders(candidate.inputs, candidate.secret, candidate.context)
    attached = attachments(candidate.inputs)
    for path in sorted(clear_files(candidate.folder)):
        data = (candidate.folder / path).read_bytes()
        asked = watchlist.only_phrases() if path in attached else watchlist
        found = watchlist.find(Decoded(search_words(path))).union(*(asked.find(decoded) for decoded in decodings(data)))
        for what in sorted(found):
            yield f"{path} holds {what} in clear"


def attachments(inputs: Inputs) -> set[str]:
    """Return the paths of the pictures and attachments of public items."""
    items = inputs.library.items.values()
    shown = (item.files for item in items if item.visible_to(PUBLIC, inputs.on))
    return set().union(*shown)


def check_own_files(candidate: Candidate) -> Iterator[str]:
    """Compare bootstrap, digests and signature with the bytes that the format prescribes."""
    release, secret = candidate.folder, candidate.secret
    verify_release(release, secret.public_key)
    start = decode_bootstrap((release / PATH).read_bytes())
    signed = sorted(path for path in all_files(release) - {DIGESTS, SIGNATURE} if not _BLOB.fullmatch(path))
    digests = {path: sha256((release / path).read_bytes()).hexdigest() for path in signed}
    data = encode_digests(digests, start.publish, start.sequence)
    due = {
        PATH: encode_bootstrap(replace(start, site=secret.site, date=candidate.inputs.on.isoformat())),
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
    """Search all pages of all editions for hidden items, till keys and coupon codes (staff may read these)."""
    inputs = candidate.inputs
    coupons = hidden_coupon_data(inputs, candidate.secret)
    for reader in inputs.programme.readers[1:]:
        watchlist = hidden_from_readers(inputs, reader, candidate.context)
        watchlist = watchlist if reader == STAFF else watchlist | coupons
        folder = candidate.tree / "editions" / reader
        for file in sorted(folder.rglob("*.html")):
            for what in sorted(watchlist.find(Decoded(search_words(file.read_text("utf-8"))))):
                yield f"edition {reader}: {file.relative_to(folder)} holds {what}"
