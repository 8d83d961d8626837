"""Kill a publish at any system call on the project's files, or make the call fail, with strace."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.publish.project import Project, Run

CALLS = (
    *("openat", "write", "pwrite64", "fsync", "sync"),  # SQLite writes with pwrite64
    *("rename", "symlink", "linkat", "unlink", "unlinkat", "mkdir", "rmdir"),
)
PUBLISH = ("publish",)
NOTE = ".build/state/.tmp"

_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
_TO_WRITE = re.compile(r"O_(?:WRONLY|RDWR|CREAT)")
_BUILT = re.compile(r"\.build/|\.?output|$")


@dataclass(frozen=True)
class Point:
    """The `number`th use of a system call by a publish, on `path` below the project's folder.

    The number 0 stands for the first use on `path`.
    """

    call: str
    number: int
    path: str

    def __str__(self) -> str:
        return f"{self.call} {self.number}"


@contextmanager
def attached(process: int, log: Path, *options: str) -> Iterator[None]:
    """Attach strace to a running process; at the end, wait until it has ended, or detach."""
    command = ["strace", "-f", "-y", "-s", "4096", "-e", "signal=none", *options, "-o", str(log), "-p", str(process)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        said = tracer.stderr.readline()
        assert "attached" in said, said
        try:
            yield
        finally:
            tracer.terminate()  # after the end of the process, it has ended by itself
            tracer.communicate(timeout=120)


def traced(project: Project, log: Path, *options: str, **environ: str) -> Run:
    """Publish in a fork of the warm process, with strace attached from its first step."""
    with ExitStack() as tracer:

        def attach(process: int, start: Path) -> None:
            tracer.enter_context(attached(process, log, *options))
            start.write_text("x")

        return project.together([PUBLISH], attach, repeatable=True, **environ)[0]


def points_of(project: Project, log: Path, **environ: str) -> list[Point]:
    """Publish; return all points at which it changed a file of the project."""
    run = traced(project, log, "-e", f"trace={','.join(CALLS)}", **environ)
    assert run.code == 0, run.text
    return points_in(log, project.root)


def points_in(log: Path, root: Path) -> list[Point]:
    """Return the points in a log of system calls at which a file below a folder was changed."""
    counts: dict[tuple[str, str], int] = {}
    points = []
    for line in log.read_text("utf-8", "replace").splitlines():
        if not (found := _LINE.match(line)):
            continue
        process, call, rest = found.groups()
        number = counts[process, call] = counts.get((process, call), 0) + 1
        path = _path(call, rest, root)
        if path is not None and " = -1 " not in rest and (call != "openat" or _TO_WRITE.search(rest)):
            points.append(Point(call, number, path))
    return points


def _path(call: str, rest: str, root: Path) -> str | None:
    """Return the file of a call: its last path below the project's folder."""
    if call == "sync":
        return "."
    named = re.findall(rf"<{re.escape(str(root))}/?([^>]*)>", rest.rpartition(" = ")[0])
    quoted = re.findall(r'"([^"]*)"', rest)
    if call == "unlinkat" and named and quoted:
        return f"{named[0]}/{quoted[0]}"
    if call in ("write", "pwrite64", "fsync"):
        return next(filter(_BUILT.match, named), None)
    below = [path.removeprefix(f"{root}/") for path in quoted]
    return below[-1] if below and below[-1] != quoted[-1] else None


def killed_at(project: Project, point: Point, log: Path, **environ: str) -> Run:
    """Publish; kill the process at the point, before the call takes effect."""
    return disturbed(project, point, "signal=KILL", log, **environ)


def failing_at(project: Project, point: Point, error: str, log: Path, **environ: str) -> Run:
    """Publish; let the call at the point fail with an error."""
    return disturbed(project, point, f"error={error}", log, **environ)


def struck(project: Project, log: Path) -> str | None:
    """Return the file of the failed call; None when the publish did not make it."""
    for line in log.read_text("utf-8", "replace").splitlines():
        if line.endswith("(INJECTED)") and (found := _LINE.match(line)):
            return _path(found[2], found[3], project.root)
    return None


def disturbed(project: Project, point: Point, what: str, log: Path, **environ: str) -> Run:
    number, only = point.number, []
    if point.path == NOTE or not number:  # after the gate, which reads a varying number of files: the number varies
        number, only = 1, ["-P", str(project.root / point.path)]
    inject = f"inject={point.call}:{what}:when={number}"
    return traced(project, log, *only, "-e", f"trace={point.call}", "-e", inject, **environ)


def spread(points: list[Point], call: str, count: int) -> list[Point]:
    """Return a sample of a call's points: the first, the last, and evenly spaced ones."""
    found = [point for point in points if point.call == call]
    step = max(1, (len(found) - 1) / max(1, count - 1))
    return found if len(found) <= count else [found[round(step * number)] for number in range(count)]


def one_of_each(points: list[Point]) -> list[Point]:
    """Return a point of each call on each kind of file: the middle one."""
    kinds: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for point in points:
        kinds[point.call, "/".join(point.path.split("/")[:3])].append(point)
    return [found[len(found) // 2] for found in kinds.values()]
