"""Read a sealed release, from FORMAT.md alone: nothing here comes from `members_portal`."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import itertools
import json
import re
import zlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

P = b"portal-release/1"  # of all derivations; the format has its own number
FORMAT = "portal-release/2"
CONTAINER = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Refused(Exception):
    """What FORMAT.md says a reader must refuse."""


class NoCard(Refused):
    """A code that has no card at this publish."""


def refuse_unless(condition: object, why: str) -> None:
    if not condition:
        raise Refused(why)


# Conventions


def joined(*parts: str) -> bytes:
    refuse_unless(not any("\0" in part for part in parts), "a part with a NUL")
    return P + b"".join(b"\0" + part.encode() for part in parts)


def D(key: bytes, label: str, *parts: str) -> bytes:
    return hmac.new(key, joined(label, *parts), hashlib.sha512).digest()


# Container


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand-SHA-512 (RFC 5869)."""
    block, out, counter = b"", b"", 0
    while len(out) < length:
        counter += 1
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha512).digest()
        out += block
    return out[:length]


def open_message(key: bytes, context: bytes, message: bytes) -> bytes:
    refuse_unless(len(key) == 32, "a key of another length")
    refuse_unless(len(message) >= 72, "too short")
    salt, commitment, body = message[:24], message[24:56], message[56:]
    material = expand(key, CONTAINER + b"\0" + salt + context, 76)
    refuse_unless(hmac.compare_digest(material[44:], commitment), "a wrong commitment")
    cipher, base = AESGCM(material[:32]), int.from_bytes(material[32:44], "big")
    plaintext = b""
    for index, start in enumerate(range(0, len(body), 16400)):
        nonce = (base ^ index).to_bytes(12, "big")
        try:
            chunk = cipher.decrypt(nonce, body[start : start + 16400], None)
        except (InvalidTag, ValueError) as error:
            raise Refused("a chunk's tag fails") from error
        plaintext += chunk
    refuse_unless(len(plaintext) // 16384 == index, "the last chunk is full, or bytes follow it")
    return plaintext


# Frame


def open_frame(frame: bytes) -> bytes:
    refuse_unless(len(frame) >= 5, "no head")
    length = int.from_bytes(frame[1:5], "big")
    payload, padding = frame[5 : 5 + length], frame[5 + length :]
    refuse_unless(len(payload) == length, "a length beyond the frame")
    refuse_unless(not any(padding), "padding that is not zero")
    refuse_unless(frame[0] in (0, 1), "another encoding")
    return payload if frame[0] == 0 else inflate(payload)


def inflate(payload: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(payload)
    except zlib.error as error:
        raise Refused("no zlib stream") from error
    refuse_unless(stream.eof and not stream.unused_data, "an incomplete zlib stream, or bytes after it")
    return data


# Access code


def gf_times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left * (right & 1)
        left = left << 1 ^ (0b100101 if left & 16 else 0)
        right >>= 1
    return product


def read_code(text: str) -> str:
    characters = re.sub("[ -]", "", text).upper().replace("O", "0").replace("I", "1").replace("L", "1")
    refuse_unless(len(characters) == 27 and set(characters) <= set(ALPHABET), "not 27 characters")
    first = second = 0
    weight = 1
    for character in characters:
        first ^= ALPHABET.index(character)
        second ^= gf_times(weight, ALPHABET.index(character))
        weight = gf_times(weight, 2)
    refuse_unless((first, second) == (0, 0), "mistyped")
    return characters


# portal.json


def open_bootstrap(folder: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """Return the values of `portal.json`, the bytes that were signed, and the signature."""
    bootstrap = json.loads((folder / "portal.json").read_bytes())
    portal = json.loads(bootstrap["signed"])
    refuse_unless(portal["format"] == FORMAT, "another format")
    refuse_unless(portal["container"] == CONTAINER.decode(), "another container")
    refuse_unless(portal["bucket_bits"] in range(17), "bucket bits from 0 to 16")
    refuse_unless(portal["manifest_slots"] == 8, "eight manifest slots")
    return portal, joined("bootstrap", bootstrap["signed"]), unb64(bootstrap["signature"])


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_signature(public_key: bytes, signature: bytes, data: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except InvalidSignature as error:
        raise Refused("the signature fails") from error


# Cards


class Card:
    """The fields of a card."""

    def __init__(self, text: bytes) -> None:
        refuse_unless(len(text) == 168, "another card")
        sizes = (1, 32, 32, 16, 6, 4, 32, 32, 13)
        ends = list(itertools.accumulate(sizes))
        slot, self.edition_key, self.record_key, pack, offset, length, self.public_key, self.digest, _ = (
            text[end - size : end] for size, end in zip(sizes, ends, strict=True)
        )
        self.slot = slot[0]
        self.pack, self.offset, self.length = pack.hex(), int.from_bytes(offset, "big"), int.from_bytes(length, "big")
        refuse_unless(self.slot in range(8), "another slot")


# Opening a release


class Release:
    """A release opened with one access code.

    `accepted` is the sequence that this reader has accepted before, `public_key` the site's key that it knows.
    """

    def __init__(self, folder: Path, code: str, accepted: int = 0, public_key: bytes | None = None) -> None:
        # 1
        self.root = hmac.new(P, read_code(code).encode(), hashlib.sha512).digest()
        # 2
        self.folder = folder
        self.portal, signed, signature = open_bootstrap(folder)
        self.public_key = public_key
        if public_key:
            check_signature(public_key, signature, signed)
        refuse_unless(self.portal["sequence"] >= accepted, "an older release")
        self.site, self.publish = self.portal["site"], self.portal["publish"]
        self.card = self.open_card()
        check_signature(self.card.public_key, signature, signed)
        # 3
        self.manifest = self.open_manifest()
        # 4
        self.record: dict[str, Any] = {"slots": {}, "files": {}}
        if self.card.record_key != bytes(32):
            self.record = json.loads(self.open_record())

    def open_card(self) -> Card:
        tag = D(self.root, "tag", self.publish)[:16]
        bucket = int.from_bytes(tag, "big") >> (128 - self.portal["bucket_bits"])
        bucket_name = f"{bucket:04x}"
        file = (self.folder / "_" / "c" / self.publish / bucket_name).read_bytes()
        data, signature = file[:-64], file[-64:]
        refuse_unless(data and len(data) % 256 == 0, "a bucket that is cut off")
        signed = joined("bucket", self.publish, bucket_name, hashlib.sha256(data).hexdigest())
        if self.public_key:
            check_signature(self.public_key, signature, signed)
        cards = {data[n : n + 16]: data[n + 16 : n + 256] for n in range(0, len(data), 256)}
        if tag not in cards:
            raise NoCard("not a member at this publish")
        key = D(self.root, "card", self.publish)[:32]
        card = Card(open_message(key, joined(self.site, "card", tag.hex()), cards[tag]))
        check_signature(card.public_key, signature, signed)
        return card

    def open_manifest(self) -> dict:
        slot = self.card.slot
        message = (self.folder / "_" / "m" / self.publish / str(slot)).read_bytes()
        refuse_unless(hashlib.sha256(message).digest() == self.card.digest, "another manifest than the card states")
        context = joined(self.site, "manifest", f"{self.publish}/{slot}")
        manifest = json.loads(open_frame(open_message(self.card.edition_key, context, message)))
        refuse_unless(manifest["publish"] == self.publish, "a manifest of another publish")
        refuse_unless(manifest["sequence"] == self.portal["sequence"], "a manifest of another publish")
        return manifest

    def open_record(self) -> bytes:
        key, offset = self.card.record_key, self.card.offset
        context = joined(self.site, "record", D(key, "id")[:16].hex())
        return open_frame(open_message(key, context, self.packed(offset, self.card.length)))

    def packed(self, offset: int, length: int) -> bytes:
        numbers = range(offset // 262144, -(-(offset + length) // 262144))
        packs = b"".join((self.folder / "_" / "r" / self.card.pack / f"{n:04x}").read_bytes() for n in numbers)
        start = offset - 262144 * numbers.start
        return packs[start : start + length]

    def open_blob(self, key: bytes, packed: int = 0) -> bytes:
        name = D(key, "id")[:16].hex()
        if packed:
            message = self.packed(self.card.offset + self.card.length, packed)
        else:
            message = (self.folder / "_" / "b" / name[:2] / name).read_bytes()
        return open_frame(open_message(key, joined(self.site, "blob", name), message))

    @property
    def slots(self) -> dict[str, list]:
        """Give the record's fragments by the name of their slot, without the site's nonce."""
        return {name.rpartition("-")[0]: entries for name, entries in self.record["slots"].items()}

    # 5
    def read(self, path: str) -> bytes:
        name = path + "index.html" if path == "" or path.endswith("/") else path
        key, _, size, digest, *packed = self.record["files"].get(name) or self.manifest["files"][name]
        data = self.open_blob(unb64(key), *packed)
        refuse_unless(len(data) == size, "another size")
        refuse_unless(hashlib.sha256(data).digest()[:16] == unb64(digest), "another digest")
        return data

    def page(self, path: str, today: datetime.date) -> str:
        """Read a page and fill its slots."""

        def filled(match: re.Match[str]) -> str:
            entries = self.record["slots"].get(match[1])
            if entries is None:
                file = f"slots/{match[1]}.html"
                return self.read(file).decode() if file in self.record["files"] else match[2]
            return "".join(e["html"] for e in entries if shown(e, today))

        def own(match: re.Match[str]) -> str:
            entries = self.record["slots"].get(match[1], [])
            return match[2] if any(shown(entry, today) for entry in entries) else ""

        parts = re.sub(r"<!--own:([a-z][a-z0-9-]*)-->(.*?)<!--/own-->", own, self.read(path).decode(), flags=re.DOTALL)
        return re.sub(r"<!--slot:([a-z][a-z0-9-]*)-->(.*?)<!--/slot-->", filled, parts, flags=re.DOTALL)


def shown(entry: dict, today: datetime.date) -> bool:
    day = today.isoformat()
    return (entry["from"] or day) <= day <= (entry["until"] or day)


# release.json


SEALED = re.compile(r"_/b/([0-9a-f]{2})/\1[0-9a-f]{30}|_/r/[0-9a-f]{32}/[0-9a-f]{4}")


def verify(folder: Path, public_key: bytes | None = None) -> dict[str, str]:
    """Check both signatures and every digest; return the digests of the files that are not blobs, decoys or packs."""
    data = (folder / "release.json").read_bytes()
    key, signature = (bytes.fromhex(line) for line in (folder / "release.json.sig").read_text().split())
    refuse_unless(public_key in (None, key), "another public key")
    check_signature(key, signature, data)
    portal, signed, bootstrap_signature = open_bootstrap(folder)
    check_signature(key, bootstrap_signature, signed)
    release = json.loads(data)
    for name in ("format", "publish", "sequence"):
        refuse_unless(release[name] == portal[name], f"another {name}")
    for path, digest in release["files"].items():
        refuse_unless(sha256_of(folder / path) == digest, path)
    refuse_unless(tree_digest(folder) == release["sealed"], "blobs, decoys or packs were changed")
    return release["files"]


def tree_digest(folder: Path) -> str:
    """Return the tree digest of the blobs, decoys and packs."""
    found = sorted(path.relative_to(folder).as_posix() for path in (folder / "_").rglob("*") if path.is_file())
    lines: dict[str, bytes] = {}
    for path in filter(SEALED.fullmatch, found):
        parent, _, name = path.rpartition("/")
        lines[parent] = lines.get(parent, b"") + f"{name}\0{sha256_of(folder / path)}\n".encode()
    folders = (f"{name}\0{hashlib.sha256(lines[name]).hexdigest()}\n" for name in sorted(lines))
    return hashlib.sha256("".join(folders).encode()).hexdigest()


def sha256_of(file: Path) -> str:
    refuse_unless(file.is_file(), f"{file.name} is missing")
    return hashlib.sha256(file.read_bytes()).hexdigest()
