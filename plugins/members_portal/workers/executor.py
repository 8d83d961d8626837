"""Executors of batches: processes of this machine, or a Dask cluster.

`run_batches` submits a few batches ahead, so memory use doesn't grow with their number. It yields the results in order,
each once, even when workers die.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, NoReturn, TypeVar

from members_portal.workers.worker_error import WorkerError

Work = TypeVar("Work")
Made = TypeVar("Made")

AHEAD = 3  # batches per worker: one running, one queued, one finished before an earlier batch
FIXED_IN = (3, 11, 5)  # the first Python in which pools end when a process is killed
LIVES = 3  # deaths of workers allowed per batch; Dask allows the same number


class Workers(Executor, ABC):
    """An executor with a known number of workers that can be reopened."""

    broken: tuple[type[BaseException], ...]  # the exceptions of a future with a dead worker

    @abstractmethod
    def count(self) -> int:
        """Return the number of batches that run at once, at least 1."""

    def wait(self, future: Future[Made]) -> Made:
        """Return the result of a future, or raise its exception."""
        return future.result()

    @abstractmethod
    def reopen(self, error: BaseException) -> None:
        """Restart after the death of workers; all submitted futures have finished or failed by then."""

    @abstractmethod
    def kill(self) -> None:
        """Stop at once, without waiting for running tasks."""


@contextmanager
def open_executor(
    address: str | None = None, processes: int | None = None, packages: Sequence[str] = ()
) -> Iterator[Workers]:
    """Open the cluster at an address, or else a pool of processes, by default one per core.

    The workers of a cluster must have the same versions of `packages` as this machine.
    """
    workers = _open_cluster(address, packages) if address else Processes(processes or cores())
    try:
        yield workers
    except BaseException:
        workers.kill()
        raise
    workers.shutdown(cancel_futures=True)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def _open_cluster(address: str, packages: Sequence[str]) -> Workers:
    from members_portal.workers.cluster import Cluster

    return Cluster(address, packages)


@dataclass
class Task(Generic[Work, Made]):
    """A batch, its future once submitted, and its remaining retries after deaths of workers."""

    batch: Sequence[Work]
    future: Future[Made] | None = None
    lives: int = LIVES


def run_batches(
    workers: Workers,
    work: Callable[[Sequence[Work]], Made],
    batches: Iterable[Sequence[Work]],
    done: Callable[[int], None] = lambda _items: None,
) -> Iterator[Made]:
    """Run `work` on each batch, and yield the results in order; `done` receives the number of items per batch.

    `work` is a function (or a `partial` of one) that another process can import; batches and results can be pickled.
    The exception of the first failing batch, in order, ends the run.
    """
    waiting = iter(batches)
    tasks: deque[Task[Work, Made]] = deque()
    while True:
        tasks.extend(Task(batch) for batch in islice(waiting, max(0, AHEAD * workers.count() - len(tasks))))
        if not tasks:
            return
        result = _first_result(workers, work, tasks)
        done(len(tasks.popleft().batch))
        yield result


def _first_result(workers: Workers, work: Callable[[Sequence[Work]], Made], tasks: Sequence[Task[Work, Made]]) -> Made:
    while True:
        try:
            for task in tasks:
                task.future = task.future or workers.submit(work, task.batch)
            first = tasks[0].future
            assert first is not None  # noqa: S101 - set in the loop above
            return workers.wait(first)
        except workers.broken as error:
            workers.reopen(error)
            _forget_broken(workers, tasks, error)


def _forget_broken(workers: Workers, tasks: Iterable[Task[Work, Made]], error: BaseException) -> None:
    """Mark failed tasks for resubmission; raise WorkerError when one batch has cost too many workers."""
    for task in tasks:
        if task.future and isinstance(task.future.exception(), workers.broken):
            task.future = None
            task.lives -= 1
            if not task.lives:
                raise WorkerError(f"workers died {LIVES} times over the same work (out of memory?)") from error


class Processes(Workers):
    """A pool of processes on this machine, opened at the first task: often a cache has all results."""

    broken = (BrokenExecutor,)

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._opened: ProcessPoolExecutor | None = None

    @property
    def _pool(self) -> ProcessPoolExecutor:
        self._opened = self._opened or self._open()
        return self._opened

    def _open(self) -> ProcessPoolExecutor:
        # Spawned: a fork of a process with threads (such as the progress bar's) can hang.
        context, thresholds = multiprocessing.get_context("spawn"), gc.get_threshold()
        pool = ProcessPoolExecutor(self.processes, context, _prepare, thresholds)
        if sys.version_info < FIXED_IN:
            _fix(pool)
        return pool

    def count(self) -> int:
        """Return the number of processes."""
        return self.processes

    def submit(self, work: Callable[..., Made], /, *args: Any, **kwargs: Any) -> Future[Made]:
        """Submit a task to the pool."""
        with _without_interrupts():
            return self._pool.submit(work, *args, **kwargs)

    def reopen(self, error: BaseException) -> None:
        """Start a new pool; a pool with a dead process ends the others."""
        self.shutdown(cancel_futures=True)
        self._opened = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut the pool down after the running tasks."""
        if self._opened:
            self._opened.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Kill the processes."""
        if self._opened:
            for process in list((self._opened._processes or {}).values()):  # `kill_workers()` comes with Python 3.14
                process.kill()
            self._opened.shutdown(cancel_futures=True)


def _fix(pool: ProcessPoolExecutor) -> None:
    """Make a pool end after its processes were killed.

    Before Python 3.11.5, the pool waits for ever to write to the pipe of its dead processes
    (https://github.com/python/cpython/issues/94777). Later versions close the reading end first. Here the pool's own
    thread does that when it closes the queue: two threads must not close a pipe at once.
    """
    queue: Any = pool._call_queue  # type: ignore[attr-defined]
    close = queue.close

    def close_both() -> None:
        queue._reader.close()
        close()

    queue.close = close_both


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Block SIGINT for processes started in this context: on Ctrl-C, this process ends them and reports once."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by new processes
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(*thresholds: int) -> None:
    """Collect garbage as seldom as the parent, and end with it: otherwise, this process would wait for ever."""
    gc.set_threshold(*thresholds)
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> NoReturn:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
    os._exit(1)
