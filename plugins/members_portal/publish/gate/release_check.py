"""Stage 6: check a sealed release for leaks and for missing files.

The checks: an allowlist of files, the digests of scripts and styles, fonts and pictures that open, a search for
members' texts in all plaintext, the signature, and sign-ins that decrypt the files of every edition and member.
"""

import os
import zlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.generator import WORKER
from members_portal.portal.rendering.asset import theme_assets
from members_portal.portal.web_manifest import MANIFEST
from members_portal.publish.gate.candidate import Candidate, is_sealed
from members_portal.publish.gate.entitlement import (
    check_cards,
    check_editions,
    check_other_records,
    check_records,
    check_unreachable,
    made_files,
)
from members_portal.publish.gate.integrity import check_integrity
from members_portal.publish.gate.kept.attachment_check import attachments, check_attachments
from members_portal.publish.gate.media_check import check_media
from members_portal.publish.gate.search.desk_check import check_desk
from members_portal.publish.gate.search.leak_check import check_plaintext, check_tiers
from members_portal.publish.publish_error import Leak
from members_portal.seal import SealError, verify_release
from members_portal.seal.audit import is_sealed_path
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap, encode_bootstrap
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, encode_digests, sign, tree_digest

MOST_LEAKS_SHOWN = 40  # findings in one message
SEALED_HEAD = 1 << 12  # bytes of a sealed file to compress


def check_release(candidate: Candidate) -> None:
    """Run all checks; raise Leak with their findings. Without one, keep what the search found in the work record."""
    _run(
        candidate,
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
        check_desk(candidate),
        check_other_records(candidate),
        check_unreachable(candidate),
    )


def check_hidden(candidate: Candidate) -> None:
    """Run the searches of `check_release` on a release that passed it: other inputs may hide other texts.

    Its files and the rendered tree are the same as then.
    """
    searches = (check_plaintext, check_tiers, check_records, check_desk)
    _run(candidate, *(search(candidate) for search in searches))


def _run(candidate: Candidate, *checks: Iterator[str]) -> None:
    """Raise Leak with the findings of checks. Without one, keep what the search found."""
    findings: list[str] = []
    for check in checks:
        try:
            findings.extend(check)
        except (SealError, OSError) as error:
            findings.append(str(error))
    if findings:
        more = [f"… and {len(findings) - MOST_LEAKS_SHOWN} more"] if len(findings) > MOST_LEAKS_SHOWN else []
        raise Leak(findings[:MOST_LEAKS_SHOWN] + more)
    candidate.keep()


def check_allowlist(candidate: Candidate) -> Iterator[str]:
    """Yield unexpected, missing and changed plaintext files, and links."""
    release = candidate.folder
    made = made_files(candidate.inputs, PUBLIC) | theme_files(candidate)
    allowed = made | candidate.once("attachments", PUBLIC, attachments)
    found = candidate.clear_files
    for path in sorted(found - allowed):
        yield f"{path} has no place in a release"
    for path in sorted(allowed - found):
        yield f"{path} is missing from the release"
    for path in sorted(found & allowed):
        if candidate.digest(release / path) != candidate.digest(candidate.tree / PUBLIC / path):
            yield f"{path} isn't what was rendered"
    if allowed <= found:
        digest, read = lambda path: candidate.digest(release / path), lambda path: (release / path).read_bytes()
        yield from check_attachments(candidate, PUBLIC, made, digest, read)
    yield from _changed_theme_files(candidate, found)
    for path in sorted(candidate.files):
        if os.path.islink(f"{release}/{path}"):
            yield f"{path} is a link"


def theme_files(candidate: Candidate) -> frozenset[str]:
    """Return the expected paths of the theme's files in a release."""
    static = theme_assets(candidate.context.theme / "static").keys() - {WORKER}
    fonts = {f"theme/fonts/{name}.woff2" for name in candidate.inputs.site.fonts}
    return frozenset({f"theme/{path}" for path in (*static, MANIFEST)} | fonts)


def _changed_theme_files(candidate: Candidate, found: Collection[str]) -> Iterator[str]:
    """Yield the files of the theme that differ from their source."""
    for path, content in theme_assets(candidate.context.theme / "static").items():
        released = candidate.folder / "theme" / path
        if f"theme/{path}" in found and candidate.digest(released) != sha256(content).hexdigest():
            yield f"theme/{path} isn't the theme's own file"


def check_own_files(candidate: Candidate) -> Iterator[str]:
    """Compare bootstrap, digests and signature with the bytes that the format prescribes."""
    release, secret = candidate.folder, candidate.secret
    start = decode_bootstrap((release / PATH).read_bytes())
    sealed = {path for path in candidate.files if is_sealed_path(path)}
    signed = candidate.files - sealed - {DIGESTS, SIGNATURE}
    digests = {path: candidate.digest(release / path) for path in sorted(signed)}
    tree = tree_digest({path: candidate.sealed_digest(path) for path in sealed})
    data = encode_digests(digests, tree, start.publish, start.sequence)
    due = {
        PATH: encode_bootstrap(replace(start, site=secret.site, date=candidate.inputs.on.isoformat()), secret),
        DIGESTS: data,
        SIGNATURE: sign(secret, data),
    }
    wrong = [path for path, expected in due.items() if _content(release / path) != expected]
    if wrong:
        verify_release(release, secret.public_key)  # names the file that is not as it was signed
    yield from (f"{path} holds something else than the format says" for path in wrong)


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def check_sealed(candidate: Candidate) -> Iterator[str]:
    """Check that sealed files look random, that is, cannot be compressed."""
    passed = candidate.passed("random bytes")
    for path in sorted(candidate.files):
        if (
            is_sealed_path(path)
            and not passed.passes(candidate.sealed_digest(path), partial(looks_random, f"{candidate.folder}/{path}"))
        ) or (is_sealed(path) and not is_sealed_path(path) and not looks_random(f"{candidate.folder}/{path}")):
            yield f"{path} isn't sealed"


def looks_random(file: str) -> bool:
    """Return whether the first bytes of a file can't be compressed."""
    with open(file, "rb") as opened:
        head = opened.read(SEALED_HEAD)
    return len(zlib.compress(head, 1)) >= len(head)
