"""Crew: the workers of a publish. Secrets stay on this machine, members' data may go to a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

from members_portal.workers.spread import Spread


class Crew:
    """A context manager with two spreads: `here`, on the cores of this machine, and `anywhere`, on a cluster if any."""

    def __init__(self, address: str | None = None, packages: Sequence[str] = ()) -> None:
        self._stack = ExitStack()
        self.here = Spread()
        self.anywhere = Spread(address, packages) if address else self.here

    def __enter__(self) -> Crew:
        for spread in {self.here, self.anywhere}:
            self._stack.enter_context(spread)
        return self

    def close(self) -> None:
        """Close the executors before the end: idle processes hold memory. No more work may follow."""
        self._stack.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return self._stack.__exit__(kind, error, traceback)
