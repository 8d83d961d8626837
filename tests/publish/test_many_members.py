"""A publish with enough members for workers: the bytes of one core, and a whole release whatever ends a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from members_portal.portal.personal.slot_batches import FEWEST_MEMBERS
from members_portal.seal.record_batch import FEWEST_RECORDS
from members_portal.workers.executor import cores
from tests.bench.people import write_members
from tests.publish.project import Project, litter
from tests.workers.dask_cluster import wait_until

pytestmark = [pytest.mark.long, pytest.mark.skipif(cores() == 1, reason="one core starts no workers")]
ONE_CORE = (
    sys.executable,
    "-c",
    "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.argv[1], sys.argv[1:])",
)


@pytest.fixture
def crowded(project: Project) -> Project:
    """Give the project as many members as start workers."""
    write_members(project.root / "members-new", max(FEWEST_MEMBERS, FEWEST_RECORDS) + 100)
    for file in (project.root / "members").iterdir():
        file.unlink()
    for file in (project.root / "members-new").iterdir():
        file.rename(project.root / "members" / file.name)
    return project


def slot_table(project: Project) -> list[bytes]:
    """Return the slots of all members."""
    return [(project.root / ".build/tree" / name).read_bytes() for name in ("slots.tsv", "slots.z")]


def workers_of(process: int) -> list[int]:
    """List the worker processes of a publish."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def started(project: Project, then: Callable[[int], None]) -> tuple[int, str]:
    """Publish, do something when workers run, and return the exit code and the errors."""
    with project.start("publish", "--accept-changes") as run:
        wait_until(lambda: len(workers_of(run.pid)) == cores() or run.poll() is not None)
        then(run.pid)
        _, err = run.communicate(timeout=600)
    return run.returncode, err


def test_all_cores_make_the_tree_of_one_core_though_a_worker_is_killed(crowded: Project) -> None:
    code, err = started(crowded, lambda process: os.kill(workers_of(process)[0], signal.SIGKILL))
    assert (code, err) == (0, "")
    made = slot_table(crowded)
    for name in ("tree", "cache"):
        subprocess.run(["rm", "-r", crowded.root / ".build" / name], check=True)
    run = crowded.run("publish", "--accept-changes", through=ONE_CORE)
    assert run.code == 0, run.text
    assert slot_table(crowded) == made


def test_ctrl_c_ends_workers_and_publishes_nothing(crowded: Project) -> None:
    before = crowded.release
    workers = list[int]()

    def interrupt(process: int) -> None:
        workers.extend(workers_of(process))
        os.kill(process, signal.SIGINT)

    code, err = started(crowded, interrupt)
    assert (code, err) == (130, "interrupted; the release in force is whole\n")
    assert crowded.release == before
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert [name for name in litter(crowded) if ".tmp-" in name] == []
