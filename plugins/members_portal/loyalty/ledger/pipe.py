"""Rows into DuckDB without a file: written as CSV into a pipe by a thread, read from its other end by a query."""

import csv
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from members_portal.loyalty.input.table import Cells

CHUNK = 1 << 20  # bytes

Write = Callable[[BinaryIO], None]


@contextmanager
def piped(write: Write) -> Iterator[str]:
    """Give the path from which a query reads, once, what `write` writes; raise what it raises."""
    source, sink = os.pipe()
    failed: list[BaseException] = []
    thread = threading.Thread(target=_feed, args=(write, sink, failed), daemon=True)
    thread.start()
    try:
        yield f"/dev/fd/{source}"
    finally:
        os.close(source)  # ends the writer too, wherever it is
        thread.join()
        if failed:
            raise failed[0] from None


def _feed(write: Write, sink: int, failed: list[BaseException]) -> None:
    try:
        with os.fdopen(sink, "wb", buffering=CHUNK) as file:
            write(file)
    except BrokenPipeError:
        pass  # the query ended before the rows did: it says why
    except BaseException as error:  # noqa: BLE001 - raised again where the rows are wanted
        failed.append(error)


def csv_writer(rows: Iterable[Cells]) -> Write:
    """Return what writes rows as CSV, without a header, every cell in quotes."""

    def write(file: BinaryIO) -> None:
        lines = csv.writer(_Encoded(file), lineterminator="\n", quoting=csv.QUOTE_ALL)
        lines.writerows(rows)

    return write


class _Encoded:
    """What csv.writer writes to; a TextIOWrapper would close the file under it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", "replace"))
