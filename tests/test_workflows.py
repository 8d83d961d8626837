"""Workflows of GitHub: actions are pinned by commit, since a tag can be moved to other code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).parents[1] / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"^\s*(?:- )?uses:\s*(.*)$", re.MULTILINE)
PINNED = re.compile(r"([\w-]+/[\w-]+)(?:/[\w-]+)?@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_each_action_is_pinned_by_commit_and_names_its_version(file: Path) -> None:
    used = USES.findall(file.read_text("utf-8"))
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_an_action_has_one_pin_in_all_workflows() -> None:
    used = {match for file in WORKFLOWS for match in PINNED.findall(file.read_text("utf-8"))}
    assert len({action for action, _, _ in used}) == len(used)


def test_the_nightly_check_compares_with_the_newest_release() -> None:
    publish, verify = (
        (Path(__file__).parents[1] / ".github" / "workflows" / f"{name}.yml").read_text("utf-8")
        for name in ("publish", "verify")
    )
    kept = re.compile(
        r"uses: actions/cache(?:/restore)?@.*\n\s+with:\n(\s+path: \|\n(?:\s+[\w./]+\n)+)\s+key: release-"
    )
    (written,), (restored,) = kept.findall(publish), kept.findall(verify)
    assert restored == written


CACHED = re.compile(r"uses: actions/cache(?:/\w+)?@.*\n\s+with:\n\s+path: \|\n((?:\s+[\w./]+\n)+)")


def test_a_cache_holds_only_sealed_files() -> None:
    for file in WORKFLOWS:
        for paths in CACHED.findall(file.read_text("utf-8")):
            assert paths.split() == [".build/releases", ".build/census", ".build/work.pack", "output"]
    text = (Path(__file__).parents[1] / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    assert "PORTAL_WORK_PACK: .build/work.pack\n" in text


def test_members_come_from_a_secret_or_a_private_repository() -> None:
    text = (Path(__file__).parents[1] / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    (publish,) = re.findall(r"- run: make publish\n\s+env:\n((?:\s{10}.*\n)+)", text)
    assert "PORTAL_MEMBERS: ${{ secrets.PORTAL_MEMBERS || (vars.MEMBERS_REPOSITORY && '.members') || '' }}" in publish
    assert "PGPASSWORD: ${{ secrets.PGPASSWORD }}" in publish
    (checkout,) = re.findall(r"- if: vars\.MEMBERS_REPOSITORY\n((?:\s{8}.*\n)+)", text)
    assert "ssh-key: ${{ secrets.MEMBERS_KEY }}" in checkout
    assert "persist-credentials: false" in checkout
    assert "path: .members" in checkout
    assert text.index(".ci/setup publish") < text.index("secrets.MEMBERS_KEY")  # no package's installation sees members
    (cached,) = re.findall(r"uses: actions/cache@.*\n\s+with:\n\s+path: \|\n((?:\s+[\w./]+\n)+)", text)
    assert ".members" not in cached


DUE = Path(__file__).parents[1] / ".ci" / "due"


def run_due(
    folder: Path, now: str, line: str, settings: str, event: str = "schedule"
) -> subprocess.CompletedProcess[str]:
    """Run .ci/due at a time, for a site with a line of front matter and a settings file."""
    (folder / "content" / "events").mkdir(parents=True, exist_ok=True)
    (folder / "content" / "events" / "a.md").write_text(f"---\nTitle: A\n{line}\n---\n", "utf-8")
    (folder / "pelicanconf.py").write_text(f'SITENAME = "A"\n{settings}', "utf-8")
    environ = {"GITHUB_EVENT_NAME": event, "PORTAL_NOW": now, "PATH": "/usr/bin:/bin"}
    return subprocess.run([DUE], cwd=folder, env=environ, capture_output=True, text=True, check=False)


def is_due(folder: Path, now: str, *, event: str = "schedule", zone: str = "Europe/Dublin", publish: str = "") -> bool:
    """Return whether .ci/due publishes a site at a time."""
    run = run_due(folder, now, f"Publish: {publish}", f'TIMEZONE = "{zone}"  # of the shop\n', event)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout in {"publish=true\n", "publish=false\n"}
    return run.stdout == "publish=true\n"


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-12-01T00:20Z", "Europe/Dublin", True),
        ("2026-12-01T01:59Z", "Europe/Dublin", True),
        ("2026-12-01T02:00Z", "Europe/Dublin", False),
        ("2026-11-30T23:20Z", "Europe/Dublin", False),
        ("2026-06-30T23:20Z", "Europe/Dublin", True),  # summer time
        ("2026-07-01T01:20Z", "Europe/Dublin", False),
        ("2026-12-01T05:20Z", "America/Lima", True),
        ("2026-12-01T00:20Z", "America/Lima", False),
        ("2026-11-30T10:20Z", "Pacific/Kiritimati", True),
    ],
)
def test_the_nightly_run_is_at_midnight_of_the_site(tmp_path: Path, now: str, zone: str, due: bool) -> None:
    assert is_due(tmp_path, now, zone=zone) == due
    assert is_due(tmp_path, now, zone=zone, event="push")


def test_each_hour_publishes_on_a_day_with_a_time(tmp_path: Path) -> None:
    assert is_due(tmp_path, "2026-12-01T12:20Z", publish="2026-12-01 18:00")
    assert not is_due(tmp_path, "2026-12-01T12:20Z", publish="2026-12-01")
    assert not is_due(tmp_path, "2026-12-01T12:20Z", publish="2026-12-02 18:00")
    assert is_due(tmp_path, "2026-12-01T12:20Z", publish="2026-12-02 00:10", zone="Pacific/Kiritimati")


NOON_IN_DUBLIN, NIGHT_IN_TOKYO = "2026-12-01T12:20Z", "2026-11-30T15:20Z"


@pytest.mark.parametrize(
    "line",
    [
        'Publish: "2026-12-01 18:00"',
        "Publish: '2026-12-01 18:00'",
        "publish: 2026-12-01 18:00",
        "PUBLISH:  2026-12-01  18:00  # after work",
        "'Publish': 2026-12-01 18:00",
        "Publish : 2026-12-01 18:00\r",
    ],
)
def test_each_spelling_of_a_time_is_found(tmp_path: Path, line: str) -> None:
    assert run_due(tmp_path, NOON_IN_DUBLIN, line, 'TIMEZONE = "Europe/Dublin"\n').stdout == "publish=true\n"


@pytest.mark.parametrize("line", ["Published: 2026-12-01 18:00", "Publish: 2026-12-01", "- Publish: 2026-12-01 18:00"])
def test_other_lines_are_no_time(tmp_path: Path, line: str) -> None:
    assert run_due(tmp_path, NOON_IN_DUBLIN, line, 'TIMEZONE = "Europe/Dublin"\n').stdout == "publish=false\n"


@pytest.mark.parametrize(
    "settings", ["TIMEZONE = 'Asia/Tokyo'\n", 'TIMEZONE="Asia/Tokyo"\n', "TIMEZONE = 'UTC'\nTIMEZONE = 'Asia/Tokyo'\n"]
)
def test_each_spelling_of_the_time_zone_is_read(tmp_path: Path, settings: str) -> None:
    assert run_due(tmp_path, NIGHT_IN_TOKYO, "", settings).stdout == "publish=true\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "TIMEZONE not found"),
        ("TIMEZONE = None\n", "TIMEZONE not found"),
        ("TIMEZONE = 'Asia/Tokio'\n", "no time zone is called Asia/Tokio"),
    ],
)
def test_a_site_without_a_time_zone_is_an_error(tmp_path: Path, settings: str, said: str) -> None:
    run = run_due(tmp_path, NIGHT_IN_TOKYO, "", settings)
    expected = f'pelicanconf.py: {said}, expected a line such as TIMEZONE = "Europe/Dublin"\n'
    assert (run.returncode, run.stdout, run.stderr) == (1, "", expected)


def test_the_workflow_asks_each_hour() -> None:
    text = (Path(__file__).parents[1] / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    assert '- cron: "20 * * * *"' in text
    assert "needs: due\n    if: needs.due.outputs.publish == 'true'" in text
    assert 'run: .ci/due >> "$GITHUB_OUTPUT"' in text
