"""Where batches of letters are made: by processes of this machine, or by a Dask cluster.

`run_batches` hands out a few batches ahead of the one that is due, so that memory doesn't grow with their number, and
yields results in the order of batches, each once, also when workers die on the way.
"""

from __future__ import annotations

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

from members_portal.newsletter.print_error import PrintError

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3  # batches for each worker: one in work, one waiting, one done while an earlier one is not
MENDED = (3, 11, 5)  # the first Python whose pools end when a process is killed
LIVES = 3  # times that workers may die over one batch; Dask by itself allows as many


class Workers(Executor, ABC):
    """An executor that knows how many work for it, and that can be opened again."""

    broken: tuple[type[BaseException], ...]  # what a future raises when its worker is gone, and its work with it

    @abstractmethod
    def count(self) -> int:
        """Return how many batches can be in work at once, at least one."""

    def wait(self, future: Future[Result]) -> Result:
        """Return what a future brings, or raise what it raises."""
        return future.result()

    @abstractmethod
    def reopen(self, error: BaseException) -> None:
        """Start anew after workers died; what was submitted is done or has failed by then."""

    @abstractmethod
    def kill(self) -> None:
        """End at once, whatever is in work."""


@contextmanager
def open_executor(address: str | None = None, processes: int | None = None) -> Iterator[Workers]:
    """Open the cluster at an address, or without one so many processes, by default as many as there are cores."""
    workers = _open_cluster(address) if address else Processes(processes or len(os.sched_getaffinity(0)))
    try:
        yield workers
    except BaseException:
        workers.kill()
        raise
    workers.shutdown(cancel_futures=True)


def _open_cluster(address: str) -> Workers:
    from members_portal.newsletter.cluster import Cluster

    return Cluster(address)


@dataclass
class Task(Generic[Item, Result]):
    """A batch that was handed out, or is about to be."""

    batch: Sequence[Item]
    future: Future[Result] | None = None
    lives: int = LIVES


def run_batches(
    workers: Workers,
    work: Callable[[Sequence[Item]], Result],
    batches: Iterable[Sequence[Item]],
    done: Callable[[int], None] = lambda _items: None,
) -> Iterator[Result]:
    """Do the work for each batch and yield the results in order; `done` is told of how many items each one is made.

    `work` is a function (or a `partial` of one) that another process can import; batches and results can be pickled.
    An exception of `work` ends the run, at the first batch in order that raises one.
    """
    waiting = iter(batches)
    tasks: deque[Task[Item, Result]] = deque()
    while True:
        tasks.extend(Task(batch) for batch in islice(waiting, max(0, AHEAD * workers.count() - len(tasks))))
        if not tasks:
            return
        result = _first_result(workers, work, tasks)
        done(len(tasks.popleft().batch))
        yield result


def _first_result(
    workers: Workers, work: Callable[[Sequence[Item]], Result], tasks: Sequence[Task[Item, Result]]
) -> Result:
    while True:
        try:
            for task in tasks:
                task.future = task.future or workers.submit(work, task.batch)
            first = tasks[0].future
            assert first is not None  # noqa: S101 - for mypy: the loop has just set it
            return workers.wait(first)
        except workers.broken as error:
            workers.reopen(error)
            _forget_broken(workers, tasks, error)


def _forget_broken(workers: Workers, tasks: Iterable[Task[Item, Result]], error: BaseException) -> None:
    """Take back what was lost; raise PrintError when one batch has cost workers too often."""
    for task in tasks:
        if task.future and isinstance(task.future.exception(), workers.broken):
            task.future = None
            task.lives -= 1
            if not task.lives:
                raise PrintError(f"workers died {LIVES} times over the same letters (out of memory?)") from error


class Processes(Workers):
    """Processes of this machine."""

    broken = (BrokenExecutor,)

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._pool = self._open()

    def _open(self) -> ProcessPoolExecutor:
        # Spawned, since a fork of a process with threads (the progress bar's, for one) can hang.
        pool = ProcessPoolExecutor(self.processes, multiprocessing.get_context("spawn"), _leave_with_parent)
        if sys.version_info < MENDED:
            _mend(pool)
        return pool

    def count(self) -> int:
        """Return the number of processes."""
        return self.processes

    def submit(self, work: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Let the next process that is free do the work."""
        with _without_interrupts():
            return self._pool.submit(work, *args, **kwargs)

    def reopen(self, error: BaseException) -> None:
        """Start new processes; when one dies, the pool ends the others."""
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._open()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End when what is in work is done."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Kill the processes."""
        for process in list((self._pool._processes or {}).values()):  # `kill_workers()` comes with Python 3.14
            process.kill()
        self._pool.shutdown(cancel_futures=True)


def _mend(pool: ProcessPoolExecutor) -> None:
    """Have a pool end whose processes were killed.

    Before Python 3.11.5 it waits for ever to hand out work that nobody takes any more
    (https://github.com/python/cpython/issues/94777). Later ones close their end of the pipe first, so that it gives up;
    here that is done as the queue is closed, by the pool's own thread, since two that close a pipe disturb each other.
    """
    queue: Any = pool._call_queue  # type: ignore[attr-defined]
    close = queue.close

    def close_both() -> None:
        queue._reader.close()
        close()

    queue.close = close_both


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that a terminal's Ctrl-C doesn't reach; this one ends them, and says so once."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by what is started
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_with_parent() -> None:
    """End this process when its parent was killed, which would leave it waiting for work for ever."""
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> NoReturn:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
    os._exit(1)
