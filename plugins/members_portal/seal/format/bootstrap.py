"""`portal.json`, the signed bootstrap: the first file that a reader fetches."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from members_portal.seal.format.container import CONTAINER
from members_portal.seal.format.manifest import SLOTS, b64, decode_json, encode_json, unb64
from members_portal.seal.key.binding import FORMAT, bind
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import BadName, DamagedRelease

PATH = "portal.json"
LAST_SEQUENCE = 2**53 - 1  # the largest sequence number: JavaScript reads larger ones inexactly

_HEX32 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The values that a reader needs before it opens the first message."""

    site: str
    publish: str
    sequence: int
    date: str
    bucket_bits: int


def check_publish(publish_id: str, sequence: int, generation: int) -> None:
    """Raise BadName unless the id is 32 lower-case hexadecimal digits and both numbers are in their range."""
    if not _HEX32.fullmatch(publish_id):
        raise BadName("a publish id is 32 hexadecimal digits, new at every publish")
    if not 1 <= sequence <= LAST_SEQUENCE or generation < 1:
        raise BadName("sequence and generation count from 1, and a browser reads a sequence up to 2 ** 53 - 1")


def encode_bootstrap(bootstrap: Bootstrap, secret: Secret) -> bytes:
    """Serialise a bootstrap to JSON, and sign it."""
    fixed = {"format": FORMAT, "container": CONTAINER, "manifest_slots": SLOTS}
    signed = encode_json(fixed | asdict(bootstrap)).decode()
    signature = secret.signing_key().sign(bind("bootstrap", signed))
    return encode_json({"signed": signed, "signature": b64(signature)})


def verify_bootstrap(payload: bytes, public_key: bytes) -> None:
    """Raise DamagedRelease unless the signature of a bootstrap verifies under this public key."""
    signed, signature = _parts(payload)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(unb64(signature), bind("bootstrap", signed))
    except (ValueError, InvalidSignature) as error:
        raise DamagedRelease("portal.json is not signed by this site") from error


def decode_bootstrap(payload: bytes) -> Bootstrap:
    """Parse a bootstrap without its signature; raise DamagedRelease for another format, container or structure."""
    match decode_json(_parts(payload)[0].encode()):
        case {
            "format": str(form), "container": str(container), "manifest_slots": int(slots),
            "site": str(site), "publish": str(publish), "sequence": int(sequence), "date": str(day),
            "bucket_bits": int(bits),
        }:  # fmt: skip
            if (form, container, slots) != (FORMAT, CONTAINER, SLOTS):
                raise DamagedRelease("this release has a format that this reader does not know")
            if _HEX32.fullmatch(site) and _HEX32.fullmatch(publish) and 0 <= bits <= 16:
                return Bootstrap(site, publish, sequence, day, bits)
    raise DamagedRelease("portal.json has another shape than the format says")


def _parts(payload: bytes) -> tuple[str, str]:
    match decode_json(payload):
        case {"signed": str(signed), "signature": str(signature)}:
            return signed, signature
    raise DamagedRelease("portal.json has another shape than the format says")
