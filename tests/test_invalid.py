"""Broken inputs, a folder each: what an editor is told, and that nothing is published.

`tests/invalid/<case>/` is laid over the small valid portal in `_base/`: what is called programme, members or ledger
belongs to members/, everything else to content/; absent.txt lists what to take away. `expected.txt` holds every
problem.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from members_portal.publish.command.cli import app

PROJECT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "invalid"
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir() and folder.name != "_base")
MEMBER_DATA = re.compile(r"(programme|members|ledger)\.(yaml|csv|parquet)")
TODAY = "2026-11-20"
PUBLISHED = (  # one of each sort goes through a real publish
    "programme-missing",
    "programme-alias-bomb",
    "programme-many-problems",
    "members-latin-1",
    "members-many-problems",
    "members-nested-bomb",
    "members-csv-many-problems",
    "ledger-many-problems",
    "member-id-path",
    "content-missing",
    "front-matter-not-closed",
    "image-out-of-content",
    "link-up-until-an-embargo-ends",
    "many-files-at-once",
)


def lay_out(case: str, root: Path) -> Path:
    """Make a project whose content and members are the base with one case laid over it."""
    for folder in ("_base", case):
        for file in (CASES / folder).rglob("*"):
            path = file.relative_to(CASES / folder)
            if file.is_file() and path.name not in {"expected.txt", "absent.txt"}:
                target = place(root, str(path))
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
    for path in lines(CASES / case / "absent.txt"):
        shutil.rmtree(place(root, path)) if place(root, path).is_dir() else place(root, path).unlink()
    if not any((root / "content").iterdir()):
        (root / "content").rmdir()
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(PROJECT / name, root / name)
    (root / "theme").symlink_to(PROJECT / "theme")
    return root


def place(root: Path, path: str) -> Path:
    """Tell where a file of a case lies in the project."""
    return root / ("members" if MEMBER_DATA.fullmatch(path) else "content") / path


def lines(file: Path) -> list[str]:
    """Read a list; no file, no lines."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, in no project's environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())  # publishconf.py adds its folder
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_the_base_is_valid(project: Path) -> None:
    lay_out("_base", project)
    result = CliRunner().invoke(app, ["check", "--date", TODAY])
    assert (result.exit_code, result.output) == (0, "3 items and 1 members are as they should be.\n")


@pytest.mark.parametrize("case", NAMES)
def test_every_problem_is_told_with_its_place(case: str, project: Path) -> None:
    lay_out(case, project)
    result = CliRunner().invoke(app, ["check", "--date", TODAY])
    *problems, total = result.stderr.splitlines()
    assert problems == lines(CASES / case / "expected.txt")
    assert total == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was published."
    assert (result.exit_code, result.stdout) == (3, "")


def test_there_are_enough_of_them() -> None:
    print(f"broken_inputs={len(NAMES)}")
    assert len(NAMES) >= 150


def test_a_publish_ends_with_3_and_leaves_what_was_there(tmp_path: Path) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {case: pool.submit(publish, case, tmp_path / case) for case in PUBLISHED}
    for case, run in runs.items():
        assert run.result() == (3, lines(CASES / case / "expected.txt")), case
        assert released(tmp_path / case) == before(case), case


def publish(case: str, root: Path) -> tuple[int, list[str]]:
    """Publish in a process of its own; return its exit code and the problems it named."""
    root.mkdir()
    lay_out(case, root)
    for path, text in before(case).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        (root / "output").is_symlink() or (root / "output").symlink_to(".build/releases/1")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(
        [sys.executable, "-m", "members_portal", "publish", "--date", TODAY],
        cwd=root,
        env=environment | {"PYTHONPATH": str(PROJECT), "PORTAL_SECRET": bytes(range(32)).hex()},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.splitlines()[:-1]


def before(case: str) -> dict[str, str]:
    """Every second case finds an old release in force."""
    held = {".build/releases/1/index.html": "the old release", ".build/releases/1/_/b/0": "a sealed file"}
    return held if PUBLISHED.index(case) % 2 else {}


def released(root: Path) -> dict[str, str]:
    """Read what is published and what waits to be, through the link where there is one."""
    assert (root / "output").is_symlink() == (root / "output").exists()
    files = [*(root / ".build" / "releases").rglob("*"), *(root / "output").rglob("*")]
    return {str(file.resolve().relative_to(root.resolve())): file.read_text() for file in files if file.is_file()}
