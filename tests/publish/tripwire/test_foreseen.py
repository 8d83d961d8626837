"""`portal check` compares members and ledger with the release in force, as a publish would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.long_cases import quick_first
from tests.publish.project import SECRET, Project, files_of, noon
from tests.publish.tripwire.test_tripwire import NEXT, STOPPED, ledger_lines, project, published, write_ledger

__all__ = ["project", "published"]  # the fixtures

WOULD_STOP = "which is in force: `portal publish` would stop with exit code 3"


def test_a_check_warns_of_a_loss_with_the_table_of_the_publish(project: Project) -> None:
    write_ledger(project, ledger_lines()[1:])
    before = files_of(project.root / ".build")
    check = project.portal("check", PORTAL_NOW=noon(NEXT))
    assert files_of(project.root / ".build").keys() == before.keys()
    first, _, *table = check.err.splitlines()
    assert first == f"output: warning: {STOPPED} {project.release.name}, {WOULD_STOP}"
    assert (check.code, check.out) == (0, "11 items and 6 members have 1 warning.\n")
    publish = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert publish.code == 3
    assert "\n".join(table).strip("\n") in publish.err
    assert [line.split() for line in table if "beyond" in line] == [
        "past lines gone 1 at most 0 beyond the limit".split(),
    ]


@pytest.mark.long
def test_a_strict_check_stops_as_a_publish_does(project: Project) -> None:
    write_ledger(project, ledger_lines()[1:])
    check = project.portal("check", "--strict", PORTAL_NOW=noon(NEXT))
    publish = project.portal("publish", PORTAL_NOW=noon(NEXT))
    assert (check.code, check.out) == (3, "")
    assert check.err.startswith(f"error: {STOPPED} {project.release.name}, which is in force:\n")
    assert publish.err == f"{check.err}Nothing was published.\n"


@pytest.mark.long
def test_a_loss_and_other_warnings_are_counted_together(project: Project) -> None:
    write_ledger(project, ledger_lines() * 2)
    check = project.portal("check", PORTAL_NOW=noon(NEXT))
    assert (check.code, check.out.split(" members ")[1]) == (0, "have 2 warnings.\n")
    places = [line.split(": warning: ")[0] for line in check.err.splitlines() if ": warning: " in line]
    assert places == ["members/ledger.csv:122:1", "output"]


@pytest.mark.long
def test_a_check_tells_corrected_lines_as_a_publish_does(project: Project) -> None:
    lines = ledger_lines()
    lines[4] = lines[4].replace("10.00", "10.50")
    write_ledger(project, lines)
    told = "members/ledger.csv: warning: lines of the past were changed: 2026-09-03\n"
    assert project.portal("check", PORTAL_NOW=noon(NEXT)).err == told
    strict = project.portal("check", "--strict", PORTAL_NOW=noon(NEXT))
    assert (strict.code, strict.err.splitlines()[0]) == (3, told.strip().replace("warning: ", ""))


@pytest.mark.long
def test_a_check_of_unchanged_or_growing_inputs_says_nothing(project: Project) -> None:
    assert project.portal("check", PORTAL_NOW=noon(NEXT)).err == ""
    write_ledger(project, [*ledger_lines(), "2026-11-20,L-101,event,,,,,"])
    run = project.portal("check", "--strict", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    "missing", quick_first(["the secret", "the release", "the secret of the release", "the link"], 1)
)
def test_a_check_without_secret_or_release_compares_nothing(project: Project, missing: str) -> None:
    write_ledger(project, [])
    environ: dict[str, str | None] = {"CI": "true", "PORTAL_NOW": noon(NEXT)}
    if missing == "the secret":
        environ["PORTAL_SECRET"] = None
    elif missing == "the secret of the release":
        environ["PORTAL_SECRET"] = SECRET[::-1]
    elif missing == "the release":
        environ["PORTAL_OUTPUT"] = "elsewhere"
    else:
        project.output.unlink()
        project.output.mkdir()
    run = project.portal("check", "--strict", **environ)
    assert (run.code, run.err) == (0, ""), run.text


@pytest.mark.long
def test_a_check_names_a_lost_count_as_a_publish_does(project: Project) -> None:
    shutil.rmtree(project.root / ".build" / "census")
    what = "holds no count of members and ledger lines of the release in force: nothing was compared"
    run = project.portal("check", PORTAL_NOW=noon(NEXT))
    assert (run.code, run.err) == (0, f"{Path('.build/census')}: warning: {what}\n")


def test_a_wrong_threshold_is_an_error_of_a_check(project: Project) -> None:
    with (project.root / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write("PORTAL_TRIPWIRE = {'tier': 0}\n")
    run = project.portal("check", PORTAL_NOW=noon(NEXT), PORTAL_SECRET=None)
    assert run.code == 3
    assert "`PORTAL_TRIPWIRE`, `tier`: `0` doesn't fit" in run.err
