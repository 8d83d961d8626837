"""The tripwire: a publish that loses members or ledger lines stops with exit code 3, until the changes are accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.long_cases import quick_and_long, quick_first
from tests.publish.project import SECRET, Project, files_of, noon

HEADER = "date,member,kind,amount,currency,points,reference,tags"
FIRST = date(2026, 9, 1)
DAYS = 60  # the last line is of 30 October 2026
NEXT = "2026-11-21"  # the day after the first publish
STOPPED = "members or ledger differ too much from release"

Lines = list[str]


def ledger_lines() -> Lines:
    """Return two purchases a day."""
    days = (FIRST + timedelta(number) for number in range(DAYS))
    return [f"{day},L-10{member},purchase,{member}0.00,,,R-{day}-{member},oil" for day in days for member in (1, 2)]


def write_ledger(project: Project, lines: Lines) -> None:
    (project.root / "members/ledger.csv").write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")


@pytest.fixture(scope="module")
def published(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with a ledger, published; tests copy it."""
    project = Project.copy(harbour, tmp_path_factory.mktemp("published") / "portal", tree=True)
    write_ledger(project, ledger_lines())
    project.publish()
    return project


@pytest.fixture
def project(published: Project, tmp_path: Path) -> Project:
    return Project.copy(published, tmp_path / "portal", tree=True)


def remove_members(project: Project, *ids: str) -> None:
    file = project.root / "members/members.yaml"
    first, *entries = file.read_text("utf-8").split("\n- id: ")
    kept = [entry for entry in entries if entry[:5] not in ids]
    file.write_text("\n- id: ".join([first, *kept]), "utf-8")


LOSSES: dict[str, Callable[[Lines], Lines]] = {
    "header-only": lambda lines: [],
    "halved": lambda lines: lines[: len(lines) // 2],
    "every-second-line": lambda lines: lines[::2],
    "one-line-gone": lambda lines: lines[:17] + lines[18:],
    "newest-line-gone": lambda lines: lines[:-1],
    "one-line-of-another-day": lambda lines: ["2026-08-31" + lines[0][10:], *lines[1:]],
    "one-gone-and-many-new": lambda lines: lines[1:] + [f"2026-11-0{day},L-101,event,,,,," for day in range(1, 9)],
    "doubled": lambda lines: lines * 2,
    "doubled-in-part": lambda lines: lines + lines[:50],
    "amounts-in-cents": lambda lines: [line.replace("0.00", "000.00") for line in lines],
    "amounts-halved": lambda lines: [line.replace("10.00", "5.00").replace("20.00", "10.00") for line in lines],
    "members-exchanged": lambda lines: [line.replace("L-101", "L-103") for line in lines],
    "a-late-line-of-a-large-amount": lambda lines: [*lines, "2026-09-03,L-101,purchase,999999.00,,,R-L,oil"],
}


@pytest.mark.parametrize("loss", quick_and_long(LOSSES, {"one-line-gone"}))
def test_a_loss_in_the_ledger_stops_a_publish(project: Project, loss: str) -> None:
    write_ledger(project, LOSSES[loss](ledger_lines()))
    before = files_of(project.root / ".build"), files_of(project.release)
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, STOPPED in run.err, "beyond the limit" in run.err) == (3, True, True), run.text
    assert "--accept-changes" in run.err
    assert run.err.endswith("Nothing was published.\n")
    after = files_of(project.root / ".build"), files_of(project.release)
    assert [set(files) for files in after] == [set(files) for files in before]
    assert after[1] == before[1]
    assert {path: data for path, data in after[0].items() if path.startswith(("state", "census"))} == {
        path: data for path, data in before[0].items() if path.startswith(("state", "census"))
    }


def test_a_stopped_publish_lists_the_warnings_too(project: Project) -> None:
    write_ledger(project, ledger_lines() * 2)
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    lines = "all 240 lines from 2026-09-01 to 2026-10-30 are 120 different ones, repeated"
    assert run.err.startswith(f"members/ledger.csv:122:1: warning: {lines}")


@pytest.mark.long
def test_a_deleted_ledger_stops_a_publish_and_accepted_changes_go_on(project: Project) -> None:
    (project.root / "members/ledger.csv").unlink()
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    assert [line.split() for line in run.err.splitlines() if "ledger lines" in line or "newest" in line] == [
        "ledger lines 120 0 less than 5 % fewer beyond the limit".split(),
        "newest line 2026-10-30 none not older beyond the limit".split(),
    ]
    assert project.portal("publish", PORTAL_NOW=noon(NEXT)).code == 3
    accepted = project.portal("publish", "--accept-changes", PORTAL_NOW=noon(NEXT))
    assert (accepted.code, STOPPED in accepted.text) == (0, False), accepted.text
    assert project.portal("publish", PORTAL_NOW=noon("2026-11-22")).code == 0


def table_of(text: str) -> list[str]:
    """Return the lines of the table, and of the days below."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if "in force  " in line)
    return lines[first : next(number for number, line in enumerate(lines) if line.startswith("Lines ")) + 1]


@pytest.mark.long
def test_accepted_changes_are_shown_as_the_stop_shows_them(project: Project) -> None:
    write_ledger(project, ledger_lines()[1:])
    summary = project.root / "summary.md"
    stopped = project.portal("publish", PORTAL_NOW=noon(NEXT))
    arguments = ("--accept-changes", "--strict")
    accepted = project.portal("publish", *arguments, PORTAL_NOW=noon(NEXT), GITHUB_STEP_SUMMARY=str(summary))
    assert (stopped.code, accepted.code) == (3, 0), accepted.text
    assert table_of(accepted.err) == table_of(stopped.err)
    told = f"accepted with --accept-changes: members or ledger differ from release {published_before(project)}:"
    assert accepted.err.splitlines()[0] == told
    assert summary.read_text("utf-8").startswith(f"## Changes were accepted\n\n{told}\n\n| measure |")


def published_before(project: Project) -> str:
    """Return the name of the release before the one in force."""
    return sorted(path.name for path in project.release.parent.iterdir() if path.is_dir())[-2]


@pytest.mark.long
def test_a_stop_names_the_days_of_lost_lines(project: Project) -> None:
    lines = ledger_lines()
    write_ledger(project, lines[:4] + lines[6:17] + lines[18:])
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    assert "\nLines are gone from: 2026-09-03 (2), 2026-09-09 (1).\n" in run.err


KEPT: dict[str, Callable[[Lines], Lines]] = {
    "nothing-new": lambda lines: lines,
    "in-another-order": lambda lines: lines[::-1],
    "new-lines": lambda lines: [*lines, "2026-11-20,L-101,event,,,,,", "2026-11-21,L-101,event,,,,,"],
    "late-lines": lambda lines: [*lines, *(f"2026-10-1{day},L-101,event,,,,," for day in range(9))],
    "late-purchases": lambda lines: [*lines, *(f"2026-10-1{day},L-101,purchase,25.00,,,,oil" for day in range(9))],
    "more-on-the-newest-day": lambda lines: lines + ["2026-10-30,L-101,event,,,,,"] * 30,
}


@pytest.mark.long
@pytest.mark.parametrize("kept", KEPT)
def test_a_ledger_that_grows_is_no_loss(project: Project, kept: str) -> None:
    write_ledger(project, KEPT[kept](ledger_lines()))
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, "Warnings" in run.out) == (0, False), run.text


@pytest.mark.long
def test_a_corrected_line_is_a_warning(project: Project) -> None:
    lines = ledger_lines()
    lines[4] = lines[4].replace("10.00", "10.50")
    lines[40] = lines[40].replace("oil", "glass")
    write_ledger(project, lines)
    told = "members/ledger.csv: warning: lines of the past were changed: 2026-09-03, 2026-09-21\n"
    strict = project.portal("publish", "--strict", PORTAL_NOW=noon(NEXT))
    assert (strict.code, strict.err.splitlines()[0]) == (3, told.strip().replace("warning: ", ""))
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err, "Warnings: 1." in run.out) == (0, told, True)
    assert project.portal("publish", "--strict", PORTAL_NOW=noon("2026-11-22")).code == 0


# Members


@pytest.mark.long
def test_a_member_whose_entry_is_gone_stops_a_publish(project: Project) -> None:
    write_ledger(project, ledger_lines())
    remove_members(project, "L-104")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    beyond = [line.split()[:3] for line in run.err.splitlines() if "beyond" in line]
    assert beyond == [["members", "6", "5"], ["brass", "2", "1"]]
    assert project.portal("publish", "--accept-changes", PORTAL_NOW=noon(NEXT)).code == 0


@pytest.mark.long
@pytest.mark.parametrize("left", [NEXT, "2026-11-20", "2026-11-02"])
def test_a_member_who_leaves_is_no_loss(project: Project, left: str) -> None:
    project.edit("members/members.yaml", "  joined: 2021-05-30\n", f"  joined: 2021-05-30\n  left: {left}\n")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, ""), run.text


@pytest.mark.parametrize("left", quick_and_long([NEXT, "2026-11-02"], {NEXT}))
def test_all_members_who_leave_stop_a_publish(project: Project, left: str) -> None:
    file = project.root / "members/members.yaml"
    file.write_text(re.sub("(?m)^(  joined: .*)$", rf"\1\n  left: {left}", file.read_text("utf-8")), "utf-8")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    assert [line.split()[:4] for line in run.err.splitlines() if "beyond" in line] == [["leave", "by", "`left`", "6"]]


def change_tier(project: Project, old: str, new: str) -> None:
    file = project.root / "members/members.yaml"
    file.write_text(file.read_text("utf-8").replace(f"tier: {old}\n", f"tier: {new}\n"), "utf-8")


@pytest.mark.long
def test_a_tier_that_loses_a_fifth_stops_a_publish(project: Project) -> None:
    change_tier(project, "brass", "pewter")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    assert [line.split()[:3] for line in run.err.splitlines() if "beyond" in line] == [["brass", "2", "0"]]


@pytest.mark.long
def test_members_of_a_tier_who_rise_are_no_loss(project: Project) -> None:
    change_tier(project, "brass", "copper")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, ""), run.text


@pytest.mark.long
def test_members_who_rise_by_lines_of_the_day_of_the_release_are_no_loss(project: Project) -> None:
    qualify(project)
    file = project.root / "members/members.yaml"
    file.write_text(re.sub("(?m)^  tier: .*\n", "", file.read_text("utf-8")), "utf-8")
    assert project.portal("publish", "--accept-changes").code == 0
    risen = [f"2026-11-20,L-10{member},purchase,8000.00,,,R-{member},oil" for member in range(1, 6)]
    write_ledger(project, ledger_lines() + risen)
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, ""), run.text


def qualify(project: Project) -> None:
    """Let members qualify for tiers by spend."""
    project.edit("members/programme.yaml", "generation: 1\n", "generation: 1\nqualifying: {basis: spend}\n")
    for tier, reach in (("pewter", 5000), ("brass", 6000), ("copper", 7000)):
        project.edit("members/programme.yaml", f"  - key: {tier}\n", f"  - key: {tier}\n    reach: {reach}\n")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["renumbered", "merged"])
def test_former_numbers_are_no_loss(project: Project, kind: str) -> None:
    if kind == "merged":
        remove_members(project, "L-102")
        project.edit("members/members.yaml", "- id: L-101\n", "- id: L-101\n  formerly: [L-102]\n")
    else:
        project.edit("members/members.yaml", "- id: L-101\n", "- id: L-901\n  formerly: [L-101]\n")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, ""), run.text
    assert project.portal("publish", "--strict", PORTAL_NOW=noon("2026-11-22")).code == 0
    lines = ledger_lines()
    write_ledger(project, [lines[0].replace("L-101", "L-103"), *lines[1:]])
    corrected = project.portal("publish", PORTAL_NOW=noon("2026-11-23"))
    assert corrected.err == "members/ledger.csv: warning: lines of the past were changed: 2026-09-01\n"


# Points and currency

EARNING = """
points: {name: drops, valid: {days: 70}}
earning: [{name: A drop for each crown, kind: purchase, points: 1, per: 1.00}]
"""
RULES = {
    "no-rules": ("points", EARNING, ""),
    "fewer-points": ("points", "per: 1.00", "per: 1000.00"),
    "another-currency": ("currency", "name: The Harbour Lamp Club\n", "name: The Harbour Lamp Club\ncurrency: USD\n"),
}


@pytest.fixture(scope="module")
def earning(published: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with points, published."""
    project = Project.copy(published, tmp_path_factory.mktemp("earning") / "portal", tree=True)
    with (project.root / "members/programme.yaml").open("a", encoding="utf-8") as file:
        file.write(EARNING)
    project.publish()
    return project


@pytest.mark.parametrize("rules", quick_and_long(RULES, set()))
def test_rules_that_take_all_points_stop_a_publish(earning: Project, tmp_path: Path, rules: str) -> None:
    project = Project.copy(earning, tmp_path / "portal", tree=True)
    measure, old, new = RULES[rules]
    project.edit("members/programme.yaml", old, new)
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3, run.text
    assert [line.split()[0] for line in run.err.splitlines() if "beyond" in line] == [measure]


@pytest.mark.long
def test_redemptions_and_expired_points_are_no_loss(earning: Project, tmp_path: Path) -> None:
    project = Project.copy(earning, tmp_path / "portal", tree=True)
    spent = [f"2026-11-20,L-10{member},redemption,,,{member}00,,oil" for member in (1, 2)]
    write_ledger(project, ledger_lines() + spent)
    run = project.portal("publish", PORTAL_NOW=noon("2026-12-25"))
    assert (run.code, run.err) == (0, ""), run.text


@pytest.mark.long
def test_a_tier_that_ends_by_its_date_is_no_loss(published: Project, tmp_path: Path) -> None:
    project = Project.copy(published, tmp_path / "portal", tree=True)
    file = project.root / "members/members.yaml"
    brass, until = "tier: brass\n", "  tier until: 2026-11-25\n"
    file.write_text(file.read_text("utf-8").replace(brass, brass + until), "utf-8")
    qualify(project)
    assert project.portal("publish", "--accept-changes").code == 0
    run = project.portal("publish", PORTAL_NOW=noon("2026-11-26"))
    assert run.code == 0, run.text
    assert project.portal("publish", "--accept-changes", PORTAL_NOW=noon("2026-11-24")).code == 0
    file.write_text(file.read_text("utf-8").replace(until, "  tier until: 2026-11-20\n"), "utf-8")
    assert project.portal("publish", PORTAL_NOW=noon("2026-11-26")).code == 3


# Without a comparison


def census_of(project: Project) -> Path:
    """Return the file of the census of the release in force."""
    return project.root / ".build" / "census" / f"{project.release.name}.census"


@pytest.mark.long
def test_the_first_publish_compares_nothing(project: Project) -> None:
    run = project.portal("publish", "--output", "elsewhere", PORTAL_NOW=noon(NEXT))
    assert "Deploy the folder elsewhere/ to any static host; `portal serve --output elsewhere` opens it" in run.out
    assert (run.code, "Warnings" in run.out) == (0, False), run.text


@pytest.mark.long
def test_a_ci_without_a_release_says_so(project: Project) -> None:
    run = project.portal("publish", "--output", "elsewhere", CI="true", PORTAL_NOW=noon(NEXT))
    assert (run.code, "Warnings: 1." in run.out) == (0, True), run.text
    assert run.err == "elsewhere: warning: no release is in force here: members and ledger were compared with none\n"


@pytest.mark.long
@pytest.mark.parametrize("how", ["missing", "damaged", "of another release"])
def test_a_lost_census_is_a_warning(project: Project, how: str) -> None:
    census = census_of(project)
    if how == "missing":
        census.unlink()
    elif how == "damaged":
        census.write_bytes(census.read_bytes()[:-1])
    else:
        older = next(path for path in census.parent.glob("*.census") if path != census)
        census.write_bytes(older.read_bytes())
    write_ledger(project, [])
    what = "nothing was compared"
    strict = project.portal("publish", "--strict", PORTAL_NOW=noon("2026-11-22"))
    assert (strict.code, what in strict.err) == (3, True), strict.text
    run = project.portal("publish", PORTAL_NOW=noon("2026-11-22"))
    assert (run.code, what in run.err) == (0, True), run.text
    write_ledger(project, ledger_lines())
    assert "nothing was compared" not in project.publish("2026-11-22").err


def test_a_census_reveals_nothing(project: Project) -> None:
    census = census_of(project)
    data = census.read_bytes()
    assert [word for word in (b"brass", b"2026", b"member", b"120") if word in data] == []
    assert census.stat().st_mode & 0o077 == 0
    assert len(data) > 16_384


@pytest.mark.long
def test_another_secret_compares_nothing(project: Project) -> None:
    write_ledger(project, [])
    run = project.portal("publish", "--new-secret", PORTAL_SECRET=SECRET[::-1])
    assert run.code == 0, run.text
    assert "nothing was compared" in run.err


@pytest.mark.long
def test_a_stated_day_is_compared_on_the_day_of_the_release_in_force(project: Project) -> None:
    assert project.portal("publish", "--date", "2026-12-24").code == 0
    assert project.portal("publish", "--date", "2026-11-20").code == 0
    write_ledger(project, ledger_lines()[1:])
    assert project.portal("publish", "--date", "2026-12-24").code == 3


# Settings and CI


@pytest.mark.long
@pytest.mark.parametrize(
    ("setting", "code"),
    [("{'gone': 1}", 0), ("{'gone': 1, 'lines': 0.5}", 3), ("{}", 3)],
)
def test_thresholds_are_settings(project: Project, setting: str, code: int) -> None:
    with (project.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(f"PORTAL_TRIPWIRE = {setting}\n")
    write_ledger(project, ledger_lines()[1:])
    assert project.portal("publish", PORTAL_NOW=noon(NEXT)).code == code


@pytest.mark.parametrize(
    ("setting", "problem"),
    quick_first(
        [
            ("{'tiers': 5}", "`PORTAL_TRIPWIRE`: unknown key `tiers` (did you mean `tier`?)"),
            ("{'tier': 0}", "`PORTAL_TRIPWIRE`, `tier`: `0` doesn't fit, expected a percentage above 0, such as 5"),
            ("{'gone': 0.5}", "`PORTAL_TRIPWIRE`, `gone`: `0.5` doesn't fit, expected a number of lines, 0 or more"),
            ("{'lines': '5 %'}", "`PORTAL_TRIPWIRE`, `lines`: `5 %` doesn't fit, expected a percentage above 0"),
            ("5", "`PORTAL_TRIPWIRE`: `5` doesn't fit, expected a dict"),
        ],
        1,
    ),
)
def test_a_wrong_threshold_is_an_error(project: Project, setting: str, problem: str) -> None:
    file = project.root / "pelicanconf.py"
    line = len(file.read_text("utf-8").splitlines()) + 1
    with file.open("a", encoding="utf-8") as settings:
        settings.write(f"PORTAL_TRIPWIRE = {setting}\n")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert run.code == 3
    assert f"pelicanconf.py:{line}:" in run.err
    assert problem in run.err


def test_the_summary_of_a_ci_job_has_the_table(project: Project) -> None:
    write_ledger(project, ledger_lines()[1:])
    summary = project.root / "summary.md"
    summary.write_text("# Publish\n", "utf-8")
    run = project.portal("publish", PORTAL_NOW=noon(NEXT), GITHUB_STEP_SUMMARY=str(summary))
    assert run.code == 3
    told = summary.read_text("utf-8")
    assert told.startswith("# Publish\n## Nothing was published\n")
    assert "| past lines gone |  | 1 | at most 0 | beyond the limit |\n" in told
    assert "| ledger lines | 120 | 119 | less than 5 % fewer |  |\n" in told
    assert "10.00" not in told + run.err


def test_a_preview_compares_nothing(project: Project) -> None:
    from members_portal.publish.context import make_context

    context = make_context({}, root=project.root, on=None, today=date(2026, 11, 20), now=1)
    assert context.compared
    assert not context.for_preview("http://127.0.0.1").compared
