"""Batches on processes and on a cluster: each result once and in order, also when workers die."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from members_portal.newsletter.cache import open_cache
from members_portal.newsletter.letter.sheets import LETTER_PACKAGES, Tools
from members_portal.workers.cluster import environment, expect_one_environment
from members_portal.workers.executor import AHEAD, Workers, open_executor, run_batches
from members_portal.workers.worker_error import WorkerError
from tests.long_cases import quick_and_long, quick_first
from tests.newsletter import specimen
from tests.newsletter.planners import planner, print_run
from tests.workers.dask_cluster import DaskCluster, dask_cluster, wait_until
from tests.workers.labour import Batch, die, die_once, digest, refuse, slow, slow_at_first, thresholds

UNUSED = "tcp://127.0.0.1:9"  # the port of the discard service, which nobody offers
ROOT = Path(__file__).parents[2]
BATCHES: list[Batch] = [range(start, start + 4) for start in range(0, 80, 4)]
LARGE = [[*batch, *range(50_000)] for batch in BATCHES]  # more than fits into a pipe
WANTED = [digest(batch) for batch in BATCHES]


def on_processes(work: Callable[[Batch], bytes], batches: list[Batch], processes: int = 2) -> list[bytes]:
    with open_executor(processes=processes) as workers:
        return list(run_batches(workers, work, batches))


@pytest.mark.parametrize("processes", quick_and_long([1, 2], {2}))
def test_results_come_in_the_order_of_batches_whichever_is_done_first(processes: int) -> None:
    assert on_processes(slow_at_first, BATCHES, processes) == WANTED


def test_processes_collect_garbage_as_seldom_as_their_parent() -> None:
    before = gc.get_threshold()
    gc.set_threshold(12_345, 67, 89)
    try:
        assert on_processes(thresholds, BATCHES[:1], 1) == [b"(12345, 67, 89)"]
    finally:
        gc.set_threshold(*before)


def test_no_batches_give_no_results_and_start_no_process() -> None:
    code = (
        "import os\nfrom members_portal.workers.executor import open_executor, run_batches\n"
        "with open_executor(processes=2) as workers:\n"
        "    print(list(run_batches(workers, print, [])))\n"
        "try:\n    os.waitpid(-1, os.WNOHANG)\nexcept ChildProcessError:\n    print('no child')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nno child\n"


def test_progress_hears_of_every_item_once() -> None:
    heard: list[int] = []
    with open_executor(processes=1) as workers:
        assert len(list(run_batches(workers, digest, [range(3), range(7)], heard.append))) == 2
    assert heard == [3, 7]


def test_few_batches_are_read_ahead_of_the_one_that_is_due() -> None:
    read: list[Batch] = []

    def batches() -> Iterator[Batch]:
        for batch in BATCHES:
            read.append(batch)
            yield batch

    with open_executor(processes=2) as workers:
        results = run_batches(workers, digest, batches())
        for number in range(5):
            assert next(results) == WANTED[number]
            assert len(read) == number + 2 * AHEAD


@pytest.mark.parametrize("batches", quick_first([BATCHES, LARGE], 1), ids=["small", "large"])
def test_what_a_killed_process_left_undone_is_done_again(batches: list[Batch], tmp_path: Path) -> None:
    results = on_processes(partial(die_once, work=digest, deaths=tmp_path), batches)
    assert (tmp_path / "died").exists()
    assert results == [digest(batch) for batch in batches]


def test_letters_that_kill_every_process_end_the_run() -> None:
    with pytest.raises(WorkerError, match=r"^workers died 3 times over the same work"):
        on_processes(die, BATCHES)


def test_the_first_error_in_order_ends_the_run() -> None:
    with pytest.raises(WorkerError, match=r"^no address: 8$"):
        on_processes(refuse, BATCHES)


def test_batches_go_on_after_a_consumer_that_stops_early() -> None:
    with open_executor(processes=1) as workers:
        first = run_batches(workers, digest, BATCHES)
        assert next(first) == WANTED[0]
        assert isinstance(first, Generator)
        first.close()
        assert list(run_batches(workers, digest, BATCHES)) == WANTED


SCRIPT = """
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from members_portal.workers.executor import open_executor, run_batches
from tests.workers.labour import sleep_long

if __name__ == "__main__":
    try:
        with open_executor(processes=2) as workers:
            work = partial(sleep_long, started=Path(sys.argv[1]))
            list(run_batches(workers, work, [[number] for number in range(9)]))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a run in a session of its own, as a terminal does, and wait until both of its processes are at work."""
    script, started = tmp_path / "run.py", tmp_path / "started"
    script.write_text(SCRIPT)
    started.mkdir()
    command = [sys.executable, str(script), str(started)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environ) as run:
        wait_until(lambda: len(list(started.iterdir())) == 2)
        yield run
        if session(run.pid):
            os.killpg(run.pid, signal.SIGKILL)


def session(leader: int) -> list[int]:
    """List the processes of a session that are not yet gone."""
    stats = {int(file.parent.name): fields(file) for file in Path("/proc").glob("[0-9]*/stat")}
    return [process for process, (state, _, _, number) in stats.items() if number == str(leader) and state != "Z"]


def fields(stat: Path) -> list[str]:
    """Read the state, parent, group and session of a process, if it is still there."""
    try:
        return stat.read_text().rpartition(")")[2].split()[:4]
    except (FileNotFoundError, ProcessLookupError):
        return ["Z", "", "", ""]


def test_ctrl_c_ends_all_processes_and_none_complains(busy: subprocess.Popen[str]) -> None:
    os.killpg(busy.pid, signal.SIGINT)
    assert [*busy.communicate(timeout=120)] == [None, ""]
    assert busy.returncode == 130
    wait_until(lambda: session(busy.pid) == [])


def test_no_process_outlives_a_run_that_was_killed(busy: subprocess.Popen[str]) -> None:
    busy.kill()
    busy.wait()
    wait_until(lambda: session(busy.pid) == [])


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Start a scheduler on this machine."""
    with dask_cluster(tmp_path_factory.mktemp("dask")) as started:
        yield started


@pytest.fixture
def cluster(machines: DaskCluster) -> DaskCluster:
    """Give a cluster with two workers."""
    machines.fill(2)
    return machines


@pytest.mark.long
def test_a_cluster_gives_what_one_machine_gives_though_a_worker_is_killed(cluster: DaskCluster, tmp_path: Path) -> None:
    with open_executor(cluster.address) as workers:
        assert workers.count() == 2
        results = list(run_batches(workers, partial(die_once, work=digest, deaths=tmp_path), BATCHES))
    assert (tmp_path / "died").exists()
    assert results == on_processes(digest, BATCHES)


@pytest.mark.long
def test_letters_from_a_cluster_are_the_same_bytes_though_a_worker_is_killed(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    def kill_one(letters: int) -> None:
        if not made:
            cluster.kill_one()
        made.append(letters)

    made: list[int] = []
    with open_executor(cluster.address) as workers:
        ours = printed(workers, tmp_path / "cluster", kill_one)
        wait_until(lambda: workers.count() == 1)
    assert len(made) > 1
    with open_executor() as workers:
        assert ours == printed(workers, tmp_path / "machine", lambda _letters: None)


def printed(workers: Workers, folder: Path, done: Callable[[int], None]) -> tuple[list[str], str]:
    """Print letters, one of them laid out on its own; return the hash of each, and that of the run."""
    people = [*specimen.sheets(200), specimen.awkward_sheets()["Chinese"]]
    folder.mkdir()
    with open_cache(folder / "cache.sqlite", b"") as cache:
        rows = print_run(planner(people, specimen.short_issue("gold")), people, folder, Tools(workers, cache, done))
    assert [row.member for row in rows] == [sheet.member for sheet in people]
    run = (folder / "run.pdf").read_bytes()
    return [row.sha256 for row in rows], sha256(run).hexdigest()


@pytest.mark.long
def test_letters_that_kill_every_worker_of_a_cluster_end_the_run(machines: DaskCluster) -> None:
    machines.fill(4)  # a batch that has cost Dask four is given up
    with open_executor(machines.address) as workers, pytest.raises(WorkerError, match="gave up"):
        list(run_batches(workers, die, BATCHES[:1]))


@pytest.mark.long
def test_a_cluster_that_all_workers_leave_ends_the_run(cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members_portal.workers.cluster.LOOK", 0.1)
    monkeypatch.setattr("members_portal.workers.cluster.DESERTED", 0.5)
    with open_executor(cluster.address) as workers:
        results = run_batches(workers, slow, BATCHES)
        next(results)
        cluster.dismiss_all()
        with pytest.raises(WorkerError, match=r"^the cluster at tcp:\S+ has lost all its workers$"):
            list(results)


@pytest.mark.long
def test_a_cluster_that_loses_its_scheduler_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("members_portal.workers.cluster.SECONDS", 5.0)
    with dask_cluster(tmp_path) as cluster:
        cluster.fill(1)
        with open_executor(cluster.address) as workers:
            results = run_batches(workers, slow, BATCHES)
            next(results)
            cluster.scheduler.kill()
            with pytest.raises(WorkerError, match=r"^the cluster at tcp:\S+ (has lost its scheduler|gave up: .*)$"):
                list(results)
    assert capfd.readouterr().err == ""


@pytest.mark.long
def test_the_first_error_on_a_cluster_ends_the_run(cluster: DaskCluster) -> None:
    with open_executor(cluster.address) as workers, pytest.raises(WorkerError, match=r"^no address: 8$"):
        list(run_batches(workers, refuse, BATCHES))


@pytest.mark.parametrize("address", ["yes", "http://127.0.0.1:8786"])
def test_what_is_no_address_of_a_cluster_is_said(address: str) -> None:
    with pytest.raises(WorkerError, match=r"expected .* tcp://host:port"), open_executor(address):
        pass


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members_portal.workers.cluster.SECONDS", 0.5)
    with pytest.raises(WorkerError, match=r"no Dask cluster answers at tcp://127.0.0.1:9"), open_executor(UNUSED):
        pass


def test_a_cluster_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkerError, match=r"pip install 'members-portal\[cluster\]'"), open_executor(UNUSED):
        pass


def test_a_worker_with_other_versions_is_refused() -> None:
    here = environment(LETTER_PACKAGES)
    expect_one_environment({"tcp://a": here}, LETTER_PACKAGES)
    with pytest.raises(WorkerError, match=r"^worker tcp://b has weasyprint 1 instead of "):
        expect_one_environment({"tcp://a": here, "tcp://b": {**here, "weasyprint": "1"}}, LETTER_PACKAGES)


def test_a_worker_without_the_project_is_refused() -> None:
    with pytest.raises(
        WorkerError, match=r"^worker tcp://b lacks what this project needs: No module named 'members_portal'$"
    ):
        expect_one_environment({"tcp://b": ModuleNotFoundError("No module named 'members_portal'")}, LETTER_PACKAGES)


@pytest.mark.long
def test_a_worker_that_is_gone_by_now_is_nothing_to_refuse() -> None:
    expect_one_environment(
        {"tcp://a": environment(LETTER_PACKAGES), "tcp://b": ConnectionResetError("closed")}, LETTER_PACKAGES
    )
