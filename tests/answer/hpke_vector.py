"""The test vectors of RFC 9180 that come with `cryptography-vectors`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cryptography_vectors

VECTORS = Path(cryptography_vectors.__file__).parent / "HPKE" / "test-vectors.json"


def load_hpke_vector() -> dict[str, Any]:
    """Load the vector of RFC 9180 for base mode, P-256, HKDF-SHA256 and AES-256-GCM."""
    suite = {"mode": 0, "kem_id": 0x10, "kdf_id": 1, "aead_id": 2}
    [found] = [fields for fields in json.loads(VECTORS.read_text()) if suite.items() <= fields.items()]
    return found
