"""Worker processes in a publish: the bytes are those of one core; a killed worker leaves a whole release."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from members_portal.portal.personal.slot_batches import FEWEST_MEMBERS
from members_portal.seal.record_batch import FEWEST_RECORDS
from members_portal.workers.executor import cores
from members_portal.workers.spread import STARTED
from tests.bench.people import write_project
from tests.publish.project import Project, copy_settings, lay_in_fonts
from tests.workers.dask_cluster import wait_until

pytestmark = [pytest.mark.long, pytest.mark.skipif(cores() == 1, reason="one core starts no workers")]
ONE_CORE = (
    sys.executable,
    "-c",
    "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.argv[1], sys.argv[1:])",
)


@pytest.fixture
def crowded(project: Project, cut_fonts: Path) -> Project:
    """Give the sample's project with as many members as start workers."""
    root = project.root.with_name("crowded")
    write_project(root, max(FEWEST_MEMBERS, FEWEST_RECORDS // STARTED) + 100)
    for name in ("pelicanconf.py", "publishconf.py"):
        (root / name).unlink()  # a link to the project's own
    copy_settings(root)
    lay_in_fonts(cut_fonts, root / ".build")
    return Project(root, project.warm, project.secret)


def slot_table(project: Project) -> list[bytes]:
    """Return the slots of all members."""
    return [(project.root / ".build/tree" / name).read_bytes() for name in ("slots.tsv", "slots.z")]


def workers_of(process: int) -> list[int]:
    """List the worker processes of a publish."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            parent = file.read_text().rpartition(")")[2].split()[1]
            if parent == str(process) and b"spawn_main" in file.with_name("cmdline").read_bytes():
                found.append(int(file.parent.name))
    return found


def started(project: Project, then: Callable[[int], None]) -> tuple[int, str]:
    """Publish, do something when workers run, and return the exit code and the errors."""
    with project.start("publish") as run:
        wait_until(lambda: len(workers_of(run.pid)) == cores() or run.poll() is not None)
        then(run.pid)
        _, err = run.communicate(timeout=600)
    return run.returncode, err


def test_all_cores_make_the_tree_of_one_core_though_a_worker_is_killed(crowded: Project) -> None:
    code, err = started(crowded, lambda process: os.kill(workers_of(process)[0], signal.SIGKILL))
    assert (code, err) == (0, "")
    made = slot_table(crowded)
    for name in ("tree", "state", "cache/work.sqlite"):  # all but the fonts
        subprocess.run(["rm", "-r", crowded.root / ".build" / name], check=True)
    with crowded.start("publish", through=ONE_CORE) as run:
        run.communicate(timeout=600)
    assert run.returncode == 0
    assert slot_table(crowded) == made


def test_ctrl_c_ends_workers_and_publishes_nothing(crowded: Project) -> None:
    workers = list[int]()

    def interrupt(process: int) -> None:
        workers.extend(workers_of(process))
        os.kill(process, signal.SIGINT)

    code, err = started(crowded, interrupt)
    assert (code, err) == (130, "interrupted; the release in force is whole\n")
    assert not crowded.output.exists()
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert [path.name for path in crowded.root.rglob("*") if ".tmp-" in path.name] == []
