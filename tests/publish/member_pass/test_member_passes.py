"""What stands on a member's card, and who has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import pytest

import pelicanconf
from members_portal.loyalty.member.member import Member
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.portal.personal.pass_source import CARD_FILE, PassLinks
from members_portal.publish.context import make_context
from members_portal.publish.member_pass.member_passes import MemberPasses
from members_portal.publish.member_pass.pass_files import ReleasedPasses, write_passes
from members_portal.publish.publish_error import PublishError
from members_portal.seal import Secret
from members_portal.wallet_pass.pass_content import PassContent
from tests.portal.small_portal import PROJECT, SITE_SETTINGS, write
from tests.publish.member_pass.wallets import APPLE, GOOGLE, lay_in_keys

DAY = date(2026, 11, 28)
KEY = Secret(bytes(range(32)))


@pytest.fixture(scope="module")
def sample() -> Inputs:
    """Return the inputs of the sample."""
    site = replace(SITE_SETTINGS, fonts=pelicanconf.PORTAL_FONTS)
    return load_inputs(PROJECT / "content", PROJECT / "members", DAY, site, links=False)


def passes_of(inputs: Inputs, folder: Path, **passes: object) -> MemberPasses:
    lay_in_keys(folder)
    site = replace(inputs.site, passes=passes or {"apple": APPLE, "google": GOOGLE})
    context = make_context({}, root=folder, on=DAY, today=DAY, now=1)
    return MemberPasses.of(context, replace(inputs, site=site), KEY)


def member_of(inputs: Inputs, number: str) -> Member:
    return next(member for member in inputs.members if member.id == number)


def card(inputs: Inputs, folder: Path, number: str) -> PassContent:
    found = passes_of(inputs, folder).content(member_of(inputs, number))
    assert found
    return found


def test_a_card_shows_what_the_statement_shows(sample: Inputs, tmp_path: Path) -> None:
    found, member = card(sample, tmp_path, "M-1001"), member_of(sample, "M-1001")
    assert found.number == "M-1001"
    assert found.name == member.full_name
    assert found.points == sample.standings.accounts["M-1001"].balance.active
    assert found.tier == "Gold"
    assert found.colour == sample.programme.tier("gold").colour
    assert found.as_of == "28 November 2026"


def test_all_members_have_a_card_but_staff_who_buy_nothing(sample: Inputs, tmp_path: Path) -> None:
    passes = passes_of(sample, tmp_path)
    without = [member.id for member in sample.members if passes.content(member) is None]
    expected = [
        member.id for member in sample.members if member.staff and not sample.standings.accounts[member.id].lines
    ]
    assert without == expected != []


def test_staff_who_buy_have_a_card(sample: Inputs, tmp_path: Path) -> None:
    buyer = member_of(sample, "M-1001").model_copy(update={"staff": True})
    assert passes_of(sample, tmp_path).content(buyer)


def test_without_the_setting_nobody_has_a_card(sample: Inputs, tmp_path: Path) -> None:
    context = make_context({}, root=tmp_path, on=DAY, today=DAY, now=1)
    passes = MemberPasses.of(context, sample, KEY)
    assert passes.handed_over() == {}
    assert write_passes(passes, sample.members, tmp_path / "tree", ReleasedPasses(None, KEY)) == frozenset()
    assert not (tmp_path / "tree").exists()


@pytest.fixture
def unruled(tmp_path: Path) -> Inputs:
    """Return the inputs of a portal without rules of earning and without a ledger."""
    programme = (
        "name: Club\ntiers:\n  - {key: tin, name: Tin, colour: '#112233', colour dark: '#ddeeff', summary: A.}\n"
    )
    write(tmp_path / "club/members", {"programme.yaml": programme, "members.yaml": MEMBERS_YAML})
    write(tmp_path / "club/content", {})
    return load_inputs(tmp_path / "club/content", tmp_path / "club/members", DAY, SITE_SETTINGS, links=False)


MEMBERS_YAML = """- id: T-1
  given name: Ada
  formal name: Ms Ada
  joined: 2020-02-29
  tier: tin
  tier from: 2026-01-01
  tier until: 2026-12-31
"""


def test_a_member_without_statement_has_a_card_without_points(unruled: Inputs, tmp_path: Path) -> None:
    found = card(unruled, tmp_path, "T-1")
    assert (found.points, found.tier, found.until) == (None, "Tin", "31 December 2026")


def test_the_serial_number_stays_and_is_the_members_own(sample: Inputs, tmp_path: Path) -> None:
    first, again = card(sample, tmp_path, "M-1001").serial, card(sample, tmp_path, "M-1001").serial
    assert first == again != card(sample, tmp_path, "M-1002").serial


def test_the_links_are_those_of_the_wallets_that_the_owner_has(sample: Inputs, tmp_path: Path) -> None:
    member = member_of(sample, "M-1001")
    both = passes_of(sample, tmp_path).links(member)
    assert both
    assert (both.apple, both.google[:33]) == (CARD_FILE, "https://pay.google.com/gp/v/save/")
    assert passes_of(sample, tmp_path, apple=APPLE).links(member) == PassLinks(CARD_FILE, "")
    only_google = passes_of(sample, tmp_path, google=GOOGLE).links(member)
    assert only_google
    assert only_google.apple == ""


def test_odd_data_of_one_member_stops_nobody(sample: Inputs, tmp_path: Path) -> None:
    broken = member_of(sample, "M-1001").model_copy(update={"given_name": "\ud800"})
    long = member_of(sample, "M-1002").model_copy(update={"given_name": "x" * 2000})
    passes, others = passes_of(sample, tmp_path), [member_of(sample, "M-1003"), broken, long]
    links = [passes.links(member) for member in others]
    holders = write_passes(passes, others, tmp_path / "tree", ReleasedPasses(None, KEY))
    assert holders == {"M-1002", "M-1003"}
    assert [bool(each and each.google) for each in links] == [True, False, False]
    assert {number: problem.what for number, problem in passes.left_out.items()} == {
        "M-1001": "no card for the wallet of member M-1001: the name cannot be written as UTF-8",
        "M-1002": "no Google Wallet link for the wallet of member M-1002: the card takes"
        f" {passes.left_out['M-1002'].what.split('takes ')[1].split()[0]} characters; an address has room for 1800",
    }


def test_only_the_owner_can_read_a_pass_in_the_tree(sample: Inputs, tmp_path: Path) -> None:
    write_passes(passes_of(sample, tmp_path), sample.members[:1], tmp_path / "tree", ReleasedPasses(None, KEY))
    (file,) = (tmp_path / "tree").rglob("*.pkpass")
    assert [path.stat().st_mode & 0o777 for path in (file, file.parent)] == [0o600, 0o700]


def test_the_digest_of_the_links_changes_with_the_settings(sample: Inputs, tmp_path: Path) -> None:
    digests = {
        passes_of(sample, tmp_path, **each).digest
        for each in (
            {"apple": APPLE},
            {"google": GOOGLE},
            {"apple": APPLE, "google": GOOGLE},
            {"google": {**GOOGLE, "class": "other"}},
            {"google": GOOGLE, "labels": {"tier": "Stufe"}},
        )
    }
    assert len(digests) == 5


def test_a_site_without_mark_and_font_is_told(sample: Inputs, tmp_path: Path) -> None:
    assert passes_of(sample, tmp_path).printer
    passes = passes_of(replace(sample, site=replace(sample.site, fonts={}, theme=tmp_path)), tmp_path)
    with pytest.raises(PublishError, match="PORTAL_FONTS has no 'source-serif-semibold'"):
        passes.printer  # noqa: B018


def test_the_work_for_each_member_is_small(sample: Inputs, tmp_path: Path) -> None:
    passes, released, rounds = passes_of(sample, tmp_path), ReleasedPasses(None, KEY), 3
    write_passes(passes, sample.members[:1], tmp_path / "tree", released)
    start = process_time()
    for _ in range(rounds):
        write_passes(passes, sample.members, tmp_path / "tree", released)
    made = (process_time() - start) / rounds / len(sample.members) * 1000
    start = process_time()
    for member in sample.members:
        passes.content(member)
    content = (process_time() - start) / len(sample.members) * 1000
    print(f"written_pass_cpu_ms={made:.2f} card_content_cpu_ms={content:.2f}")
