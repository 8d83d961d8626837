"""Spread: work in batches on all cores or on a cluster, for stages that often have too little work for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType

from members_portal.workers.executor import Made, Work, Workers, cores, open_executor, run_batches

STARTED = 4  # work for workers that run already may be this many times smaller


class Spread:
    """A context manager that opens an executor for the first batches, and closes it at its end.

    Without an `address`, the workers are processes of this machine. Those of a cluster must have the same `packages`.
    """

    def __init__(self, address: str | None = None, packages: Sequence[str] = ()) -> None:
        self._address, self._packages = address, packages
        self._stack, self._workers = ExitStack(), None

    _workers: Workers | None

    def __enter__(self) -> Spread:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return self._stack.__exit__(kind, error, traceback)

    def is_worth(self, items: int, fewest: int) -> bool:
        """Return whether there is enough work for workers, and more than this process to do it.

        Workers that have started for other work are worth while for less.
        """
        enough = fewest // STARTED if self._workers else fewest
        return items >= enough and (self._address is not None or cores() > 1)

    def run(self, work: Callable[[Sequence[Work]], Made], batches: Iterable[Sequence[Work]]) -> Iterator[Made]:
        """Run `work` on each batch, and yield the results in order; see `run_batches`."""
        if self._workers is None:
            self._workers = self._stack.enter_context(open_executor(self._address, packages=self._packages))
        yield from run_batches(self._workers, work, batches)
