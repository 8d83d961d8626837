"""Write the negative vectors: `python -m tests.seal.write_vectors`, after a change of the format."""

from __future__ import annotations

import json
import os
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from members_portal.seal import Enrolment, access_code, open_release, read_code
from members_portal.seal.format import cards, container, manifest, padding
from members_portal.seal.format.blobs import blob_path
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap, encode_bootstrap
from members_portal.seal.format.packs import pack_path
from members_portal.seal.key.binding import bind, context
from members_portal.seal.key.keys import blob_id, card_key, card_tag, member_root
from members_portal.seal.reader import read_bootstrap, read_card
from tests.seal.small_site import Site, files_of, secret_of
from tests.seal.vector_files import FOLDER

MEMBER = "M-1"
PAGE = "long.html"  # two chunks
FILES: dict[str, str | bytes] = {
    "public/index.html": "<h1>Public</h1>",
    "editions/gold/index.html": "<h1>Gold</h1>",
    f"editions/gold/{PAGE}": sha256(b"noise").hexdigest() + os.urandom(17_500).hex(),
    f"members/{MEMBER}/slots.json": '{"greeting":[{"html":"Good evening","from":null,"until":null}]}',
}
Changed = dict[str, bytes | None]


class Base:
    """The release that the vectors change, and its keys."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder, dict(FILES), (Enrolment(MEMBER, "gold", 1),), secret_of("vectors"))
        self.site.publish()
        self.files = files_of(self.site.release)
        self.secret, self.code = self.site.secret, access_code(self.site.secret, MEMBER, 1)
        self.start = read_bootstrap(self.site.release)
        self.root = member_root(read_code(self.code))
        self.card = read_card(self.site.release, self.start, self.root)
        self.opened = open_release(self.site.release, self.code)
        self.file = self.opened.manifest.files[PAGE]

    @property
    def bucket_path(self) -> str:
        return cards.bucket_path(self.start.publish, 0)

    @property
    def blob_path(self) -> str:
        return blob_path(self.file.id)

    @property
    def manifest_path(self) -> str:
        return manifest.manifest_path(self.start.publish, self.opened.slot)

    @property
    def pack_path(self) -> str:
        return pack_path(self.start.publish, 0)

    def with_card(self, change: Callable[[bytes], bytes], *, role: str = "card", name: str | None = None) -> bytes:
        """Return the bucket with the member's card replaced: its plaintext changed, sealed under a role and name."""
        tag = card_tag(self.root, self.start.publish)
        bucket = self.files[self.bucket_path]
        card, key = cards.find_card(bucket, tag), card_key(self.root, self.start.publish)
        plaintext = container.open_message(key, context(self.start.site, "card", tag.hex()), card[cards.CARD_TAG :])
        place = context(self.start.site, role, name or tag.hex())
        changed = bucket[: -cards.SIGNATURE_SIZE].replace(
            card, tag + container.seal_message(key, place, change(plaintext))
        )
        return cards.sign_bucket(changed, 0, self.secret, self.start.publish)

    def with_manifest(self, **changed: object) -> Changed:
        """Replace the manifest, and its digest in the card."""
        key = self.secret.edition_key("gold", self.start.publish)
        slot = changed.pop("slot", self.opened.slot)
        payload = json.loads(manifest.encode_manifest(self.opened.manifest)) | changed
        place = context(self.start.site, "manifest", f"{self.start.publish}/{slot}")
        message = container.seal_message(key, place, padding.encode(manifest.encode_json(payload)))
        digest = sha256(message).digest()
        return {
            self.manifest_path: message,
            self.bucket_path: self.with_card(lambda text: text[:123] + digest + text[155:]),
        }

    def with_entry(self, **changed: object) -> Changed:
        """Replace the entry of the file in the manifest."""
        files = manifest.encode_files({**self.opened.manifest.files, PAGE: replace(self.file, **changed)})  # type: ignore[arg-type]
        return self.with_manifest(files=files)

    def with_frame(self, frame: bytes, role: str = "blob") -> Changed:
        """Replace the frame of the file."""
        place = context(self.start.site, role, self.file.id)
        return {self.blob_path: container.seal_message(self.file.key, place, frame)}

    def blob(self, change: Callable[[bytes], bytes]) -> Changed:
        """Change the message of the file."""
        return {self.blob_path: change(self.files[self.blob_path])}

    def bootstrap(self, change: Callable[[dict[str, str]], object]) -> Changed:
        """Change the two texts of `portal.json`."""
        parts = json.loads(self.files[PATH])
        change(parts)
        return {PATH: manifest.encode_json(parts)}

    def signed(self, **changed: object) -> Changed:
        """Change values of `portal.json`, and sign it anew."""
        signed = manifest.encode_json(json.loads(json.loads(self.files[PATH])["signed"]) | changed).decode()
        signature = manifest.b64(self.secret.signing_key().sign(bind("bootstrap", signed)))
        return {PATH: manifest.encode_json({"signed": signed, "signature": signature})}


def flipped(data: bytes, at: int) -> bytes:
    """Flip one bit."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def code_failures(code: str) -> dict[str, tuple[str, str]]:
    """Return the failures of a typed code."""
    first, rest = code[0], code[1:]
    other = "2" if first != "2" else "3"
    at = next(i for i in range(4, 20) if code[i] != code[i + 1] and "-" not in code[i : i + 2])
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    return {
        "code-one-character": ("one character of the code is another", other + rest),
        "code-two-swapped": ("two characters of the code are swapped", swapped),
        "code-too-short": ("the code has 26 characters", code[:-1]),
        "code-u": ("the code contains a U", "U" + rest),
        "code-other-script": ("the code contains a letter of another script", "Ａ" + rest),
        "code-of-nobody": ("the code has no card at this publish", access_code(secret_of("another"), MEMBER, 1)),
    }


def bucket_failures(base: Base) -> dict[str, tuple[str, Changed]]:
    """Return buckets without the member's card: the site signed the first of them only."""
    cards_of_base = base.files[base.bucket_path][: -cards.SIGNATURE_SIZE]
    member = cards.find_card(base.files[base.bucket_path], card_tag(base.root, base.start.publish))
    others = cards_of_base.replace(member, bytes(cards.CARD_TAG) + member[cards.CARD_TAG :])
    noise = os.urandom(len(others) + cards.SIGNATURE_SIZE)
    signed = {
        "without-card": ("the bucket has no card of the code", 0, base.secret, base.start.publish),
        "without-card-other-key": ("the bucket has no card, and another site signed it", 0, secret_of("another"), None),
        "without-card-other-publish": ("the bucket has no card, and is of another publish", 0, base.secret, "0" * 32),
        "without-card-other-number": ("the bucket has no card, and has another number", 1, base.secret, None),
    }
    buckets = {
        name: (failure, cards.sign_bucket(others, number, secret, publish or base.start.publish))
        for name, (failure, number, secret, publish) in signed.items()
    }
    buckets |= {
        "noise": ("the bucket is random bytes", noise),
        "html": ("the bucket is an HTML page", b"<!DOCTYPE html><title>Not found</title>"),
        "empty": ("the bucket is empty", b""),
        "signature-alone": ("the bucket is a signature without cards", noise[: cards.SIGNATURE_SIZE]),
    }
    return {f"bucket-{name}": (failure, {base.bucket_path: data}) for name, (failure, data) in buckets.items()}


def reason_of(name: str) -> str:
    """Return what a reader that knows the site's public key says about a vector."""
    if name in ("code-of-nobody", "bucket-without-card"):
        return "unknown"
    return "mistyped" if name.startswith("code-") else "damaged"


def failures(base: Base) -> Mapping[str, tuple[str, Changed]]:
    """Return what each vector changes in the release, with the failure."""
    own, chunk = base.files[base.blob_path], container.CHUNK + container.TAG
    head = container.HEADER
    payload = base.opened.read(PAGE)
    framed = padding.encode(payload)
    stored = padding.encode(payload, compress=False)
    deflated = zlib.compress(payload)
    pack = base.files[base.pack_path]
    record = base.card.record
    assert record
    assert record.place.offset == 0
    message = pack[: record.place.length]
    plain = container.open_message(record.key, context(base.start.site, "record", blob_id(record.key)), message)
    as_blob = container.seal_message(record.key, context(base.start.site, "blob", blob_id(record.key)), plain)
    full = container.seal_message(base.file.key, context(base.start.site, "blob", base.file.id), bytes(container.CHUNK))

    def frame(encoding: int, length: int, content: bytes) -> bytes:
        return bytes([encoding]) + length.to_bytes(4, "big") + content

    return {
        "bootstrap-missing": ("portal.json is missing", {PATH: None}),
        "bootstrap-not-json": ("portal.json is not JSON", {PATH: base.files[PATH][1:]}),
        "bootstrap-signature": (
            "the signature of portal.json is another",
            base.bootstrap(lambda parts: parts.update(signature=manifest.b64(bytes(64)))),
        ),
        "bootstrap-changed": (
            "portal.json states another date than the signed one",
            base.bootstrap(lambda parts: parts.update(signed=parts["signed"].replace("2026-", "2027-"))),
        ),
        "bootstrap-other-key": (
            "portal.json is signed by another site",
            {PATH: encode_bootstrap(decode_bootstrap(base.files[PATH]), secret_of("another"))},
        ),
        "bootstrap-other-format": ("portal.json names another format", base.signed(format="portal-release/1")),
        "bootstrap-other-container": ("portal.json names another container", base.signed(container="another")),
        **bucket_failures(base),
        "bucket-missing": ("the bucket is missing", {base.bucket_path: None}),
        "bucket-cut-off": ("the bucket is cut off", {base.bucket_path: base.files[base.bucket_path][:-1]}),
        "bucket-signature": (
            "the signature of the bucket is another",
            {base.bucket_path: flipped(base.files[base.bucket_path], -1)},
        ),
        "bucket-other-key": (
            "the bucket is signed by another site",
            {
                base.bucket_path: cards.sign_bucket(
                    base.files[base.bucket_path][: -cards.SIGNATURE_SIZE], 0, secret_of("another"), base.start.publish
                )
            },
        ),
        "card-role": ("the card is sealed in another role", {base.bucket_path: base.with_card(bytes, role="blob")}),
        "card-name": (
            "the card is sealed for another tag",
            {base.bucket_path: base.with_card(bytes, name="00" * 16)},
        ),
        "card-edition-key": (
            "the card holds another edition key",
            {base.bucket_path: base.with_card(lambda text: text[:1] + bytes(32) + text[33:])},
        ),
        "card-public-key": (
            "the card holds another public key",
            {base.bucket_path: base.with_card(lambda text: text[:91] + secret_of("x").public_key + text[123:])},
        ),
        "manifest-missing": ("the manifest is missing", {base.manifest_path: None}),
        "manifest-changed": (
            "one bit of the manifest is another",
            {base.manifest_path: flipped(base.files[base.manifest_path], -1)},
        ),
        "manifest-digest": (
            "the manifest is sealed anew under the edition key",
            {base.manifest_path: base.with_manifest()[base.manifest_path]},
        ),
        "manifest-other-publish": ("the manifest names another publish", base.with_manifest(publish="0" * 32)),
        "manifest-other-sequence": ("the manifest names another sequence", base.with_manifest(sequence=2)),
        "manifest-other-slot": (
            "the manifest is sealed for another slot",
            base.with_manifest(slot=(base.opened.slot + 1) % 8),
        ),
        "pack-missing": ("the pack is missing", {base.pack_path: None}),
        "pack-cut-off": ("the pack ends within the record", {base.pack_path: pack[: record.place.length - 1]}),
        "record-changed": (
            "one bit of the record is another",
            {base.pack_path: flipped(pack, record.place.length - 1)},
        ),
        "record-role": ("the record is sealed as a blob", {base.pack_path: as_blob + pack[record.place.length :]}),
        "blob-missing": ("the blob is missing", {base.blob_path: None}),
        "blob-too-short": ("the blob has 71 bytes", base.blob(lambda data: data[:71])),
        "blob-salt": ("the salt of the blob is another", base.blob(lambda data: flipped(data, 0))),
        "blob-commitment": ("the commitment of the blob is another", base.blob(lambda data: flipped(data, 24))),
        "blob-chunk": ("one bit of a chunk is another", base.blob(lambda data: flipped(data, head + 9))),
        "blob-last-tag": ("the tag of the last chunk is another", base.blob(lambda data: flipped(data, -1))),
        "blob-chunk-dropped": ("a chunk is missing", base.blob(lambda data: data[:head] + data[head + chunk :])),
        "blob-last-chunk-dropped": (
            "the last chunk is missing",
            base.blob(lambda data: data[: head + (len(data) - head) // chunk * chunk]),
        ),
        "blob-chunks-swapped": (
            "two chunks are swapped",
            base.blob(lambda d: d[:head] + d[head + chunk :][:chunk] + d[head:][:chunk] + d[head + 2 * chunk :]),
        ),
        "blob-bytes-after": ("bytes follow the last chunk", {base.blob_path: own + bytes(16)}),
        "blob-full-last-chunk": ("the last chunk is full", {base.blob_path: full[: head + chunk]}),
        "blob-role": ("the blob is sealed as a record", base.with_frame(framed, "record")),
        "blob-digest": ("the file has another digest", base.with_entry(digest=bytes(16))),
        "blob-size": ("the file has another size", base.with_entry(size=base.file.size + 1)),
        "frame-encoding": ("the frame has another encoding", base.with_frame(b"\2" + framed[1:])),
        "frame-length": ("the length exceeds the frame", base.with_frame(frame(0, len(stored), payload))),
        "frame-padding": ("the padding is not zero", base.with_frame(frame(0, len(payload), payload + b"\0\1"))),
        "frame-short": ("the frame has no head", base.with_frame(b"\0\0\0\0")),
        "frame-zlib-cut-off": (
            "the zlib stream is incomplete",
            base.with_frame(frame(1, len(deflated) - 1, deflated[:-1])),
        ),
        "frame-zlib-bytes-after": (
            "a byte follows the zlib stream",
            base.with_frame(frame(1, len(deflated) + 1, deflated + b"\1")),
        ),
        "frame-no-zlib": ("the payload is no zlib stream", base.with_frame(frame(1, len(payload), payload))),
    }


def splice(before: bytes, data: bytes) -> dict[str, object]:
    """Describe a changed file: what stays at its start and end, and what is between."""
    most = min(len(before), len(data))
    start = next((i for i in range(most) if before[i] != data[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != data[-1 - i]), most - start)
    return {"start": start, "between": b64encode(data[start : len(data) - end]).decode(), "end": end}


def write(
    name: str,
    failure: str,
    code: str,
    files: Mapping[str, bytes | None],
    before: Mapping[str, bytes] = MappingProxyType({}),
    public_key: bytes | None = None,
) -> None:
    """Write one vector; `before` holds the files of the base, which alone states the public key."""
    changes = {
        path: None if data is None else splice(before.get(path, b""), data) for path, data in sorted(files.items())
    }
    stated = {"public_key": public_key.hex()} if public_key else {"reason": reason_of(name)}
    fields = {"failure": failure, **stated, "code": code, "path": PAGE, "files": changes}
    (FOLDER / f"{name}.json").write_text(json.dumps(fields, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Write all vectors anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    with TemporaryDirectory() as folder:
        base = Base(Path(folder))
        needed = (PATH, base.bucket_path, base.manifest_path, base.pack_path, base.blob_path)
        write("base", "", base.code, {path: base.files[path] for path in needed}, public_key=base.secret.public_key)
        for name, (failure, code) in code_failures(base.code).items():
            write(name, failure, code, {})
        for name, (failure, files) in failures(base).items():
            write(name, failure, base.code, files, base.files)


if __name__ == "__main__":
    main()
