"""The limits of a delivery: its pace, its rounds, and the timeout of a reply."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

WAITS = (10.0, 60.0, 300.0)  # seconds before each further round; greylisting rejects for some minutes
TIMEOUT = 60.0  # seconds for a reply


@dataclass(frozen=True)
class MonotonicClock:
    """The monotonic clock of this process: the current time and a pause, in seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class SendingLimits:
    """The limits of a delivery: messages per minute (0: no limit), waits before each further round, reply timeout."""

    per_minute: float = 0
    waits: Sequence[float] = WAITS
    timeout: float = TIMEOUT
    clock: MonotonicClock = field(default_factory=MonotonicClock)
