"""Coupons in a published portal: till page, members' codes, the gate's findings, and `portal coupon`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.coupon.coupon_code import coupon_code, till_key
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.slot_table import read_slots
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.release_check import check_release
from members_portal.publish.gate.search.leak_check import check_plaintext, check_tiers
from members_portal.publish.publish_error import Leak
from members_portal.publish.till.till_data import till_settings
from members_portal.publish.validation import validate
from members_portal.seal import Secret
from tests.long_cases import quick_first
from tests.publish.project import DAY, EDITIONS, MEMBERS, SECRET, Project, everything

KEY = Secret(bytes.fromhex(SECRET))
SHOWN = "{% for item in offers %}{{ item.slug }}={{ item.coupon if item.coupon is string else '' }};{% endfor %}"
DISCOUNT, WICKS = "chandlers-discount", "wick-voucher"
EXPIRED = """---
Title: Seventeen herrings to whoever asks
Summary: Smoked, and counted twice.
Audience: members
Publish: 2026-10-01
Expires: 2026-11-02
Type: gift
Value: 17 herrings
Starts: 2026-10-05
Ends: 2026-11-01
Coupon: true
Redeem: Shout.
---
Gone.
"""


@pytest.fixture(scope="module")
def stall(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a portal with coupons on its offers and front pages. Tests only read it."""
    project = Project.copy(harbour, tmp_path_factory.mktemp("stall") / "portal")
    for slug in (DISCOUNT, WICKS):
        project.edit(f"content/offers/{slug}.md", "Type:", "Coupon: true\nType:")
    (project.root / "content/offers/herrings.md").write_text(EXPIRED, "utf-8")
    (project.own("theme") / "templates/slots/offers.html").write_text(SHOWN, "utf-8")
    project.publish()
    return project


def judged(project: Project, day: str = DAY) -> tuple[PublishContext, Inputs]:
    on = date.fromisoformat(day)
    context = make_context(project.environ(), root=project.root, on=on, today=on, now=1)
    return context, validate(context, None)


def till_data(project: Project) -> list[dict[str, Any]]:
    """Return the offers in the data block of the till's page."""
    page = project.open("L-106").read("till/").decode()
    (block,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    found: list[dict[str, Any]] = json.loads(block)["offers"]
    return found


def test_only_the_staff_have_a_till(stall: Project) -> None:
    holders = {member for member in MEMBERS if "till/index.html" in stall.open(member).manifest["files"]}
    assert {EDITIONS[member] for member in holders} == {"staff"}
    assert not (stall.release / "till").exists()


def test_the_staff_menu_names_the_till_and_no_other_does(stall: Project) -> None:
    for member in MEMBERS:
        assert ('href="till/"' in stall.open(member).read("").decode()) == (EDITIONS[member] == "staff")


def test_only_the_staff_load_the_tills_scripts(stall: Project) -> None:
    for member in MEMBERS:
        assert ("js/bundle/till.js" in stall.open(member).read("account/").decode()) == (EDITIONS[member] == "staff")


def test_the_till_knows_key_window_and_words_of_each_offer(stall: Project) -> None:
    offers = {offer["title"]: offer for offer in till_data(stall)}
    discount = offers["A fifth off at the chandlery"]
    assert discount["key"] == till_key(KEY, DISCOUNT, 1)[0].hex()
    assert (discount["starts"], discount["ends"], discount["limit"]) == ("2026-11-01", "2026-12-31", 1)
    assert offers["Nine wicks for the price of seven"]["redeem"] == "Mention the herring barrel."


def test_of_an_offer_that_expired_the_till_knows_no_word(stall: Project) -> None:
    (gone,) = [offer for offer in till_data(stall) if not offer["title"]]
    assert (gone["starts"], gone["ends"], gone["value"], gone["redeem"]) == ("2026-10-05", "2026-11-01", "", "")
    assert gone["key"] == till_key(KEY, "herrings", 1)[0].hex()


def codes_of(project: Project, member: str) -> dict[str, str]:
    """Return a member's coupon codes by offer, as the member reads them."""
    offers = "".join(part["html"] for part in project.open(member).slots["offers"])
    return dict(re.findall(r"([a-z-]+)=([0-9A-Z-]*);", offers))


def test_every_member_reads_their_own_codes_and_no_other(stall: Project) -> None:
    for member in MEMBERS:
        own = codes_of(stall, member)
        assert own == {slug: coupon_code(KEY, slug, member, 1) for slug in own}
        assert own or EDITIONS[member] == "brass"  # the member matches no offer


def test_no_key_and_no_code_is_anywhere_else(stall: Project) -> None:
    keys = [till_key(KEY, slug, 1)[0].hex().encode() for slug in (DISCOUNT, WICKS, "herrings")]
    for path, data in everything(stall).items():
        if path != "L-106/till/index.html":
            assert not any(key in data for key in keys), path
        codes = {coupon_code(KEY, slug, member, 1): member for member in MEMBERS for slug in (DISCOUNT, WICKS)}
        assert {member for code, member in codes.items() if code.encode() in data} <= {path.split("/")[0]}, path


def test_without_offers_with_coupons_there_is_no_till(harbour: Project) -> None:
    assert till_settings(judged(harbour)[1], KEY) == {}
    assert "till/index.html" not in harbour.open("L-106").manifest["files"]
    assert b"till.js" not in harbour.open("L-106").read("")


@pytest.mark.long
def test_pelican_alone_renders_neither_codes_nor_a_till(stall: Project) -> None:
    command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "--fatal", "errors", "-q"]
    command += ["-e", f'PORTAL_TODAY="{DAY}"']
    subprocess.run(command, cwd=stall.root, check=True, capture_output=True)
    site = stall.root / ".build/site"
    assert not (site / "editions/staff/till").exists()
    slots = read_slots(site)["L-101"]
    assert f"{WICKS}=;" in slots
    assert not re.search(r"=[0-9A-Z]{4}-", slots)


# The gate


def findings(project: Project, path: str, text: str) -> list[str]:
    """Return the gate's findings for a rendered tree with text added to a page of an edition."""
    context, inputs = judged(project)
    file = context.tree / path
    before = file.read_text("utf-8")
    file.write_text(before + text, "utf-8")
    try:
        return list(check_tiers(Candidate(project.release, inputs, KEY, context)))
    finally:
        file.write_text(before, "utf-8")


@pytest.mark.parametrize("between", quick_first(["-", "", " "], 1))
def test_a_code_in_an_edition_is_found(stall: Project, between: str) -> None:
    code = coupon_code(KEY, WICKS, "L-101", 1).lower().replace("-", between)
    found = findings(stall, "editions/brass/index.html", f"<p>Say {code} there.</p>")
    assert found == ["edition brass: index.html holds a coupon code of offers/wick-voucher.md"]


def test_a_tills_key_in_an_edition_is_found(stall: Project) -> None:
    found = findings(stall, "editions/brass/index.html", f'<p data-key="{till_key(KEY, WICKS, 1)[0].hex()}">Hello.</p>')
    assert found == ["edition brass: index.html holds the till's key of offers/wick-voucher.md"]


@pytest.mark.long
def test_what_only_looks_like_a_code_is_not(stall: Project) -> None:
    texts = " ".join(["2026 2027 2028 2029", "0000-0000-0000-0000", "J522-G98Y-FAG2-T57Q", "dead beef cafe f00d"])
    assert findings(stall, "editions/brass/index.html", f"<p>{texts}</p>") == []


@pytest.mark.parametrize("wrapped", quick_first(["{}", "<!-- {} -->", '<i style="--x:{}"></i>', "{b64}"], 1))
def test_a_code_or_a_key_in_clear_is_found(stall: Project, tmp_path: Path, wrapped: str) -> None:
    import base64

    context, inputs = judged(stall)
    for secret, what in (
        (coupon_code(KEY, DISCOUNT, "L-103", 1), "a coupon code of offers/chandlers-discount.md"),
        (till_key(KEY, DISCOUNT, 1)[0].hex(), "the till's key of offers/chandlers-discount.md"),
    ):
        b64 = base64.b64encode(f"the words are {secret} and no others".encode()).decode()
        (tmp_path / "visit").mkdir(exist_ok=True)
        (tmp_path / "visit/index.html").write_text(f"<p>{wrapped.format(secret, b64=b64)}</p>", "utf-8")
        found = list(check_plaintext(Candidate(tmp_path, inputs, KEY, context)))
        assert f"visit/index.html holds {what} in clear" in found


@pytest.mark.long
def test_a_till_in_the_wrong_edition_is_refused(project: Project) -> None:
    for slug in (DISCOUNT, WICKS):
        project.edit(f"content/offers/{slug}.md", "Type:", "Coupon: true\nType:")
    writer = project.own("plugins") / "members_portal/portal/rendering/edition_writer.py"
    text = writer.read_text("utf-8")
    assert text.count("edition.name == STAFF and") == 1
    writer.write_text(text.replace("edition.name == STAFF and", "edition.name == 'copper' and"), "utf-8")
    before = project.release
    run = project.run("publish", PYTHONPATH=str(project.root / "plugins"))
    assert run.code == 4
    assert "edition copper holds till/index.html, which its readers may not see" in run.err
    assert "edition staff lacks till/index.html" in run.err
    assert "edition copper: till/index.html holds the till's key of offers/wick-voucher.md" in run.err
    assert project.release == before
    assert till_key(KEY, WICKS, 1)[0].hex() not in run.text


@pytest.mark.long
def test_a_good_release_with_coupons_passes(stall: Project) -> None:
    context, inputs = judged(stall)
    try:
        check_release(Candidate(stall.release, inputs, KEY, context))
    except Leak as leak:
        raise AssertionError(leak.findings) from leak


# The command


def coupon(project: Project, *arguments: str, day: str = DAY) -> tuple[int, str]:
    run = project.portal("coupon", *arguments, "--date", day)
    return run.code, (run.out + run.err).strip()


def test_a_made_code_is_valid(stall: Project) -> None:
    code, made = coupon(stall, "make", "L-101", WICKS)
    assert (code, made) == (0, coupon_code(KEY, WICKS, "L-101", 1))
    assert coupon(stall, "verify", made) == (0, f"valid: {WICKS}, member L-101; the offer ends on 2026-11-23")


def test_each_refusal_exits_with_1_and_says_one_line(stall: Project) -> None:
    wicks = coupon_code(KEY, WICKS, "L-101", 1)
    said = [
        coupon(stall, "verify", wicks, day="2026-11-24"),
        coupon(stall, "verify", coupon_code(KEY, DISCOUNT, "L-101", 1)),
        coupon(stall, "verify", coupon_code(KEY, "herrings", "L-101", 1)),
        coupon(stall, "verify", coupon_code(KEY, "caviar", "L-101", 1)),
        coupon(stall, "verify", wicks[:-1]),
        coupon(stall, "verify", stall.code("L-101")),
    ]
    assert said == [
        (1, "over: wick-voucher, member L-101, until 2026-11-23"),
        (1, "not for this member on this day: chandlers-discount, member L-101, by the offer's audience or segments"),
        (1, "over: herrings, member L-101, until 2026-11-01"),
        (1, "not ours: no offer here has this code"),
        (1, "mistyped: this is not a valid coupon code"),
        (1, "not a coupon: this is a member's access code; keep it secret"),
    ]


@pytest.mark.long
def test_a_code_is_read_from_standard_input(stall: Project) -> None:
    made = coupon_code(KEY, WICKS, "L-102", 1).lower()
    command = [sys.executable, "-m", "members_portal", "coupon", "verify", "-", "--date", DAY]
    run = subprocess.run(
        command, input=made, stdout=subprocess.PIPE, text=True, check=False, cwd=stall.root, env=stall.environ()
    )
    assert (run.returncode, run.stdout) == (0, f"valid: {WICKS}, member L-102; the offer ends on 2026-11-23\n")


@pytest.mark.parametrize(
    ("member", "offer", "says"),
    quick_first(
        [
            ("L-101", "caviar", "no offer with coupons is called 'caviar'"),
            ("L-999", WICKS, "no member has the id 'L-999'"),
            ("L-101", DISCOUNT, "the offer chandlers-discount isn't for member L-101"),
        ],
        1,
    ),
)
def test_no_code_is_made_for_whom_it_is_not(stall: Project, member: str, offer: str, says: str) -> None:
    code, said = coupon(stall, "make", member, offer)
    assert code == 1
    assert says in said


def test_a_tills_list_is_booked(stall: Project, tmp_path: Path) -> None:
    made = coupon_code(KEY, WICKS, "L-101", 1)
    (tmp_path / "till.csv").write_text(f"date,member,kind,points,reference\r\n2026-11-20,,redemption,0,{made}\r\n")
    run = stall.portal("coupon", "book", str(tmp_path / "till.csv"))
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[-1] == f"2026-11-20,L-101,redemption,0,{made}"


def test_points_and_members_of_a_list_are_not_believed(stall: Project, tmp_path: Path) -> None:
    made = coupon_code(KEY, WICKS, "L-101", 1)
    (tmp_path / "till.csv").write_text(f"date,member,kind,points,reference\n2026-11-20,,redemption,99999,{made}\n")
    run = stall.portal("coupon", "book", str(tmp_path / "till.csv"))
    assert (run.code, run.out) == (1, "")
    assert "99999 points in the list; the offer costs 0" in run.err
    (tmp_path / "till.csv").write_text(f"date,member,kind,points,reference\n2026-11-21,L-999,redemption,0,{made}\n")
    run = stall.portal("coupon", "book", str(tmp_path / "till.csv"))
    assert (run.code, run.out) == (3, "")
    assert "till.csv:2:1: isn't a line of a till" in run.err


@pytest.mark.long
@pytest.mark.parametrize("change", ["rotate", "departure"])
def test_rotation_and_departures_end_till_keys_and_codes(change: str, stall: Project, tmp_path: Path) -> None:
    project = Project.copy(stall, tmp_path / "portal")
    if change == "rotate":
        assert project.portal("rotate").code == 0
    else:
        project.edit("members/programme.yaml", "generation: 1", "generation: 1\ntill version: 2")
    before, after = coupon_code(KEY, WICKS, "L-101", 1), coupon_code(KEY, WICKS, "L-101", 2)
    project.publish()
    keys = {offer["key"] for offer in till_data(project)}
    assert till_key(KEY, WICKS, 2).key.hex() in keys
    assert keys.isdisjoint(offer["key"] for offer in till_data(stall))
    assert {offer["id"] for offer in till_data(project)} == {offer["id"] for offer in till_data(stall)}
    assert codes_of(project, "L-101")[WICKS] == after
    assert coupon(project, "make", "L-101", WICKS) == (0, after)
    assert coupon(project, "verify", after)[0] == 0
    assert coupon(project, "verify", before)[0] == 1
    (tmp_path / "till.csv").write_text(f"date,member,kind,points,reference\n2026-11-20,,redemption,0,{before}\n")
    assert project.portal("coupon", "book", str(tmp_path / "till.csv")).code == 0


def test_a_list_that_is_booked_is_not_booked_again(stall: Project, tmp_path: Path) -> None:
    project = Project.copy(stall, tmp_path / "portal")
    made = coupon_code(KEY, WICKS, "L-101", 1)
    (tmp_path / "till.csv").write_text(f"date,member,kind,points,reference\n2026-11-20,,redemption,0,{made}\n")
    first = project.portal("coupon", "book", str(tmp_path / "till.csv"))
    (project.root / "members/ledger.csv").write_text(first.out, "utf-8")
    again = project.portal("coupon", "book", str(tmp_path / "till.csv"))
    assert (again.code, again.out) == (1, "")
    assert "is already booked: the ledger has all its uses\nNothing was booked." in again.err


# With a ledger


# What needs this portal is long: tests/coupon/test_redemption.py has quick tests of used codes and of misuse.
@pytest.fixture(scope="module")
def busy(stall: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the same portal with a ledger of valid and invalid redemptions. Tests only read it."""
    project = Project.copy(stall, tmp_path_factory.mktemp("busy") / "portal")
    wicks, discount = coupon_code(KEY, WICKS, "L-101", 1), coupon_code(KEY, DISCOUNT, "L-103", 1)
    uses = [("11-02", "L-101", wicks), ("11-03", "L-102", wicks)]
    uses += [("11-04", "L-102", DISCOUNT), ("11-05", "L-102", DISCOUNT)]
    uses += [("10-31", "L-103", discount), ("11-06", "L-105", "K7Q3-FZ9P-2M8X-C4DW"), ("11-06", "L-105", "")]
    lines = [f"2026-{day},{member},redemption,0,{reference}\n" for day, member, reference in uses]
    (project.root / "members/ledger.csv").write_text("date,member,kind,points,reference\n" + "".join(lines), "utf-8")
    project.publish()
    return project


@pytest.mark.long
def test_the_till_knows_the_uses_in_the_ledger(busy: Project) -> None:
    used = {offer["title"]: offer["used"] for offer in till_data(busy)}
    number = {
        (slug, member): coupon_code(KEY, slug, member, 1).replace("-", "")[:8]
        for slug in (WICKS, DISCOUNT)
        for member in MEMBERS
    }
    wicks = number[WICKS, "L-101"]
    assert used["Nine wicks for the price of seven"] == [f"{wicks} 2026-11-02", f"{wicks} 2026-11-03"]
    assert used["A fifth off at the chandlery"] == sorted(
        [
            f"{number[DISCOUNT, 'L-102']} 2026-11-04",
            f"{number[DISCOUNT, 'L-102']} 2026-11-05",
            f"{number[DISCOUNT, 'L-103']} 2026-10-31",
        ]
    )


@pytest.mark.long
def test_a_used_code_is_not_valid_again(busy: Project) -> None:
    said = f"already used: {WICKS}, member L-101, on 2026-11-02, 2026-11-03; once is allowed"
    assert coupon(busy, "verify", coupon_code(KEY, WICKS, "L-101", 1)) == (1, said)
    assert coupon(busy, "verify", coupon_code(KEY, WICKS, "L-102", 1))[0] == 0


MISUSE = [
    "members/ledger.csv:3:31: warning: member L-102, wick-voucher: the code was made for member L-101",
    "members/ledger.csv:3:31: warning: member L-102, wick-voucher: used twice; once is allowed",
    "members/ledger.csv:5:31: warning: member L-102, chandlers-discount: used twice; once is allowed",
    "members/ledger.csv:6:31: warning: member L-103, chandlers-discount: used 1 day before the offer starts",
    "members/ledger.csv:7:31: warning: member L-105: a mistyped coupon code",
]
AS_ERRORS = [line.replace(": warning: ", ": ") for line in MISUSE]


@pytest.mark.long
def test_misuse_in_the_ledger_is_a_warning_with_its_line(busy: Project) -> None:
    run = busy.portal("coupon", "check")
    assert (run.code, run.err.splitlines()) == (0, MISUSE)
    assert run.out == "7 redemptions have 5 warnings.\n"
    strict = busy.portal("coupon", "check", "--strict")
    assert (strict.code, strict.out) == (3, "")
    assert strict.err.splitlines() == [*AS_ERRORS, "5 problems"]


@pytest.mark.long
def test_a_publish_and_a_check_list_and_count_misuse(busy: Project, tmp_path: Path) -> None:
    project = Project.copy(busy, tmp_path / "portal")
    check = project.portal("check")
    assert (check.code, check.err.splitlines()) == (0, MISUSE)
    assert check.out.endswith(" members have 5 warnings.\n")
    unchanged = project.portal("publish")
    assert "Warnings: 5; `portal check` lists them. With --strict they are errors." in unchanged.out
    with (project.root / "members/ledger.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-07,L-104,redemption,0,\n")
    run = project.portal("publish")
    assert (run.code, run.err.splitlines()) == (0, MISUSE), run.text
    assert "Warnings: 5. With --strict they are errors." in run.out
    for command in ("check", "publish"):
        strict = project.portal(command, "--strict")
        assert (strict.code, strict.err.splitlines()[:5]) == (3, AS_ERRORS)


@pytest.mark.long
def test_without_the_secret_of_the_site_a_check_reads_no_code(busy: Project) -> None:
    for secret in (None, SECRET[::-1]):
        run = busy.portal("check", PORTAL_SECRET=secret)
        assert (run.code, run.err) == (0, "")


@pytest.mark.long
def test_a_use_that_is_not_booked_is_left_out_with_the_reason(busy: Project) -> None:
    wicks = coupon_code(KEY, WICKS, "L-101", 1)
    file = busy.root / "list.csv"
    file.write_text(f"date,member,kind,points,reference\n2026-11-04,,redemption,0,{wicks}\n", "utf-8")
    run = busy.portal("coupon", "book", "list.csv")
    file.unlink()
    assert (run.code, run.out) == (1, "")
    assert run.err == "list.csv:2:1: left out: member L-101, wick-voucher: used 3 times; once is allowed\n"


def test_a_ledger_in_order_is_said_to_be(stall: Project) -> None:
    assert coupon(stall, "check") == (0, "0 redemptions have no problems.")
