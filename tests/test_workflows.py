"""Workflows of GitHub: actions are pinned by commit, since a tag can be moved to other code."""

from __future__ import annotations

import re
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
