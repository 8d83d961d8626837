"""A Dask cluster of the tests' own: a scheduler and workers, each a process that a test may kill.

Dask's `LocalCluster` starts workers anew by itself, but not one that is killed while it begins: that may be for ever.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class DaskCluster:
    """A scheduler at `address`, and workers that are not restarted."""

    def __init__(self, scheduler: subprocess.Popen[bytes], address: str, stack: ExitStack) -> None:
        self.scheduler = scheduler
        self.address = address
        self._stack = stack
        self._workers: list[subprocess.Popen[bytes]] = []

    def fill(self, count: int) -> None:
        """Start workers up to a number, and wait until the scheduler lists exactly those."""
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        for _ in range(count - len(self._workers)):
            self._workers.append(start(self._stack, "dask_worker", self.address, "--no-nanny", "--nthreads=1"))
        from distributed import Client  # 0.3 s in each worker of pytest; most run none of these tests

        with Client(self.address, set_as_default=False) as client:
            wait_until(lambda: len(client.nthreads()) == count)

    def kill_one(self) -> None:
        """Kill a worker, as the kernel does when memory is exhausted."""
        self._workers[0].kill()
        self._workers[0].wait()

    def dismiss_all(self) -> None:
        """Retire all workers; Dask doesn't count that as a failure of their tasks."""
        for worker in self._workers:
            worker.send_signal(signal.SIGTERM)
        self._workers.clear()


@contextmanager
def dask_cluster(folder: Path) -> Iterator[DaskCluster]:
    """Start a scheduler; stop it and all workers afterwards."""
    from distributed import Client

    file = folder / "address"
    with ExitStack() as stack:
        pid = folder / "pid"
        scheduler = start(stack, "dask_scheduler", "--port=0", f"--pid-file={pid}", f"--scheduler-file={file}")
        wait_until(file.exists)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            address = str(client.scheduler.address)
        yield DaskCluster(scheduler, address, stack)


def start(stack: ExitStack, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of Dask's programs in the project's folder; kill it when the stack is closed."""
    command = [sys.executable, "-m", f"distributed.cli.{program}", "--host=127.0.0.1", "--no-dashboard", *arguments]
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
    process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
    stack.callback(process.kill)
    return process


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, up to a limit."""
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError("nothing happened for four minutes")
