"""One PostgreSQL server for all tests of this folder, and an own database for each test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from tests.source.cluster import cluster

NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server's default database."""
    with cluster() as socket:
        yield f"postgresql://portal:hunter2@/{{}}?host={socket}"


@pytest.fixture
def database(server: str) -> str:
    """The address of an empty database."""
    name = f"club{next(NUMBERS)}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as con:
        con.execute(f"create database {name}")
    return server.format(name)
