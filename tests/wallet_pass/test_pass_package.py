"""Apple's passes: the package, its digests, its signature, and when an earlier one is kept."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import process_time
from zipfile import ZIP_STORED, ZipFile

import pytest
from PIL import Image

from members_portal.wallet_pass.pass_content import PassContent
from tests.wallet_pass.authority import Subject, authority_certificate, pem
from tests.wallet_pass.cards import CARD, HOUSE, identity_of, printer_of

FILES = [
    *("pass.json", "icon.png", "icon@2x.png", "icon@3x.png", "logo.png", "logo@2x.png", "logo@3x.png"),
    *("manifest.json", "signature"),
]


def unpacked(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def verified(signature: bytes, manifest: bytes, folder: Path, trusted: bytes | None = None) -> bool:
    """Verify a detached signature with OpenSSL, which trusts the tests' authority."""
    for name, data in (("s", signature), ("m", manifest), ("ca.pem", trusted or pem(authority_certificate()))):
        (folder / name).write_bytes(data)
    command = "openssl smime -verify -binary -inform DER -in s -content m -CAfile ca.pem -purpose any -out /dev/null"
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def package() -> bytes:
    return printer_of().package(CARD)


def test_the_signature_of_the_manifest_verifies(package: bytes, tmp_path: Path) -> None:
    files = unpacked(package)
    assert verified(files["signature"], files["manifest.json"], tmp_path)


def test_a_changed_manifest_and_another_authority_do_not_verify(package: bytes, tmp_path: Path) -> None:
    files = unpacked(package)
    assert not verified(files["signature"], files["manifest.json"] + b" ", tmp_path)
    assert not verified(files["signature"], files["manifest.json"], tmp_path, pem(authority_certificate("stranger")))


def printed_signature(signature: bytes) -> str:
    command = "openssl cms -cmsout -print -noout -inform DER".split()
    return subprocess.run(command, input=signature, capture_output=True, check=True).stdout.decode()


def test_the_signature_is_detached_and_has_both_certificates_and_the_time(package: bytes) -> None:
    shown = printed_signature(unpacked(package)["signature"])
    assert "eContent: <ABSENT>" in shown
    assert "signingTime" in shown
    assert "algorithm: sha256" in shown
    assert "CN=Test authority" in shown
    assert "UID=pass.example.harbour-lamp" in shown


def test_the_manifest_has_the_digest_of_each_other_file(package: bytes) -> None:
    files = unpacked(package)
    assert list(files) == FILES
    others = [name for name in FILES if name not in ("manifest.json", "signature")]
    assert json.loads(files["manifest.json"]) == {name: hashlib.sha1(files[name]).hexdigest() for name in others}


def test_the_archive_holds_no_times_and_no_compression(package: bytes) -> None:
    with ZipFile(BytesIO(package)) as opened:
        found = {(entry.date_time[:3], entry.compress_type) for entry in opened.infolist()}
    assert found == {((1980, 1, 1), ZIP_STORED)}


def test_pictures_have_the_sizes_that_apple_asks_for(package: bytes) -> None:
    files = unpacked(package)
    sizes = {name: Image.open(BytesIO(files[name])).size for name in FILES if name.endswith(".png")}
    assert sizes == {
        "icon.png": (29, 29),
        "icon@2x.png": (58, 58),
        "icon@3x.png": (87, 87),
        "logo.png": (50, 50),
        "logo@2x.png": (100, 100),
        "logo@3x.png": (150, 150),
    }


def test_the_icon_shows_a_letter(package: bytes) -> None:
    icon = Image.open(BytesIO(unpacked(package)["icon@3x.png"])).convert("L")
    greys = icon.tobytes()
    assert min(greys) < 50
    assert max(greys) > 245


def test_an_earlier_package_with_the_same_content_is_kept(package: bytes) -> None:
    later = replace(CARD, as_of="21 November 2026")
    assert printer_of().package(later, package) is package


@pytest.mark.parametrize(
    "changed",
    [
        replace(CARD, points=1251),
        replace(CARD, tier="Brass"),
        replace(CARD, name="Torvald Ekdal"),
        replace(CARD, points=None),
        replace(CARD, serial="0" * 32),
    ],
)
def test_another_content_makes_a_new_package(changed: PassContent, package: bytes) -> None:
    made = printer_of().package(replace(changed, as_of="21 November 2026"), package)
    assert made != package
    assert b"21 November 2026" in unpacked(made)["pass.json"]


def test_another_certificate_or_picture_makes_a_new_package(package: bytes) -> None:
    renewed = identity_of(Subject(team="OTHER12345"))
    assert printer_of(renewed).package(CARD, package) != package
    assert printer_of(site=replace(HOUSE, name="Another Club")).package(CARD, package) != package


def test_the_key_of_a_card_changes_with_all_that_is_in_its_package_but_the_day() -> None:
    key = printer_of().key(CARD)
    assert printer_of().key(replace(CARD, as_of="21 November 2026")) == key
    others = [
        printer_of().key(replace(CARD, points=1)),
        printer_of(identity_of(Subject(team="OTHER12345"))).key(CARD),
        printer_of(site=replace(HOUSE, name="Another Club")).key(CARD),
        printer_of(site=replace(HOUSE, hotline="+47 20 91 501")).key(CARD),
    ]
    assert len({key, *others}) == 5


def damaged(package: bytes) -> Iterable[bytes]:
    yield b""
    yield package[:-30]
    yield package.replace(b'"as-of"', b'"as-if"')
    yield package.replace(b"L-101", b"L-102")
    empty = BytesIO()
    with ZipFile(empty, "w") as opened:
        opened.writestr("pass.json", "[]")
    yield empty.getvalue()


def test_a_damaged_earlier_package_is_made_anew(package: bytes) -> None:
    for earlier in damaged(package):
        made = printer_of().package(CARD, earlier)
        assert unpacked(made)["pass.json"] == unpacked(package)["pass.json"]
        assert made != earlier


def test_the_cost_of_a_pass_is_small(package: bytes) -> None:
    printer, made = printer_of(), 50
    start = process_time()
    for number in range(made):
        printer.package(replace(CARD, points=number))
    new = (process_time() - start) / made * 1000
    start = process_time()
    for _ in range(made):
        printer.package(CARD, package)
    kept = (process_time() - start) / made * 1000
    print(f"new_pass_cpu_ms={new:.2f} kept_pass_cpu_ms={kept:.2f} pass_bytes={len(package)}")
    assert printer.package(CARD, package) is package
