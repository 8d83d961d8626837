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

from distributed import Client

ROOT = Path(__file__).parents[2]


class DaskCluster:
    """A scheduler at `address`, and workers that nobody starts anew."""

    def __init__(self, scheduler: subprocess.Popen[bytes], address: str, stack: ExitStack) -> None:
        self.scheduler = scheduler
        self.address = address
        self._stack = stack
        self._workers: list[subprocess.Popen[bytes]] = []

    def fill(self, count: int) -> None:
        """Start workers until there are so many, and wait until the scheduler knows of those and no others."""
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        for _ in range(count - len(self._workers)):
            self._workers.append(start(self._stack, "dask_worker", self.address, "--no-nanny", "--nthreads=1"))
        with Client(self.address, set_as_default=False) as client:
            wait_until(lambda: len(client.nthreads()) == count)

    def kill_one(self) -> None:
        """Kill a worker as a kernel does that is out of memory."""
        self._workers[0].kill()
        self._workers[0].wait()

    def dismiss_all(self) -> None:
        """Ask all workers to leave; Dask lets them, and blames no work for it."""
        for worker in self._workers:
            worker.send_signal(signal.SIGTERM)
        self._workers.clear()


@contextmanager
def dask_cluster(folder: Path) -> Iterator[DaskCluster]:
    """Start a scheduler; it and all workers are gone afterwards."""
    file = folder / "address"
    with ExitStack() as stack:
        pid = folder / "pid"
        scheduler = start(stack, "dask_scheduler", "--port=0", f"--pid-file={pid}", f"--scheduler-file={file}")
        wait_until(file.exists)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            address = str(client.scheduler.address)
        yield DaskCluster(scheduler, address, stack)


def start(stack: ExitStack, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of Dask's programs in the project's folder; it is killed when the stack is left."""
    command = [sys.executable, "-m", f"distributed.cli.{program}", "--host=127.0.0.1", "--no-dashboard", *arguments]
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
    process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
    stack.callback(process.kill)
    return process


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError("nothing happened for four minutes")
