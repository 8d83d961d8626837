"""Pipes: a thread writes rows as CSV into a pipe, and a DuckDB query reads them. No file is written."""

import csv
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from members_portal.loyalty.input.table_columns import Cells

PIPE_BUFFER = 1 << 20  # bytes

Write = Callable[[BinaryIO], None]


@contextmanager
def piped(write: Write) -> Iterator[str]:
    """Run `write` in a thread and return the path of the pipe, which a query reads once; raise the error of `write`."""
    source, sink = os.pipe()
    failed: list[BaseException] = []
    thread = threading.Thread(target=_feed, args=(write, sink, failed), daemon=True)
    thread.start()
    try:
        yield f"/dev/fd/{source}"
    finally:
        os.close(source)  # the writer gets BrokenPipeError and ends
        thread.join()
        if failed:
            raise failed[0] from None


def _feed(write: Write, sink: int, failed: list[BaseException]) -> None:
    try:
        with os.fdopen(sink, "wb", buffering=PIPE_BUFFER) as file:
            write(file)
    except BrokenPipeError:
        pass  # the query ended before the rows and raises its own error
    except BaseException as error:  # noqa: BLE001 - raised again by `piped`
        failed.append(error)


def csv_writer(rows: Iterable[Cells]) -> Write:
    """Return a function that writes rows as CSV, without a header, every cell quoted."""

    def write(file: BinaryIO) -> None:
        lines = csv.writer(_Encoded(file), lineterminator="\n", quoting=csv.QUOTE_ALL)
        lines.writerows(rows)

    return write


class _Encoded:
    """A text file over a binary file, for csv.writer. A TextIOWrapper would close the binary file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", "replace"))
