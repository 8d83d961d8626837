"""Work for workers, in a module of its own that a new process imports quickly."""

import gc
import os
import signal
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from members_portal.workers.worker_error import WorkerError

Batch = Sequence[int]


def digest(batch: Batch) -> bytes:
    """Make something of a batch that nothing else is equal to."""
    return sha256(repr(list(batch)).encode()).digest()


def thresholds(_: Batch) -> bytes:
    """Tell how seldom this process collects garbage."""
    return repr(gc.get_threshold()).encode()


def slow_at_first(batch: Batch) -> bytes:
    """Take longer over the first batch than over all others."""
    time.sleep(0.5 if 0 in batch else 0)
    return digest(batch)


def slow(batch: Batch) -> bytes:
    """Take a moment over every batch."""
    time.sleep(0.3)
    return digest(batch)


def refuse(batch: Batch) -> bytes:
    """Find something wrong with two of the batches, and with the earlier one last."""
    if 8 in batch:
        time.sleep(0.2)
    if 8 in batch or 12 in batch:
        raise WorkerError(f"no address: {batch[0]}")
    return digest(batch)


def die(_batch: Batch) -> bytes:
    """Be killed, as by a kernel that is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def die_once(batch: Batch, work: Callable[[Batch], Any], deaths: Path) -> Any:
    """Do some work, but be killed over the fourth batch, when it is tried for the first time; log every try."""
    with (deaths / f"tries-{batch[0]}").open("a") as file:
        file.write(f"{os.getpid()}\n")
    if batch[0] == 12 and not (deaths / "died").exists():
        (deaths / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(batch)


def sleep_long(_batch: Batch, started: Path) -> bytes:
    """Say that work has begun, and be at it for a minute."""
    (started / str(os.getpid())).touch()
    time.sleep(60)
    return b""
