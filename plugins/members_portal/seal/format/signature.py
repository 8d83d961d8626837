"""`release.json`, the digests of the files of a release, and its Ed25519 signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from members_portal.seal.format.manifest import decode_json, encode_json
from members_portal.seal.key.binding import FORMAT
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease

DIGESTS = "release.json"
SIGNATURE = "release.json.sig"


def encode_digests(digests: Mapping[str, str], sealed: str, publish_id: str, sequence: int) -> bytes:
    """Serialise the digests of a release to JSON; `sealed` is the tree digest of blobs, decoys and packs."""
    fields = {"format": FORMAT, "publish": publish_id, "sequence": sequence, "files": digests, "sealed": sealed}
    return encode_json(fields)


def decode_digests(data: bytes) -> tuple[Mapping[str, str], str]:
    """Parse `release.json`; return the digests by path and the tree digest."""
    match decode_json(data):
        case {"format": str(form), "files": dict(files), "sealed": str(sealed)} if form == FORMAT:
            return files, sealed
    raise DamagedRelease(f"{DIGESTS} has another shape than the format says")


def tree_digest(digests: Mapping[str, str]) -> str:
    """Return the tree digest (hex) of files: `digests` holds their SHA-256 (hex) by path."""
    folders: dict[str, list[str]] = {}
    for path in sorted(digests):
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, []).append(f"{name}\0{digests[path]}\n")
    lines = (f"{folder}\0{_digest(folders[folder])}\n" for folder in sorted(folders))
    return _digest(lines)


def _digest(lines: Iterable[str]) -> str:
    return sha256("".join(lines).encode()).hexdigest()


def sign(secret: Secret, data: bytes) -> bytes:
    """Return two lines in hexadecimal: the public key, and the signature of the data."""
    key = secret.signing_key()
    return f"{key.public_key().public_bytes_raw().hex()}\n{key.sign(data).hex()}\n".encode()


def verify(public_key: bytes, data: bytes, signature: bytes) -> None:
    """Raise DamagedRelease unless the signature of the data verifies under this public key."""
    try:
        stated, signed = (bytes.fromhex(line) for line in signature.decode("ascii").splitlines())
        if stated != public_key:
            raise DamagedRelease("the release is signed by another key")
        Ed25519PublicKey.from_public_bytes(public_key).verify(signed, data)
    except (ValueError, InvalidSignature) as error:
        raise DamagedRelease("the release's signature does not fit its digests") from error
