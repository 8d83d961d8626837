"""Killed before any renaming: the same command ends with the same files, nothing lost, nothing twice."""

from __future__ import annotations

import re
import shutil
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.publish.project import Project, Run
from tests.publish.strace import attached

RENAMING = re.compile(r'^\d+ +rename\w*\((?:[^"]*)"([^"]*)", (?:[^"]*)"([^"]*)"')
EARLIER = Letter("forms/wicks", {"wick": "Round"}, "L-101")
LETTERS = [
    Letter("forms/wicks", {"wick": "Flat"}, "L-102"),
    Letter("events/rowing-out", {"coming": "Yes", "persons": "2"}, "L-101"),
    Letter("forms/your-details", {"phone": "+47 20 91 777"}, "L-101"),
    Letter("forms/join", {"given-name": "Liv", "family-name": "Dahl", "email": "liv@dahl.example"}),
    Letter("forms/wicks", {"wick": "Square"}, "L-103"),  # is set aside
]
FEWEST = 14  # renamings of a run: nine files, and five messages


def watched(quay: Quay, log: Path, *arguments: str, inject: str = "") -> Run:
    """Run `portal inbox` under strace; `inject` disturbs a call."""
    calls = "trace=rename,renameat,renameat2"
    options = ["-e", calls, *(["-e", f"inject=rename:{inject}"] if inject else [])]
    with ExitStack() as tracer:

        def attach(process: int, start: Path) -> None:
            tracer.enter_context(attached(process, log, *options))
            start.write_text("x")

        return quay.project.together([("inbox", *arguments)], attach, repeatable=True)[0]


def renamings(log: Path, root: Path) -> list[str]:
    """Return the files that a run put into place, as they were renamed."""
    found = (RENAMING.match(line) for line in log.read_text("utf-8", "replace").splitlines())
    return [match[2].removeprefix(f"{root}/") for match in found if match]


def copy(quay: Quay, root: Path) -> Quay:
    shutil.copytree(quay.root, root, symlinks=True)
    return Quay(Project(root, quay.project.warm))


@pytest.fixture
def full(quay: Quay) -> Quay:
    """Give a portal with earlier answers, and messages of each kind."""
    quay.take(EARLIER)
    quay.arrive(*LETTERS)
    return quay


def check_kills(full: Quay, tmp_path: Path, *arguments: str) -> list[str]:
    """Kill a command before each renaming, run it again, and compare; return the files."""
    whole = copy(full, tmp_path / "whole")
    assert watched(whole, tmp_path / "log", *arguments).code == 0
    points = renamings(tmp_path / "log", whole.root)
    expected = whole.contents(), (whole.root / "members" / "members.yaml").read_bytes()
    for number in range(1, len(points) + 1):
        one = copy(full, tmp_path / f"{number}")
        killed = watched(one, tmp_path / f"log-{number}", *arguments, inject=f"signal=KILL:when={number}")
        assert killed.code == -signal.SIGKILL, points[number - 1]
        again = one.run(*arguments)
        assert again.code == 0, (points[number - 1], again.text)
        found = one.contents(), (one.root / "members" / "members.yaml").read_bytes()
        assert found == expected, points[number - 1]
        shutil.rmtree(one.root)
    return points


def test_killed_before_the_commit(full: Quay, tmp_path: Path) -> None:
    whole = copy(full, tmp_path / "whole")
    whole.take()
    assert watched(full, tmp_path / "log", "post", inject="signal=KILL:when=9").code == -signal.SIGKILL
    assert full.column("taken.csv", "number") == [EARLIER.number]
    full.take()
    assert full.contents() == whole.contents()


@pytest.mark.long
def test_a_publish_reads_no_line_of_a_run_that_was_killed_before_its_commit(full: Quay, tmp_path: Path) -> None:
    statement = full.project.portal("statement", "L-102").out
    whole = copy(full, tmp_path / "whole")
    assert watched(whole, tmp_path / "log", "post").code == 0
    commit = renamings(tmp_path / "log", whole.root).index("members/inbox/taken.csv") + 1
    killed = watched(full, tmp_path / "killed", "post", inject=f"signal=KILL:when={commit}")
    assert killed.code == -signal.SIGKILL
    assert full.column("ledger.csv", "member") == ["L-101", "L-102"]
    assert full.column("taken.csv", "number") == [EARLIER.number]
    assert full.project.portal("statement", "L-102").out == statement
    full.take()
    assert full.project.portal("statement", "L-102").out != statement


@pytest.mark.long
def test_killed_at_every_renaming(full: Quay, tmp_path: Path) -> None:
    points = check_kills(full, tmp_path, "post")
    assert len(points) >= FEWEST
    marked = [place for place, name in enumerate(points) if name.startswith("post/")]
    assert points[marked[0] - 1] == "members/inbox/taken.csv"
    assert points[marked[0] - 2] == "members/inbox/ledger.csv"
    assert len(marked) == len(LETTERS)


@pytest.mark.long
@pytest.mark.parametrize("place", [2, 3])
def test_killed_while_approving(full: Quay, tmp_path: Path, place: int) -> None:
    full.take()
    check_kills(full, tmp_path, "approve", LETTERS[place].number)
