"""Workers in the process of a test: batches and results are pickled as for another process, and start at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence

from members_portal.workers.executor import Made, Work
from members_portal.workers.spread import Spread


class SameProcess(Spread):
    """Runs each batch in this process; `batches` has the pickled ones."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[bytes] = []

    def is_worth(self, items: int, fewest: int) -> bool:
        """Work on any batch."""
        return items > 0

    def run(self, work: Callable[[Sequence[Work]], Made], batches: Iterable[Sequence[Work]]) -> Iterator[Made]:
        """Run the work on each batch."""
        for batch in batches:
            self.batches.append(pickle.dumps((work, batch)))
            there, sent = pickle.loads(self.batches[-1])
            yield pickle.loads(pickle.dumps(there(sent)))
