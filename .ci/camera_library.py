"""Install the JavaScript that reads QR codes in browsers without a reader of their own: the npm package `qr`.

The archive comes from the npm registry (or `NPM_CONFIG_REGISTRY`), and is checked against a pinned digest. Its modules
and licence go into `share/qr/` of the virtual environment that runs this script.
"""

import hashlib
import io
import os
import sys
import tarfile
import urllib.request
from base64 import b64decode
from pathlib import Path

VERSION = "0.7.0"
SHA512 = "/VrrACmOAwZVipuRITwfEwOL5oAMEHH5PTmBWaGtlTom2Thxaa+rhmna4zU9PRN2uLw2wdccbkHOLGZb1Q9SdA=="
FILES = ("decode.js", "index.js", "LICENSE-MIT")
FOLDER = Path(sys.prefix) / "share" / "qr"


def main() -> None:
    """Install the files unless this version is installed; end with 1 and the reason where that is impossible."""
    if (FOLDER / VERSION).exists():
        return
    registry = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
    try:
        with urllib.request.urlopen(f"{registry}/qr/-/qr-{VERSION}.tgz", timeout=30) as answer:  # noqa: S310 - no input
            archive = answer.read()
    except OSError as error:
        raise SystemExit(f"The npm registry can't be reached: {error}") from None
    if hashlib.sha512(archive).digest() != b64decode(SHA512):
        raise SystemExit("The npm registry sent another archive than the pinned one")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for name in FILES:
            member = package.extractfile(f"package/{name}")
            (FOLDER / name).write_bytes(member.read() if member else b"")
    (FOLDER / VERSION).touch()


main()
