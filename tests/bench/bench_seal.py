"""Sealing 1,000 pages in 4 editions: first, again unchanged, after one edit; and AES-GCM of the same bytes.

python -m tests.bench.bench_seal [pages]
"""

from __future__ import annotations

import datetime
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from members_portal.seal import Enrolment, SealReport, Secret, seal_release

PAGES = 1_000
EDITIONS = ("member", "silver", "gold", "platinum")
WORDS = 1_200  # of a page: some 8 KB of text
MEMBERS = 100


def main(pages: int = PAGES) -> None:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="bench-seal-"))
    try:
        size = write_site(root / "tree", pages)
        print(f"seal_files  {pages * len(EDITIONS)} files")
        print(f"seal_bytes  {size / 1e6:.1f} MB")
        naive = timed("seal_naive_aes_gcm", lambda: naively(root))
        first = timed("seal_first", lambda: seal(root, 1))
        print(f"seal_ratio  {first / naive:.2f} times naive")
        timed("seal_unchanged", lambda: seal(root, 2))
        (root / "tree/editions/gold/page-0/index.html").write_text("<h1>Edited</h1>")
        timed("seal_one_edit", lambda: seal(root, 3))
    finally:
        shutil.rmtree(root)


def write_site(tree: Path, pages: int) -> int:
    """Write pages of made-up words; the same page differs from edition to edition, as its navigation does."""
    chance = random.Random(1)
    words = ["".join(chance.choices("aeioulnrst", k=chance.randint(2, 9))) for _ in range(5_000)]
    size = 0
    for page in range(pages):
        body = " ".join(chance.choices(words, k=WORDS))
        for edition in EDITIONS:
            target = tree / "editions" / edition / f"page-{page}" / "index.html"
            target.parent.mkdir(parents=True)
            size += target.write_text(f"<!doctype html><title>{page}</title><nav>{edition}</nav><p>{body}</p>")
    return size


def seal(root: Path, sequence: int) -> SealReport:
    """Seal the site once more, upon the release before."""
    return seal_release(
        root / "tree",
        [Enrolment(f"M-{number}", EDITIONS[number % 4], 1) for number in range(MEMBERS)],
        secret=SECRET,
        publish_id=os.urandom(16).hex(),
        sequence=sequence,
        date=datetime.date(2026, 11, 21),
        generation=1,
        out=root / f"release-{sequence}",
        previous=root / f"release-{sequence - 1}" if sequence > 1 else None,
        durable=False,
    )


def naively(root: Path) -> None:
    """Encrypt every file under one key, and write it: the least that any sealing does."""
    cipher = AESGCM(os.urandom(32))
    (root / "naive").mkdir()
    for number, source in enumerate((root / "tree").rglob("*.html")):
        nonce = os.urandom(12)
        (root / "naive" / str(number)).write_bytes(nonce + cipher.encrypt(nonce, source.read_bytes(), None))


def timed(name: str, work: Callable[[], object]) -> float:
    """Run, and print the seconds."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{name}  {seconds:.2f} s", flush=True)
    return seconds


SECRET = Secret(bytes(range(32)))

if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
