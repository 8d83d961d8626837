"""Answer tables: what a form service exports, as CSV, JSON or JSON lines. Any cell or text may hold an answer."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.sources.arrival import MOST_MESSAGE, TOO_LARGE, Arrival
from members_portal.inbox.sources.mail_text import MARK_WORD
from members_portal.loyalty.input.csv_table import DELIMITERS, delimiter_of
from members_portal.loyalty.input.problem import shown_path

MOST_JSON = 64_000_000  # bytes of one JSON document, which is read whole
HEADER_SIZE = 10_000  # characters of a first line


@dataclass(frozen=True)
class AnswerTable:
    """A file of a form service. It is not marked: an answer counts once, however often the file is read."""

    path: Path
    marks_all: bool = False

    def arrivals(self) -> Iterator[Arrival]:
        """Yield an arrival for each row or text with an answer."""
        for number, text in table_texts(self.path):
            yield table_arrival(f"row {number}", str(self.path), text)

    def mark(self, keys: Collection[str]) -> None:
        """Do nothing."""


def table_arrival(origin: str, key: str, text: str | None) -> Arrival:
    """Return the arrival of one row; None is a row that was too large."""
    return Arrival(origin, key, fault=TOO_LARGE) if text is None else Arrival(origin, key, (text,))


def table_texts(path: Path) -> Iterator[tuple[int, str | None]]:
    """Yield the rows that may have an answer, with their numbers; None is a row that is too large."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for number, text in enumerate(TABLE_READERS[path.suffix.lower()](file, path), 1):
                if len(text) > MOST_MESSAGE:
                    yield number, None
                elif MARK_WORD in text:
                    yield number, text
    except OSError as error:
        raise UnreadableInbox(f"{shown_path(path)}: can't be read: {error.strerror}") from None


def _csv_rows(file: TextIO, path: Path) -> Iterator[str]:
    """Yield each row as one text."""
    first = file.readline(HEADER_SIZE)
    delimiter = delimiter_of(first) or max(DELIMITERS, key=first.count)
    file.seek(0)
    try:
        for row in csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter):
            yield "\n".join(row)
    except csv.Error:
        raise UnreadableInbox(f"{shown_path(path)}: isn't CSV, expected rows whose quotes are closed") from None


def _json_texts(file: TextIO, path: Path) -> Iterator[str]:
    text = file.read(MOST_JSON + 1)
    if len(text) > MOST_JSON:
        raise UnreadableInbox(f"{shown_path(path)}: larger than {MOST_JSON // 1_000_000} MB, expected JSON lines")
    try:
        yield from _strings(json.loads(text))
    except (ValueError, RecursionError):
        raise UnreadableInbox(f"{shown_path(path)}: isn't JSON") from None


def _json_lines(file: TextIO, path: Path) -> Iterator[str]:
    """Yield the texts of each line; a line that is no JSON is read as a text."""
    while line := file.readline(MOST_MESSAGE + 2):
        if len(line) > MOST_MESSAGE:
            while line and not line.endswith("\n"):
                line = file.readline(MOST_MESSAGE)
            yield " " * (MOST_MESSAGE + 1)
            continue
        try:
            texts = "\n".join(_strings(json.loads(line)))
        except (ValueError, RecursionError):
            texts = line
        yield texts


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


TABLE_READERS: dict[str, Callable[[TextIO, Path], Iterator[str]]] = {
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".json": _json_texts,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
}
