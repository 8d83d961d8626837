"""Tampering: a changed, truncated, swapped or moved message is refused, and no byte of plaintext is released."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from members_portal.seal import open_release, verify_release
from members_portal.seal.format.blobs import blob_path
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.format.manifest import b64
from members_portal.seal.key.binding import bind, context
from members_portal.seal.reader import OpenedRelease
from members_portal.seal.seal_error import DamagedRelease, NotAMember
from tests import independent_reader
from tests.independent_reader import Refused, Release
from tests.long_cases import quick_and_long
from tests.seal.forger import Forger
from tests.seal.small_site import Site, files_of, secret_of

KEY = bytes(range(32))
CONTEXT = context("5f" * 16, "blob", "00" * 16)
CHUNK = 16384 + 16
Case = tuple[bytes, bytes, bytes]


def released(case: Case) -> int:
    """Return the number of plaintext bytes that the two readers release."""
    total = 0
    for open_it in (open_message, independent_reader.open_message):
        try:
            total += 1 + len(open_it(*case))
        except (DamagedRelease, Refused):
            continue
    return total


def flipped(message: bytes, bit: int) -> bytes:
    changed = bytearray(message)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def every_bit() -> Iterator[Case]:
    """Flip every bit of small messages: header, text and tag."""
    for size in (0, 1, 168, 600, 1800):
        message = seal_message(KEY, CONTEXT, os.urandom(size))
        for bit in range(8 * len(message)):
            yield KEY, CONTEXT, flipped(message, bit)


def header_and_tag_bits_of_large_messages() -> Iterator[Case]:
    for size in (16383, 16384, 16385, 40_000):
        message = seal_message(KEY, CONTEXT, os.urandom(size))
        ends = [*range(56 + CHUNK, len(message), CHUNK), len(message)]
        places = [*range(56), *(place for end in ends for place in range(end - 16, end))]
        yield from ((KEY, CONTEXT, flipped(message, 8 * place + place % 8)) for place in places)


def every_truncation() -> Iterator[Case]:
    for size in (0, 1, 168, 1000, 3000):
        message = seal_message(KEY, CONTEXT, os.urandom(size))
        yield from ((KEY, CONTEXT, message[:end]) for end in range(len(message)))


def truncations_and_extensions_at_chunk_edges() -> Iterator[Case]:
    for size in (16384, 32768, 40_000):
        message = seal_message(KEY, CONTEXT, os.urandom(size))
        edges = {edge + near for edge in range(56, len(message) + CHUNK, CHUNK) for near in range(-20, 21)}
        for end in sorted(edge for edge in edges if 0 <= edge != len(message)):
            yield KEY, CONTEXT, message[:end] + os.urandom(max(0, end - len(message)))


def swapped_repeated_and_dropped_chunks() -> Iterator[Case]:
    message = seal_message(KEY, CONTEXT, os.urandom(5 * 16384 + 7))
    other = seal_message(KEY, CONTEXT, os.urandom(5 * 16384 + 7))
    head, chunks, others = message[:56], chunks_of(message), chunks_of(other)
    orders = [[*chunks[:i], chunks[j], *chunks[i + 1 :]] for i in range(6) for j in range(6) if i != j]
    orders += [[*chunks[:i], others[i], *chunks[i + 1 :]] for i in range(6)]
    orders += [[*chunks[:i], *chunks[i + 1 :]] for i in range(6)] + [others]
    yield from ((KEY, CONTEXT, head + b"".join(order)) for order in orders)


def chunks_of(message: bytes) -> list[bytes]:
    return [message[start : start + CHUNK] for start in range(56, len(message), CHUNK)]


def other_keys_sites_roles_and_names() -> Iterator[Case]:
    sites, roles = ("5f" * 16, "60" * 16), ("blob", "record", "card", "manifest", "")
    names = ("00" * 16, "01" * 16, "", "00" * 8)
    message = seal_message(KEY, CONTEXT, b"text")
    places = {context(site, role, name) for site in sites for role in roles for name in names} - {CONTEXT}
    yield from ((KEY, place, message) for place in places)
    yield from ((flipped(KEY, bit), CONTEXT, message) for bit in range(256))
    yield from ((KEY, flipped(CONTEXT, bit), message) for bit in range(8 * len(CONTEXT)))


FAMILIES = [
    every_bit,
    header_and_tag_bits_of_large_messages,
    every_truncation,
    truncations_and_extensions_at_chunk_edges,
    swapped_repeated_and_dropped_chunks,
    other_keys_sites_roles_and_names,
]


def test_no_tampered_message_shows_a_byte() -> None:
    counts = {}
    for family in FAMILIES:
        cases = list(family())
        counts[family.__name__] = len(cases)
        assert sum(map(released, cases)) == 0, family.__name__
    print(f"tampered_messages={sum(counts.values())}", "plaintext_bytes_released=0", counts)
    assert sum(counts.values()) >= 20_000


def test_what_is_not_tampered_with_opens() -> None:
    assert released((KEY, CONTEXT, seal_message(KEY, CONTEXT, b"text"))) == 10


# The same for whole releases: an honest reader gets the right bytes, or is told


def outcome(reader: Callable[[Path, str], OpenedRelease | Release], site: Site, member: str) -> dict[str, bytes] | None:
    """Read all files of a member; return nothing if the release is refused."""
    try:
        opened = reader(site.release, site.code(member))
        paths = files_in(opened) if isinstance(opened, Release) else [*opened.edition_files, *opened.own_files]
        return {path: opened.read(path) for path in paths}
    except (DamagedRelease, NotAMember, Refused, FileNotFoundError):
        return None


def files_in(opened: Release) -> list[str]:
    return [*opened.manifest["files"], *opened.record["files"]]


def sealed_files(site: Site) -> dict[str, bytes]:
    """Return the sealed files of the newest release; of the decoys, two of each kind."""
    names = [*site.decoys("absent")][2:] + [*site.decoys("cover")][2:]
    left_out = {blob_path(name) for name in names}
    found = files_of(site.release).items()
    return {path: data for path, data in found if path.startswith("_/") and path not in left_out}


def tried(site: Site, path: str, data: bytes) -> int:
    """Replace the bytes of a file; return the number of (member, reader) pairs that then read a wrong content."""
    file = site.release / path
    before = file.read_bytes()
    file.write_bytes(data)
    wrong = 0
    for reader in (open_release, Release):
        seen = outcome(reader, site, "M-1001")
        wrong += seen is not None and seen != truth_of(site)
    file.write_bytes(before)
    return wrong


def truth_of(site: Site) -> dict[str, bytes]:
    prefixes = ("editions/gold/", "members/M-1001/")
    return {
        path.split("/", 2)[2]: data.encode() if isinstance(data, str) else data
        for path, data in site.files.items()
        if path.startswith(prefixes) and not path.endswith("slots.json")
    }


@pytest.mark.long
def test_swapping_any_two_files_of_a_release_shows_nothing_false(site: Site) -> None:
    files = sealed_files(site)
    wrong = sum(tried(site, one, files[other]) for one in files for other in files if one != other)
    print(f"swapped_files={len(files) * (len(files) - 1)}", f"shown_wrong={wrong}")
    assert wrong == 0


@pytest.mark.long
def test_files_of_another_publish_or_site_show_nothing_false(site: Site, tmp_path: Path) -> None:
    first = sealed_files(site)
    site.files["editions/gold/index.html"] = "<h1>Gold, later</h1>"
    site.publish()
    stranger = Site(tmp_path / "stranger", roster=site.roster, secret=site.secret)
    stranger.publish()
    foreign = {path.split("/")[1] + path[-4:]: data for path, data in first.items()}
    cases = [
        (path, data)
        for path in sealed_files(site)
        for data in (*foreign.values(), *sealed_files(stranger).values())
        if data != (site.release / path).read_bytes()
    ]
    assert sum(tried(site, path, data) for path, data in cases) == 0
    print(f"foreign_files={len(cases)}")


@pytest.mark.parametrize("times", quick_and_long([5, 25], {5}))
def test_changed_bits_of_a_release_show_nothing_false(site: Site, times: int) -> None:
    chance = random.Random(7)
    cases = 0
    for path, data in sealed_files(site).items():
        for _ in range(times):
            assert tried(site, path, flipped(data, chance.randrange(8 * len(data)))) == 0
            assert tried(site, path, data[: chance.randrange(len(data))]) == 0
            cases += 2
    print(f"changed_files={cases}")


@pytest.mark.parametrize(
    "change",
    [
        {"publish": "00" * 16},
        {"site": "00" * 16},
        {"sequence": 2},
        {"date": "2026-11-22"},
        {"more": 1},
        {"bucket_bits": 17},
        {"bucket_bits": "0"},
        {"format": "portal-release/1"},
        {"container": "c2sp.org/chunked-encryption@v1+AEAD_AES_128_GCM"},
        {"manifest_slots": 9},
    ],
)
def test_a_changed_bootstrap_opens_nothing(site: Site, change: dict[str, object]) -> None:
    portal = site.release / "portal.json"
    outer = json.loads(portal.read_bytes())
    signed = json.dumps(json.loads(outer["signed"]) | change)
    signatures = (outer["signature"], b64(secret_of("stranger").signing_key().sign(bind("bootstrap", signed))))
    for signature in signatures:
        portal.write_text(json.dumps({"signed": signed, "signature": signature}))
        for reader in (open_release, Release):
            assert outcome(reader, site, "M-1001") is None


@pytest.mark.parametrize("role", ["portal", "", "release"])
def test_a_signature_of_something_else_opens_nothing(site: Site, role: str) -> None:
    portal = site.release / "portal.json"
    outer = json.loads(portal.read_bytes())
    signature = site.secret.signing_key().sign(bind(role, outer["signed"]))
    portal.write_text(json.dumps(outer | {"signature": b64(signature)}))
    for reader in (open_release, Release):
        assert outcome(reader, site, "M-1001") is None


# A member with write access to the folder


def test_a_forged_manifest_of_a_member_is_refused(site: Site) -> None:
    forger = Forger(site.release, site.code("M-1002"))
    forger.manifest({"index.html": forger.blob(bytes(32), "index.html", b"<h1>Pay here</h1>")})
    forger.digests()
    for reader in (open_release, Release):
        assert outcome(reader, site, "M-1003") is None
    assert outcome(open_release, site, "M-1001") == outcome(Release, site, "M-1001") == truth_of(site)
    with pytest.raises(DamagedRelease):
        verify_release(site.release, site.secret.public_key)
    with pytest.raises(Refused):
        independent_reader.verify(site.release, site.secret.public_key)


def test_a_forged_blob_of_a_member_is_refused(site: Site) -> None:
    forger = Forger(site.release, site.code("M-1002"))
    known = forger.opened.edition_files["index.html"]
    for payload in (b"<h1>Paper</h1>", b"<h1>Pay here</h1>"):  # of the same size, and of another
        forger.blob(known.key, "index.html", payload)
        for reader in (open_release, Release):
            assert outcome(reader, site, "M-1003") is None
        with pytest.raises(DamagedRelease):
            verify_release(site.release, site.secret.public_key)


def test_a_forged_blob_is_not_taken_over_by_the_next_publish(site: Site) -> None:
    forger = Forger(site.release, site.code("M-1002"))
    known = forger.opened.edition_files["index.html"]
    forger.blob(known.key, "index.html", b"<h1>Paper</h1>")
    site.publish()
    assert open_release(site.release, site.code("M-1003")).read("") == b"<h1>Silver</h1>"
