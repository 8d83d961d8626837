"""A Dask cluster (extra `cluster`) as an executor of batches.

Every worker needs the environment of this machine: the same versions of the packages that make the bytes (checked),
the same fonts, and the project in the same folder. `tcp://` sends members' data and codes in clear text: use it in a
private network only. `tls://` uses the keys named in Dask's settings.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, wait
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NoReturn

from members_portal.workers.executor import Made, Workers
from members_portal.workers.worker_error import WorkerError

if TYPE_CHECKING:
    from distributed import Client

CLUSTER_SCHEMES = ("tcp://", "tls://")
SECONDS = 20.0  # to reach the scheduler and its first worker
LOOK = 5.0  # seconds between two counts of the workers
DESERTED = 60.0  # seconds without workers before giving up; Dask itself waits for ever

_one_at_a_time = threading.Lock()  # workers may have threads, but layout is not thread-safe


class Cluster(Workers):
    """The workers of a cluster; Dask gives the tasks of a dead worker to another one."""

    def __init__(self, address: str, packages: Sequence[str]) -> None:
        self.address = address
        self._client = _connect(address, packages)
        self._loop: Any = self._client.loop
        self.broken = _given_up()

    def count(self) -> int:
        """Return the current number of workers, at least 1."""
        return max(1, self._there())

    def _there(self) -> int:
        try:
            return len(self._client.nthreads())
        except OSError as error:
            raise WorkerError(f"the cluster at {self.address} has lost its scheduler") from error

    def submit(self, work: Callable[..., Made], /, *args: Any, **kwargs: Any) -> Future[Made]:
        """Submit a task; it is pickled, so that Dask doesn't look for task keys in the arguments."""
        task = self._client.submit(_work_on, pickle.dumps((work, args, kwargs)), pure=False)
        return asyncio.run_coroutine_threadsafe(self._fetch(task), self._loop.asyncio_loop)

    async def _fetch(self, task: Any) -> Any:
        # Dask's own executor loses a result when its worker leaves; `gather` has it computed again.
        return await self._client.gather(task, asynchronous=True)

    def wait(self, future: Future[Made]) -> Made:
        """Return the result of a future, or raise its exception; raise WorkerError when no worker is left."""
        seen = time.monotonic()
        while not wait([future], LOOK).done:
            if self._there():
                seen = time.monotonic()
            elif time.monotonic() - seen > DESERTED:
                raise WorkerError(f"the cluster at {self.address} has lost all its workers")
        return future.result()

    def reopen(self, error: BaseException) -> NoReturn:
        """Raise WorkerError: Dask has retried already."""
        raise WorkerError(f"the cluster at {self.address} gave up: {str(error) or 'its scheduler is gone'}") from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close the client only; the cluster drops tasks without a client."""
        self._client.close()

    def kill(self) -> None:
        """Close the client."""
        self.shutdown()


def _work_on(parcel: bytes) -> Any:
    work, args, kwargs = pickle.loads(parcel)  # noqa: S301 - made by `submit`; a client of a worker may run code anyway
    with _one_at_a_time:
        return work(*args, **kwargs)


def _given_up() -> tuple[type[BaseException], ...]:
    from distributed import KilledWorker

    return (KilledWorker, CancelledError)


def _connect(address: str, packages: Sequence[str]) -> Client:
    if not address.startswith(CLUSTER_SCHEMES):
        raise WorkerError(f"{address}: expected the address of a Dask scheduler, tcp://host:port")
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise WorkerError(f"{address} is a Dask cluster: pip install 'members-portal[cluster]'") from error
    for name in ("distributed", "distributed.client"):  # errors are raised as well
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise WorkerError(f"no Dask cluster answers at {address}: {error}") from error
    try:
        _meet_workers(client, address, packages)
    except WorkerError:
        client.close()
        raise
    return client


def _meet_workers(client: Client, address: str, packages: Sequence[str]) -> None:
    """Raise WorkerError when there is no worker, or one with another environment."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        found = client.run(environment, tuple(packages), on_error="return")
    except TimeoutError as error:
        raise WorkerError(f"the cluster at {address} has no workers") from error
    expect_one_environment(found, packages)


def environment(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions of Python and of packages in this process."""
    return {"python": ".".join(map(str, sys.version_info[:2]))} | {name: version(name) for name in packages}


def expect_one_environment(found: Mapping[str, Mapping[str, str] | Exception], packages: Sequence[str]) -> None:
    """Raise WorkerError when a worker has other versions than this machine, or lacks a library."""
    here = environment(packages)
    for worker, there in found.items():
        if isinstance(there, OSError):  # the worker has left
            continue
        if isinstance(there, Exception):
            raise WorkerError(f"worker {worker} lacks what this project needs: {there}") from there
        wrong = [f"{name} {there[name]} instead of {here[name]}" for name in here if there[name] != here[name]]
        if wrong:
            raise WorkerError(f"worker {worker} has {', '.join(wrong)}")
