"""The state of the preview, as Server-Sent Events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from threading import Condition

from members_portal.loyalty.input.problem import InvalidInput, counted

HEARTBEAT = 15.0  # seconds: a comment then shows whether the page is still there
COMMENT = b":\n\n"


@dataclass(frozen=True)
class PreviewFault:
    """One fault of a failed publish: its place, empty without one, and its text."""

    place: str
    text: str


@dataclass(frozen=True)
class PreviewState:
    """The id of the newest publish, empty before the first, and the faults of a later one that failed."""

    publish: str = ""
    title: str = ""
    faults: tuple[PreviewFault, ...] = ()

    def as_event(self) -> bytes:
        """Serialise to an event."""
        return f"data: {json.dumps(asdict(self))}\n\n".encode()


def failed(publish: str, error: Exception) -> PreviewState:
    """Return the state after a publish that failed; `publish` is the id of the last good one."""
    if isinstance(error, InvalidInput):
        faults = tuple(PreviewFault(each.place, str(each).removeprefix(f"{each.place}: ")) for each in error.problems)
        return PreviewState(publish, counted(error.problems), faults)
    return PreviewState(publish, "The publish failed", (PreviewFault("", str(error)),))


class EventStream:
    """The state, and the threads that wait for the next one."""

    def __init__(self, publish: str = "") -> None:
        self._state = PreviewState(publish)
        self._changed = Condition()

    def announce(self, state: PreviewState) -> None:
        """Replace the state, and wake all waiting threads."""
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def events(self, heartbeat: float = HEARTBEAT) -> Iterator[bytes]:
        """Yield the present state, then every new one, without end; a comment after each `heartbeat` without one."""
        told: PreviewState | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._state is not told, heartbeat)  # noqa: B023 - called at once
                state = self._state
            yield COMMENT if state is told else state.as_event()
            told = state
