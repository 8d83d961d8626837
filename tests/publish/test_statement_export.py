"""The statement on the decrypted page, as JSON and in the export: equal figures; and the commands' other behaviour."""

from __future__ import annotations

import csv
import json
import shutil
import stat
import subprocess
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.input.located_yaml import load_yaml
from members_portal.loyalty.period import YEARS
from members_portal.portal.personal.member_view import MemberView
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.publish.command.statements import MOST_LINES
from members_portal.publish.context import make_context
from members_portal.publish.statement_export import as_json, view_builder
from members_portal.publish.validation import validate
from members_portal.seal import Secret, access_code
from tests.independent_reader import Release
from tests.long_cases import quick_and_long, quick_first
from tests.publish.project import ROOT, SECRET, Project
from tests.publish.shown import Part, read_html
from tests.site.sample import DAY

SHOWN = date_filters("en-IE") | number_filters("en-IE", "EUR")
money, number, signed, percent = (SHOWN[name] for name in ("money", "number", "signed", "percent"))

GONE = {"Spent": "spent", "Returned with orders": "returned", "Taken back by hand": "taken", "Expired": "expired"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """The sample, published once, with all members' statements in three forms."""

    project: Project
    statements: dict[str, Json]
    rows: dict[str, dict[str, str]]
    slots: dict[str, dict[str, Any]]

    def part(self, member: str, slot: str) -> Part:
        """Return the text of a slot of a member's page on the day."""
        entries = self.slots[member][slot]
        today = [e for e in entries if (e["from"] or DAY) <= DAY <= (e["until"] or DAY)]
        return read_html("".join(entry["html"] for entry in today))


@pytest.fixture(scope="module")
def sample(sample_folder: Path, warm: subprocess.Popen[str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project.copy(Project(sample_folder, warm), tmp_path_factory.mktemp("statements") / "portal")


@pytest.fixture(scope="module")
def published(sample: Project) -> Published:
    assert sample.portal("export", "all.csv", "--date", DAY).code == 0
    with (sample.root / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["member"]: row for row in csv.DictReader(file)}
    found = {view.member.id: view for view in views_of(sample)}
    statements = {key: json.loads(as_json(view.statement)) for key, view in found.items() if view.statement}
    slots = {key: reader(sample, view).slots for key, view in found.items()}
    return Published(sample, statements, rows, slots)


def views_of(project: Project) -> list[MemberView]:
    today = date.fromisoformat(DAY)
    context = make_context(project.environ(), root=project.root, on=today, today=today, now=1)
    inputs = validate(context, None)
    return list(map(view_builder(inputs, Secret(bytes.fromhex(SECRET))).build, inputs.members))


def reader(project: Project, view: MemberView) -> Release:
    """Open a member's edition without a browser."""
    code = access_code(Secret(bytes.fromhex(SECRET)), view.member.id, view.member.code_version)
    return Release(project.output, code)


# The same figures everywhere


def test_everybody_has_a_statement_in_all_three_forms(published: Published) -> None:
    members = {entry["id"] for entry in load_yaml(ROOT / "members/members.yaml", private=True).value}
    assert set(published.statements) == set(published.rows) == set(published.slots) == members
    print(f"statements_compared={len(members)}")


@pytest.mark.parametrize("member", quick_first(["M-1001", "M-1003", "S-02"], 1))
def test_the_command_prints_the_record_as_json(published: Published, member: str) -> None:
    run = published.project.portal("statement", member, "--json", "--date", DAY)
    assert (run.code, json.loads(run.out), run.err) == (0, published.statements[member], "")


@pytest.mark.long
def test_the_command_names_the_number_of_older_lines(published: Published) -> None:
    lines = {member: len(found["activity"]) for member, found in published.statements.items()}
    member = max(lines, key=lambda each: lines[each])
    shown = published.project.portal("statement", member, "--date", DAY).out.splitlines()
    assert shown[-1] == f"and {lines[member] - MOST_LINES} older: --json prints all"


def test_the_export_has_the_figures_of_the_record(published: Published) -> None:
    for member, found in published.statements.items():
        assert published.rows[member] | expected_row(found) == published.rows[member]


def expected_row(found: Json) -> dict[str, str]:
    """Return a record as a row of the export."""
    progress, rebate = found["progress"], found["rebate"] or {}
    coming, keep, band = progress["next"] or {}, progress["keep"] or {}, rebate.get("next") or {}
    facts = {
        **found["balance"],
        **{name: found[name] for name in ("as_of", "owed", "worth")},
        **{f"expiring_{soon['within_days']}": soon["points"] for soon in found["expiring"]},
        **{"tier": progress["name"], "figure": progress["figure"]},
        **{"next_tier": coming.get("name"), "next_missing": coming.get("missing"), "next_by": coming.get("by")},
        **{"keep_missing": keep.get("missing"), "keep_by": keep.get("by")},
        **{f"rebate_{name}": rebate.get(name) for name in ("spend", "percent", "earned")},
        "rebate_missing": band.get("missing"),
        "last_order": found["rhythm"]["last"],
        "next_order": found["rhythm"]["next"],
        "segments": " ".join(found["segments"]),
        "offers": "; ".join(f"{o['title']}: {o['coupon']}" if o["coupon"] else o["title"] for o in found["offers"]),
    }
    return {name: "" if value is None else str(value) for name, value in facts.items()}


def test_the_page_has_the_balance_of_the_record_and_its_parts(published: Published) -> None:
    shown = 0
    for member, found in published.statements.items():
        balance, page = found["balance"], published.part(member, "statement")
        if not balance["earned"]:
            continue
        assert page.one("div", "purse").all("b")[0].text == number(balance["active"])
        terms = page.one("div", "balance").terms()
        expected = {label: number(-balance[name]) for label, name in GONE.items() if balance[name]}
        expected |= {"Earned in all": number(balance["earned"]), "Balance": number(total(balance))}
        assert {label: value for label, value in terms.items() if label in {*GONE, *expected}} == expected
        pending = {f"Pending, available from {longdate(c['on'])}": number(-c["points"]) for c in found["available"]}
        assert {label: value for label, value in terms.items() if label.startswith("Pending")} == pending
        assert sum(c["points"] for c in found["available"]) == balance["pending"]
        if found["expiring"][-1]["points"]:
            soon = {f"within {soon['within_days']} days": number(soon["points"]) for soon in found["expiring"]}
            assert {label: value for label, value in terms.items() if label.startswith("within")} == soon
        if found["expiries"]:
            days = {label: value for label, value in terms.items() if label.startswith("On ") or label == "Later"}
            later = sum(each["points"] for each in found["expiries"][3:])
            dated = {f"On {longdate(each['on'])}": number(each["points"]) for each in found["expiries"][:3]}
            assert days == dated | ({"Later": number(later)} if later else {})
        if Decimal(found["worth"]):
            assert f"worth {money(Decimal(found['worth']))}" in page.one("div", "purse").text
        shown += 1
    print(f"balances_compared={shown}")
    assert shown > 20


def total(balance: dict[str, int]) -> int:
    return balance["active"] + balance["pending"]


def longdate(day: str) -> str:
    return str(SHOWN["longdate"](date.fromisoformat(day)))


@pytest.mark.long
def test_the_page_has_the_missing_amounts_and_days_of_the_record(published: Published) -> None:
    shown = 0
    for member, found in published.statements.items():
        progress = found["progress"]
        page = published.part(member, "statement")
        if not page.inside:  # staff without purchases
            assert (found["activity"], member[:2]) == ([], "S-")
            continue
        said = page.one("div", "progress")
        goals = [goal for goal in (progress["keep"], progress["next"]) if goal and Decimal(goal["missing"])]
        assert [amount.text for amount in said.all("b")] == [money(Decimal(goal["missing"])) for goal in goals]
        assert {goal["by"] for goal in goals} <= set(said.days)
        assert progress["falls_on"] in [None, *said.days]
        if goals:
            assert money(Decimal(progress["figure"])) in said.one("p", "ends").text
        shown += bool(goals)
    print(f"goals_compared={shown}")
    assert shown > 20


def test_the_page_has_the_tier_of_the_record(published: Published) -> None:
    for member, found in published.statements.items():
        headings = [heading.text for heading in published.part(member, "statement").all("h2")]
        assert found["progress"]["name"] in headings or member.startswith("S-")


@pytest.mark.long
def test_the_page_has_the_rebate_of_the_record(published: Published) -> None:
    shown = 0
    for member, found in published.statements.items():
        rebate, page = found["rebate"], published.part(member, "statement")
        if not page.all("div", "spoken"):
            continue
        said = page.one("div", "spoken")
        earned, coming = Decimal(rebate["earned"]), rebate["next"]
        expected = [money(earned)] if earned else []
        expected += [money(Decimal(coming["missing"]))] if coming else []
        assert [amount.text for amount in said.all("b")] == expected
        if earned:
            assert f"{percent(Decimal(rebate['percent']))} of {money(Decimal(rebate['spend']))}" in said.text
        if coming:
            assert said.days == [coming["by"]]
        shown += 1
    print(f"rebates_compared={shown}")
    assert shown > 20


@pytest.mark.long
def test_the_page_has_every_line_of_two_years(published: Published) -> None:
    shown = 0
    for member, found in published.statements.items():
        page = published.part(member, "statement")
        lines = [line for part in page.all("ol", "activity") for line in part.all("li")]
        recent = [activity for activity in found["activity"] if activity["day"] >= "2025"]
        for line, activity in zip(lines, recent, strict=True):
            points = line.one("p", "points").text.split(" ")[0]
            assert (line.days[0], points) == (activity["day"], signed(activity["points"]))
            assert [why.text for why in line.all("p", "why")] == ([activity["why"]] if activity["why"] else [])
            amount = Decimal(activity["amount"]) if activity["amount"] is not None else None
            given = None if amount is None else money(-amount if activity["kind"] == "refund" else amount)
            assert [cell.text for cell in line.all("p", "amount")] == ([] if given is None else [given])
            assert activity["pending_until"] in [None, *line.days]
        shown += len(lines)
    print(f"lines_compared={shown}")
    assert shown > 1000


def test_the_first_page_has_the_offers_of_the_record_with_their_codes(published: Published) -> None:
    codes = 0
    for member, found in published.statements.items():
        told = [offer for offer in found["offers"] if not offer["missing"]][:4]
        told.sort(key=lambda offer: not offer["coupon"])  # what the till asks for comes first
        page = published.part(member, "offers")
        assert [title.text for title in page.all("h3")] == [offer["title"] for offer in told]
        shown = [code.one("b").text for code in page.all("button", "code-button")]
        assert shown == [offer["coupon"] for offer in told if offer["coupon"]]
        assert [offer["why"] in page.text for offer in told] == [True] * len(told)
        codes += len(shown)
    print(f"coupon_codes_compared={codes}")
    assert codes > 10


def test_the_lines_of_a_record_come_to_its_balance(published: Published) -> None:
    for found in published.statements.values():
        balance = found["balance"]
        assert sum(line["points"] for line in found["activity"]) == total(balance) + balance["expired"]
        assert found["history"][-1] == {"on": DAY, "points": total(balance)}


# Other days


@pytest.mark.long
def test_a_day_of_the_past_is_as_it_was(published: Published, tmp_path: Path) -> None:
    project = published.project
    members = shutil.copytree(project.root / "members", tmp_path / "members")
    head, *lines = (members / "ledger.csv").read_text("utf-8").splitlines(keepends=True)
    (members / "ledger.csv").write_text(head + "".join(line for line in lines if line[:10] <= "2026-06-30"), "utf-8")
    whole = project.portal("statement", "M-1001", "--json", "--date", "2026-06-30")
    cut = project.portal("statement", "M-1001", "--json", "--date", "2026-06-30", "--members", str(members))
    assert (whole.code, cut.code) == (0, 0)
    assert json.loads(whole.out) == json.loads(cut.out)
    assert json.loads(whole.out)["as_of"] == "2026-06-30"


@pytest.mark.long
def test_a_day_to_come_is_as_if_nothing_more_happened(published: Published) -> None:
    found, now = later(published, "2026-12-31"), published.statements["M-1001"]
    assert found["balance"]["earned"] == now["balance"]["earned"]
    assert found["balance"]["pending"] == 0
    gone = sum(coming["points"] for coming in now["expiries"] if coming["on"] < "2026-12-31")
    assert found["balance"]["expired"] - now["balance"]["expired"] == gone


def later(published: Published, day: str) -> Json:
    run = published.project.portal("statement", "M-1001", "--json", "--date", day)
    assert run.code == 0, run.text
    told: Json = json.loads(run.out)
    return told


@pytest.mark.long
def test_without_json_the_command_prints_the_figures_for_a_person(published: Published) -> None:
    run = published.project.portal("statement", "M-1001", "--date", DAY)
    balance = published.statements["M-1001"]["balance"]
    assert run.code == 0
    assert f"M-1001 as of {DAY}" in run.out
    parts = f"{balance['active'] + balance['pending']} ({balance['active']} to spend, {balance['pending']} pending)"
    assert parts in run.out


@pytest.mark.long
@pytest.mark.parametrize("day", ["2024-12-15", "1999-01-01"])
def test_a_day_before_the_offers_were_written_has_a_statement_too(published: Published, day: str) -> None:
    run = published.project.portal("statement", "M-1001", "--json", "--date", day)
    assert run.code == 0, run.text
    found = json.loads(run.out)
    assert (found["as_of"], found["offers"]) == (day, [])
    assert all(line["day"] <= day for line in found["activity"])


# The exported file


def test_the_export_is_for_its_owner_alone_and_leaves_nothing_else_behind(published: Published) -> None:
    root = published.project.root
    assert stat.S_IMODE((root / "all.csv").stat().st_mode) == 0o600
    assert not list(root.glob(".all.csv*"))


@pytest.mark.long
def test_the_export_says_how_much_it_wrote_and_where(published: Published) -> None:
    run = published.project.portal("export", "again.csv", "--date", DAY)
    assert (run.code, run.out, run.err) == (0, f"{len(published.rows)} statements in again.csv.\n", "")


@pytest.mark.parametrize("name", quick_and_long(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"], {"+1"}))
def test_a_name_is_never_a_formula(published: Published, name: str, tmp_path: Path) -> None:
    members = shutil.copytree(published.project.root / "members", tmp_path / "members")
    file = members / "members.yaml"
    file.write_text(file.read_text("utf-8").replace("given name: Maya", f'given name: "{name}"', 1), "utf-8")
    out = tmp_path / "all.csv"
    run = published.project.portal("export", str(out), "--date", DAY, "--members", str(members))
    assert run.code == 0, run.text
    with out.open(encoding="utf-8", newline="") as lines:
        maya = next(row for row in csv.DictReader(lines) if row["member"] == "M-1001")
    assert (maya["called"], maya["full_name"]) == (f"'{name}", f"'{name} Okafor")
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in maya.values())


@pytest.mark.long
@pytest.mark.parametrize("target", quick_first(["missing/all.csv", "/dev/full/all.csv", "folder"], 1))
def test_a_file_that_can_not_be_written_is_named_and_nothing_is_left(
    published: Published, target: str, tmp_path: Path
) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    run = published.project.portal("export", str(tmp_path / target), "--date", DAY)
    assert run.code == 1
    assert run.err.startswith("error: ")
    assert str(tmp_path / target) in run.err
    assert ".tmp" not in run.err
    assert "Traceback" not in run.text
    assert [path.name for path in tmp_path.rglob("*")] == ["folder", "inside"]


@pytest.mark.long
def test_when_the_disk_is_full_the_old_export_is_untouched(published: Published, tmp_path: Path) -> None:
    """Limit files to 100 KiB: enough for all files except the export of many members."""
    folder = many_members(published.project, tmp_path / "members", 700)
    out = tmp_path / "out" / "all.csv"
    out.parent.mkdir()
    out.write_text("old\n", "utf-8")
    given = ("export", str(out), "--date", DAY, "--members", str(folder))
    run = published.project.run(*given, through=("bash", "-c", 'trap "" XFSZ; ulimit -f 100; exec "$@"', "bash"))
    assert (run.code, out.read_text("utf-8")) == (1, "old\n")
    assert run.err.startswith("error: [Errno 27] File too large")
    assert ".all.csv.tmp" in run.err
    assert [path.name for path in out.parent.iterdir()] == ["all.csv"]


def many_members(project: Project, folder: Path, count: int) -> Path:
    """Write a members folder with the sample's rules and many members without ledger lines."""
    folder.mkdir()
    shutil.copy(project.root / "members/programme.yaml", folder)
    given = "{{id: M-{0}, given name: Anna, formal name: Ms Anna {0}, joined: 2024-02-29, email: anna{0}@post.example}}"
    (folder / "members.yaml").write_text("".join(f"- {given.format(n)}\n" for n in range(count)), "utf-8")
    return folder


def test_a_draft_that_somebody_put_there_is_not_written_to(published: Published, tmp_path: Path) -> None:
    (tmp_path / ".all.csv.tmp").symlink_to(tmp_path / "theirs")
    run = published.project.portal("export", str(tmp_path / "all.csv"), "--date", DAY)
    assert run.code == 0, run.text
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]
    assert stat.S_IMODE((tmp_path / "all.csv").stat().st_mode) == 0o600


# Missing statements


@pytest.mark.long
def test_an_unknown_member_ends_in_one_line(published: Published) -> None:
    run = published.project.portal("statement", "M-9999", "--date", DAY)
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines()[0] == "error: no member has the id 'M-9999'"


@pytest.mark.parametrize("arguments", [("statement", "L-101"), ("export", "all.csv")])
def test_a_programme_without_rules_has_no_statements(harbour: Project, arguments: tuple[str, ...]) -> None:
    run = harbour.portal(*arguments, "--date", DAY)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("error: there are no statements: ")
    assert not (harbour.root / "all.csv").exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-02-29", "21.11.2026"])
def test_a_day_that_is_none_is_a_mistake_of_usage(harbour: Project, day: str) -> None:
    run = harbour.portal("statement", "L-101", "--date", day)
    assert run.code == 2
    assert "is not a day, expected YYYY-MM-DD" in run.err


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_no_input_can_hold_is_none_either(harbour: Project, day: str) -> None:
    run = harbour.portal("statement", "L-101", "--date", day)
    assert run.code == 2
    assert "is too far off" in run.err
    assert (YEARS[0], YEARS[-1]) == (1900, 2199)
