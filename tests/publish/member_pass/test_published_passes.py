"""Wallet passes in a release: each belongs to one member, and is made again when its content changes."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO
from time import process_time
from zipfile import ZipFile

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.publish.member_pass.pass_files import ReleasedPasses
from members_portal.seal import Secret
from tests.publish.member_pass.wallets import APPLE, lay_in, with_wallets
from tests.publish.project import MEMBERS, Project, everything, files_of
from tests.wallet_pass.authority import Subject, pass_certificate, pem
from tests.wallet_pass.test_google_link import token_of
from tests.wallet_pass.test_pass_package import unpacked, verified

CARD_PATH = "wallet/membership.pkpass"
CUSTOMERS = ["L-101", "L-102", "L-103", "L-104", "L-105"]  # L-106 is staff, and buys nothing


@pytest.fixture(scope="module")
def carded(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project published with both wallets. It is shared: tests only read it."""
    project = with_wallets(Project.copy(harbour, tmp_path_factory.mktemp("carded") / "portal"))
    project.publish()
    return project


def card_of(project: Project, member: str) -> bytes:
    """Return a member's pass, opened with the member's code by the independent reader."""
    return project.open(member).read(CARD_PATH)


def slot_of(project: Project, member: str) -> str:
    """Return the fragment with the links to a member's cards; empty without one."""
    slots = project.open(member).record["slots"]
    found = [parts for name, parts in slots.items() if name.startswith("passes-")]
    return str(found[0][0]["html"]) if found else ""


def test_each_customer_has_a_pass_with_a_good_signature(
    carded: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for member in CUSTOMERS:
        files = unpacked(card_of(carded, member))
        fields = json.loads(files["pass.json"])
        assert fields["barcodes"][0]["message"] == member
        assert verified(files["signature"], files["manifest.json"], tmp_path_factory.mktemp("signature"))


def test_a_member_of_staff_who_buys_nothing_has_no_pass(carded: Project) -> None:
    assert CARD_PATH not in carded.open("L-106").record["files"]
    assert slot_of(carded, "L-106") == ""


def test_the_media_type_is_the_one_that_opens_the_wallet(carded: Project) -> None:
    _, kind, *_ = carded.open("L-101").record["files"][CARD_PATH]
    assert kind == "application/vnd.apple.pkpass"


def test_the_wallet_page_links_to_the_members_own_cards(carded: Project) -> None:
    html = slot_of(carded, "L-102")
    addresses = [unescape(each) for each in re.findall(r'href="([^"]*)"', html)]
    own, google = addresses
    assert own == f"/{CARD_PATH}"
    _, claims = token_of(google)
    (card,) = claims["payload"]["loyaltyObjects"]
    assert (card["accountId"], card["accountName"]) == ("L-102", "Ngozi Obiakor")


def test_no_member_has_the_card_of_another(carded: Project) -> None:
    serials = {
        member: json.loads(unpacked(card_of(carded, member))["pass.json"])["serialNumber"] for member in CUSTOMERS
    }
    assert len(set(serials.values())) == len(CUSTOMERS)
    texts = everything(carded)
    for member, serial in serials.items():
        holders = {path.partition("/")[0] for path, data in texts.items() if serial.encode() in data}
        assert holders == {member}


def test_the_serial_number_reveals_nothing_and_is_no_number_of_the_member(carded: Project) -> None:
    serial = json.loads(unpacked(card_of(carded, "L-101"))["pass.json"])["serialNumber"]
    assert re.fullmatch(r"[0-9a-f]{32}", serial)
    assert serial == Secret(bytes.fromhex(carded.secret)).derive("wallet pass", "L-101")[:16].hex()


def test_no_access_code_and_no_secret_is_in_a_card(carded: Project) -> None:
    for member in CUSTOMERS:
        code = carded.code(member).replace("-", "")
        for text in (*unpacked(card_of(carded, member)).values(), slot_of(carded, member).encode()):
            plain = text.replace(b"-", b"").decode("latin-1")
            assert code not in plain
            assert carded.secret not in plain


def test_no_card_is_in_clear_in_the_release(carded: Project) -> None:
    for path, data in files_of(carded.release).items():
        assert b"pay.google.com" not in data, path
        assert b"pkpass" not in data or path.startswith("_/"), path


@pytest.mark.long
def test_a_night_without_changes_makes_no_new_pass(carded: Project) -> None:
    project = Project.copy(carded, carded.root.parent / "night")
    before = {member: card_of(project, member) for member in CUSTOMERS}
    project.publish("2026-11-21")
    assert {member: card_of(project, member) for member in CUSTOMERS} == before


@pytest.mark.long
def test_only_a_changed_card_is_made_anew(carded: Project) -> None:
    project = Project.copy(carded, carded.root.parent / "renamed")
    before = {member: card_of(project, member) for member in CUSTOMERS}
    project.edit("members/members.yaml", "family name: Obiakor", "family name: Obiakor-Lind")
    project.publish("2026-11-21")
    after = {member: card_of(project, member) for member in CUSTOMERS}
    assert [member for member in CUSTOMERS if before[member] != after[member]] == ["L-102"]
    assert "21 November 2026" in unpacked(after["L-102"])["pass.json"].decode()
    assert "20 November 2026" in unpacked(after["L-101"])["pass.json"].decode()


def test_a_card_without_room_in_its_link_is_told_at_each_publish(carded: Project) -> None:
    project = Project.copy(carded, carded.root.parent / "long")
    project.edit("members/members.yaml", "family name: Obiakor", f"family name: {'x' * 2000}")
    told = "no Google Wallet link for the wallet of member L-102"
    assert told in project.publish().err
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    assert told in project.publish().err


@pytest.mark.long
def test_a_new_certificate_is_noticed_on_the_same_day(carded: Project) -> None:
    project = Project.copy(carded, carded.root.parent / "certificate")
    lay_in(project.root, "pass.pem", pem(pass_certificate(Subject(last=Subject().last.replace(year=2098)))))
    before = card_of(project, "L-101")
    project.publish()
    after = card_of(project, "L-101")
    assert unpacked(before)["pass.json"] == unpacked(after)["pass.json"]
    assert before != after


def test_a_release_without_the_setting_has_no_card(harbour: Project) -> None:
    for member in MEMBERS:
        assert CARD_PATH not in harbour.open(member).record["files"]
        assert slot_of(harbour, member) == ""


@pytest.mark.long
def test_with_apple_alone_no_link_leads_to_google(project: Project) -> None:
    with_wallets(project, apple=APPLE).publish()
    assert "google" not in slot_of(project, "L-101").lower()
    with ZipFile(BytesIO(card_of(project, "L-101"))) as package:
        assert package.testzip() is None


def test_a_pass_of_the_release_in_force_is_found_fast(carded: Project) -> None:
    secret = Secret(bytes.fromhex(carded.secret))
    released = ReleasedPasses(carded.release, secret)
    member = Member.model_validate(
        {"id": "L-101", "given_name": "Torvald", "formal_name": "Herr Ekdahl", "joined": "2021-05-30", "tier": "member"}
    )
    assert released.of(member) == card_of(carded, "L-101")
    start = process_time()
    for _ in range(50):
        released.of(member)
    print(f"released_pass_cpu_ms={(process_time() - start) / 50 * 1000:.2f}")
    assert ReleasedPasses(None, secret).of(member) is None
    assert ReleasedPasses(carded.root, secret).of(member) is None


@pytest.mark.long
def test_a_kept_pass_is_not_written_again_and_a_changed_file_is_not_trusted(carded: Project) -> None:
    project = Project.copy(carded, carded.root.parent / "kept", tree=True)
    files = {member: project.root / ".build/tree/members" / member / CARD_PATH for member in CUSTOMERS}
    before = {member: (file.stat().st_ino, file.read_bytes()) for member, file in files.items()}
    files["L-103"].write_bytes(b"planted")
    project.publish("2026-11-21")
    after = {member: (file.stat().st_ino, file.read_bytes()) for member, file in files.items()}
    assert [member for member in CUSTOMERS if before[member][0] != after[member][0]] == ["L-103"]
    assert {member: data for member, (_, data) in after.items()} == {
        member: data for member, (_, data) in before.items()
    }
