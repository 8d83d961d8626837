"""Deliberately leaky builds: each folder of tests/leaky/ is copied over a small portal; the gate refuses all."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.publish.project import ROOT, Project, files_of, litter

LEAKY = ROOT / "tests" / "leaky"
CASES = sorted(path.name for path in LEAKY.iterdir() if path.is_dir())
TOLD = {name: tomllib.loads((LEAKY / name / "case.toml").read_text("utf-8")) for name in CASES}
MARKED = [pytest.param(name, marks=pytest.mark.long) if TOLD[name].get("long") else name for name in CASES]
NAMES = ("Torvald", "Ekdahl", "Ngozi", "Obiakor", "欧阳", "芳泽", "شيرين", "Argenteuil", "post.example", "Netmenders")


def lay_over(case: Path, project: Project) -> None:
    """Copy a case's files over the project's; `sabotage.py` is run by publishconf.py."""
    for file in case.rglob("*"):
        path = file.relative_to(case)
        if file.is_file() and path.name != "case.toml":
            project.own("theme") if path.parts[0] == "theme" else None
            (project.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, project.root / path)
    if (case / "sabotage.py").exists():
        with open(project.root / "publishconf.py", "a", encoding="utf-8") as conf:
            conf.write("\nimport sabotage\n")


@pytest.mark.parametrize("name", MARKED)
def test_a_leak_is_caught_and_nothing_is_published(name: str, project: Project) -> None:
    case = TOLD[name]
    before, target = files_of(project.release), os.readlink(project.output)
    project.edit("content/offers/wick-voucher.md", "braided by", "woven by")  # a change to publish
    lay_over(LEAKY / name, project)

    run = project.portal("publish", **case.get("environ", {}))

    assert run.code == case.get("exit", 4), run.text
    assert case["says"] in run.err
    assert "Nothing was published." in run.err
    assert "Traceback" not in run.text
    assert os.readlink(project.output) == target
    assert files_of(project.release) == before
    assert litter(project) == []
    told = [name for name in (*NAMES, project.secret, *map(project.code, ("L-101", "L-102"))) if name in run.text]
    assert told == []


@pytest.mark.long
def test_the_secret_is_found_too_when_it_lies_in_its_file(project: Project) -> None:
    folder = project.root / ".portal"
    folder.mkdir(mode=0o700)
    (folder / "secret").touch(0o600)
    (folder / "secret").write_text(project.secret + "\n", "ascii")
    lay_over(LEAKY / "secret-in-a-page", project)
    run = project.portal("publish", PORTAL_SECRET=None)
    assert run.code == 4, run.text
    assert "the site secret" in run.err
    assert project.secret not in run.text


@pytest.mark.long
def test_without_a_leak_the_same_is_published(project: Project) -> None:
    project.edit("content/offers/wick-voucher.md", "braided by", "woven by")
    target = os.readlink(project.output)
    project.publish()
    assert os.readlink(project.output) != target


@pytest.mark.long
def test_the_first_release_isnt_published_either(unpublished: Project) -> None:
    lay_over(LEAKY / "page-in-the-wrong-edition", unpublished)
    assert unpublished.portal("publish").code == 4
    assert not unpublished.output.is_symlink()


def test_there_are_enough_cases_and_each_says_what_leaks() -> None:
    assert all(case["leaks"].endswith(".") and case["says"] for case in TOLD.values())
    quick = [name for name in CASES if not TOLD[name].get("long")]
    print(f"leaky_builds={len(CASES)}, {len(quick)} of them in `make test`")
    assert len(quick) >= 10
