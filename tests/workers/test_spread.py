"""Spreads: no workers without work, and none of a cluster for work with secrets."""

from __future__ import annotations

import pytest

from members_portal.workers import spread
from members_portal.workers.crew import Crew
from members_portal.workers.executor import Workers, run_batches
from members_portal.workers.spread import Spread
from members_portal.workers.worker_error import WorkerError
from tests.workers.labour import Batch, digest

UNUSED = "tcp://127.0.0.1:9"  # the port of the discard service, which nobody offers
BATCHES: list[Batch] = [range(start, start + 4) for start in range(0, 20, 4)]


@pytest.mark.parametrize(("cores", "items", "is_worth"), [(2, 10, True), (2, 9, False), (1, 10, False)])
def test_workers_are_worth_while_for_enough_work_on_several_cores(
    cores: int, items: int, is_worth: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "cores", lambda: cores)
    assert Spread().is_worth(items, fewest=10) == is_worth


def test_workers_that_run_already_are_worth_while_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "cores", lambda: 2)
    with Spread() as opened:
        assert not opened.is_worth(10 // spread.STARTED, fewest=10)
        list(opened.run(digest, BATCHES))
        assert opened.is_worth(10 // spread.STARTED, fewest=10)


def test_a_cluster_is_worth_while_for_one_core_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "cores", lambda: 1)
    assert Spread(UNUSED).is_worth(10, fewest=10)


def test_a_cluster_is_not_looked_for_before_there_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members_portal.workers.cluster.SECONDS", 0.5)
    with Crew(UNUSED) as crew:
        assert crew.here is not crew.anywhere
    with Crew(UNUSED) as crew, pytest.raises(WorkerError, match="no Dask cluster answers"):
        list(crew.anywhere.run(digest, BATCHES))


def test_without_a_cluster_all_work_is_for_one_executor() -> None:
    with Crew() as crew:
        assert crew.here is crew.anywhere


@pytest.mark.long
def test_one_executor_runs_all_batches_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[Workers]()

    def noted(executor: Workers, *args: object) -> object:
        opened.append(executor)
        return run_batches(executor, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(spread, "run_batches", noted)
    with Crew() as crew:
        for _ in range(2):
            assert list(crew.here.run(digest, BATCHES)) == [digest(batch) for batch in BATCHES]
        assert len({id(executor) for executor in opened}) == 1
        crew.close()
        with pytest.raises(RuntimeError, match="after shutdown"):
            list(crew.here.run(digest, BATCHES))
