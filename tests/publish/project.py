"""A small portal in a folder of its own, the commands run in it, and what its members read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from members_portal.seal import Secret, access_code
from members_portal.seal.format.decoys import decoy_kind
from tests.independent_reader import Release

ROOT = Path(__file__).parents[2]
HARBOUR = Path(__file__).parent / "harbour"
SECRET = "6f1d" * 8 + "".join(f"{number:02x}" for number in range(16))  # for tests, and for nothing else
DAY = "2026-11-20"

ONE_AT_A_TIME = Lock()  # the warm process answers in order

MEMBERS = {"L-101": 1, "L-102": 1, "L-103": 1, "L-104": 2, "L-105": 1, "L-106": 1}  # id: code version
EDITIONS = dict(zip(MEMBERS, ("member", "pewter", "brass", "brass", "copper", "staff"), strict=True))


def copy_settings(folder: Path) -> None:
    """Copy the sample's settings, but for its fixed day: fixtures are published as of the present day, PORTAL_NOW."""
    for name in ("pelicanconf.py", "publishconf.py"):
        lines = (ROOT / name).read_text("utf-8").splitlines(keepends=True)
        text = "".join(line for line in lines if not line.startswith("PORTAL_TODAY"))
        (folder / name).write_text(text, "utf-8")


def noon(day: str) -> str:
    """Return noon of a day as PORTAL_NOW states it."""
    return f"{day}T12:00+00:00"


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


class Project:
    """A project's folder. `portal` runs in a fork of a warm process, `start` and `run` start Python anew."""

    def __init__(self, root: Path, warm: subprocess.Popen[str], secret: str = SECRET) -> None:
        self.root, self.warm, self.secret = root, warm, secret

    @classmethod
    def copy(cls, other: Project, root: Path, *, tree: bool = False) -> Project:
        """Copy a project with its releases, with `tree` also the rendered tree; `own` copies the theme."""
        top = str(other.root)
        left_out = {top: ["theme"], f"{top}/.build": [] if tree else ["tree"]}
        shutil.copytree(top, root, symlinks=True, ignore=lambda folder, _: left_out.get(folder, []))
        (root / "theme").symlink_to((other.root / "theme").resolve())
        return cls(root, other.warm, other.secret)

    def own(self, name: str) -> Path:
        """Give the project its own copy of a shared folder: `theme`, or `plugins`, which PYTHONPATH has to name."""
        folder = self.root / name
        if folder.is_symlink() or not folder.exists():
            shared = folder.resolve() if folder.is_symlink() else ROOT / name
            folder.unlink(missing_ok=True)
            shutil.copytree(shared, folder)
        return folder

    def environ(self, **changed: str | None) -> dict[str, str]:
        given = {"PATH": os.environ["PATH"], "HOME": str(self.root), "LANG": "C.UTF-8", "PORTAL_SECRET": self.secret}
        given["PORTAL_NOW"] = noon(DAY)
        given["PORTAL_PDF"] = "no"  # they take seconds; those who test them ask for them
        return {name: value for name, value in (given | changed).items() if value is not None}

    def portal(self, *arguments: str, **environ: str | None) -> Run:
        """Run `portal` in a fork of the warm process."""
        return self.together([arguments], begin=None, repeatable=False, **environ)[0]

    def together(
        self,
        commands: Sequence[Sequence[str]],
        begin: Callable[[int, Path], object] | None = None,
        *,
        repeatable: bool = False,
        **environ: str | None,
    ) -> list[Run]:
        """Run several commands of `portal` at once, in forks of the warm process.

        `begin` is called with a process id and a pipe, before anything runs; the process goes on when it is written to.
        `repeatable` runs draw the same random numbers, and so write the same files.
        """
        with TemporaryDirectory() as folder:
            start = Path(folder, "start")
            os.mkfifo(start)
            requests: list[dict[str, Any]] = [
                {
                    "folder": str(self.root),
                    "arguments": arguments,
                    "environ": self.environ(**environ),
                    "stdout": f"{folder}/{number}.out",
                    "stderr": f"{folder}/{number}.err",
                    "codes": f"{folder}/{number}.codes",
                    "start": str(start) if begin else "",
                    "repeatable": repeatable,
                }
                for number, arguments in enumerate(commands)
            ]
            with ONE_AT_A_TIME:
                print(json.dumps(requests), file=self.warm.stdin, flush=True)
                process = self._answer()[0]
                if begin:
                    wait_for(Path(f"{start}.reached"))
                    begin(process, start)
                codes = self._answer()
            streams = [(Path(request["stdout"]), Path(request["stderr"])) for request in requests]
            return [
                Run(code, out.read_text("utf-8"), err.read_text("utf-8"))
                for code, (out, err) in zip(codes, streams, strict=True)
            ]

    def _answer(self) -> list[int]:
        assert self.warm.stdout is not None
        numbers: list[int] = json.loads(self.warm.stdout.readline())
        return numbers

    def publish(self, day: str = DAY, **environ: str | None) -> Run:
        """Publish on a day, and be sure that it worked."""
        run = self.portal("publish", **{"PORTAL_NOW": noon(day), **environ})
        assert run.code == 0, run.text
        return run

    def start(self, *arguments: str, through: Sequence[str] = (), **environ: str | None) -> subprocess.Popen[str]:
        """Start `python -m members_portal`, maybe through another command."""
        command = [*through, sys.executable, "-m", "members_portal", *arguments]
        pipe, env = subprocess.PIPE, self.environ(**environ)
        return subprocess.Popen(command, cwd=self.root, env=env, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, through: Sequence[str] = (), **environ: str | None) -> Run:
        """Run `python -m members_portal` to its end."""
        with self.start(*arguments, through=through, **environ) as process:
            out, err = process.communicate(timeout=120)
        return Run(process.returncode, out, err)

    # What lies in it

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def release(self) -> Path:
        return self.output.resolve(strict=True)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that occurs once in a file."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), "utf-8")

    # Who reads it

    def code(self, member: str) -> str:
        return access_code(Secret(bytes.fromhex(self.secret)), member, MEMBERS[member])

    def open(self, member: str, release: Path | None = None) -> Release:
        """Sign a member in."""
        return Release(release or self.output, self.code(member))


def lay_in_fonts(fonts: Path, build: Path) -> None:
    """Put the theme's cut fonts into the cache below a `.build` folder, where a first publish looks for them."""
    for folder in (build, build / "cache"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(fonts, build / "cache" / "fonts")


def wait_for(path: Path, seconds: float = 120) -> None:
    """Wait until a path exists."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, path
        time.sleep(0.005)


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def blobs_of(project: Project, generation: int = 1) -> set[str]:
    """Return the paths of the blobs of the release in force, without decoys."""
    secret = Secret(bytes.fromhex(project.secret))
    found = (project.release / "_/b").glob("*/*")
    return {f"_/b/{path.parent.name}/{path.name}" for path in found if not decoy_kind(secret, generation, path.name)}


def is_sealed(path: str) -> bool:
    return path.startswith("_/")


def everything(project: Project, release: Path | None = None) -> dict[str, bytes]:
    """Read all that anybody can read: what is in clear, and what each member opens."""
    folder = release or project.release
    own = ("_/", "portal.json", "release.json")
    found = {f"public/{path}": data for path, data in files_of(folder).items() if not path.startswith(own)}
    for member in MEMBERS:
        opened = project.open(member, folder)
        paths = {*opened.manifest["files"], *opened.record["files"]}
        found |= {f"{member}/{path}": opened.read(path) for path in paths}
        found[f"{member}/slots.json"] = json.dumps(opened.record["slots"], sort_keys=True).encode()
    return found


def litter(project: Project) -> list[str]:
    """Name what a publish should have cleared away."""
    build = project.root / ".build"
    drafts = [path for path in project.root.rglob(".*") if path.name != ".build"]
    drafts += build.rglob("*.tmp")
    releases = [path for path in (build / "releases").iterdir() if not path.name.isdigit()]
    notes = [path for path in (build / "state").iterdir() if not (build / "releases" / path.stem).is_dir()]
    return sorted({str(path.relative_to(project.root)) for path in (*drafts, *releases, *notes)})
