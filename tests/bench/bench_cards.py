"""Cards for a million members: seconds, memory, and the floor that no writer of such cards can go below.

python -m tests.bench.bench_cards [members]
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from hashlib import sha512
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Encryptor

from members_portal.seal.format.cards import ManifestSlot
from members_portal.seal.key.secret import Secret
from members_portal.seal.release import Publish, write_cards
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.roster import Enrolment

MEMBERS = 1_000_000
EDITIONS = ("member", "silver", "gold", "platinum")
SAMPLE = 50_000  # cards the floor is measured on


def main(members: int = MEMBERS) -> None:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="bench-cards-"))
    try:
        show("cards", members, "members")
        show("cards_floor", floor() * members / SAMPLE, "s")
        seconds, folder = time_of_cards(members, root / "release")
        show("cards_seconds", seconds, "s")
        show("cards_peak_memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
        show("cards_buckets", folder.files, "files")
        show("cards_size", folder.bytes / 1e6, "MB")
    finally:
        shutil.rmtree(root)


def time_of_cards(members: int, out: Path) -> tuple[float, ReleaseFolder]:
    """Write the cards of `members` members on one core; return the CPU seconds and the folder."""
    roster = [Enrolment(f"M-{number:07}", EDITIONS[number % 4], 1) for number in range(members)]
    slots = {edition: ManifestSlot(slot, os.urandom(32), os.urandom(32)) for slot, edition in enumerate(EDITIONS)}
    publish = Publish(Secret(os.urandom(32)), os.urandom(16).hex(), 1)
    folder = ReleaseFolder(out)
    start = time.process_time()
    write_cards(roster, slots, {}, folder, publish)
    return time.process_time() - start, folder


def floor() -> float:
    """Time four hash pairs for the code, root, tag and key of a card, and its one message, with nothing around."""
    key, context, plaintext = os.urandom(32), bytes(90), bytes(168)
    start = time.process_time()
    for _ in range(SAMPLE):
        for _ in range(4):
            sha512(sha512(context).digest()).digest()
        encryptor = Cobblestone256Encryptor(key, context)
        encryptor.update(plaintext)
        encryptor.finalize()
    return time.process_time() - start


def show(name: str, value: float, unit: str) -> None:
    """Print one figure."""
    print(f"{name}  {value:.2f} {unit}" if isinstance(value, float) else f"{name}  {value} {unit}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
