"""A streaming PDF writer (ISO 32000-1, 7.5): objects go to the file at once, so memory use doesn't grow with the file.

Objects of documents opened by pikepdf are copied, each once, with all objects they refer to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from typing import BinaryIO

import pikepdf

PDF_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # four bytes above 127 mark the file as binary (7.5.2)
FREE = b"0000000000 65535 f \n"

Number = int


def reference(number: Number) -> bytes:
    """Return a reference to an object."""
    return b"%d 0 R" % number


@lru_cache(maxsize=1024)
def name(words: str) -> bytes:
    """Return a name object; characters not allowed in names become #xx (7.3.5)."""
    return bytes(pikepdf.Name(f"/{words}").unparse())


def dictionary(entries: Mapping[str, bytes]) -> bytes:
    """Return a dictionary object of serialised values."""
    return b"<<" + b" ".join(b"%s %s" % (name(key), value) for key, value in entries.items()) + b">>"


def array(items: Iterable[bytes]) -> bytes:
    """Return an array object of serialised items."""
    return b"[" + b" ".join(items) + b"]"


def stream(data: bytes, entries: Mapping[str, bytes]) -> bytes:
    """Return a stream object."""
    return dictionary({**entries, "Length": b"%d" % len(data)}) + b"stream\n" + data + b"\nendstream"


def text(words: str) -> bytes:
    """Return a text string object (ISO 32000-1, 7.9.2.2)."""
    return bytes(pikepdf.String(words).unparse())


class PdfWriter:
    """Writes PDF objects to a file: `number` reserves an object number, `write` writes the object."""

    def __init__(self, file: BinaryIO, header: bytes = PDF_HEADER) -> None:
        self.file = file
        self.offsets: dict[Number, int] = {}
        self.last = 0
        self._copied: dict[tuple[int, int], Number] = {}
        self.position = file.write(header)

    @classmethod
    def resume(cls, file: BinaryIO, offsets: Mapping[Number, int], last: Number) -> PdfWriter:
        """Continue a file whose objects lie at `offsets`."""
        writer = cls(file, b"")
        writer.position = file.seek(0, os.SEEK_END)
        writer.offsets, writer.last = dict(offsets), last
        return writer

    def number(self) -> Number:
        """Reserve the next object number."""
        self.last += 1
        return self.last

    def write(self, number: Number, body: bytes) -> Number:
        """Write an object under a reserved number."""
        self.offsets[number] = self.position
        self.position += self.file.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        return number

    def add(self, body: bytes) -> Number:
        """Write an object under the next number."""
        return self.write(self.number(), body)

    def give(self, source: pikepdf.Object, number: Number) -> None:
        """Use `number` for an object of another document instead of copying it."""
        self._copied[source.objgen] = number

    def copy(self, source: pikepdf.Object) -> bytes:
        """Copy an object of another document with all objects it refers to; return its value or a reference to it."""
        waiting: list[tuple[Number, pikepdf.Object]] = []
        written = self._written(source, waiting)
        self._write(waiting)
        return written

    def _write(self, waiting: list[tuple[Number, pikepdf.Object]]) -> None:
        while waiting:
            number, found = waiting.pop()
            self.write(number, self._body(found, waiting))

    def write_copy(self, number: Number, source: pikepdf.Object) -> None:
        """Copy an object of another document under a reserved number, with all objects it refers to."""
        waiting: list[tuple[Number, pikepdf.Object]] = []
        self.write(number, self._body(source, waiting))
        self._write(waiting)

    @contextmanager
    def copying(self) -> Iterator[None]:
        """Enter a context for copies from one document: an object copied twice in it is written once."""
        self._copied = {}
        yield
        self._copied = {}

    def _written(self, source: pikepdf.Object, waiting: list[tuple[Number, pikepdf.Object]]) -> bytes:
        """Return a value, or the reference of an indirect object; queue new indirect objects in `waiting`."""
        if not source.is_indirect:
            return self._body(source, waiting)
        key = source.objgen
        if key not in self._copied:
            self._copied[key] = self.number()
            waiting.append((self._copied[key], source))
        return reference(self._copied[key])

    def _body(self, source: pikepdf.Object, waiting: list[tuple[Number, pikepdf.Object]]) -> bytes:
        match source:
            case pikepdf.Stream():
                kept = {key[1:]: value for key, value in source.items() if key != "/Length"}
                entries = {key: self._value(value, waiting) for key, value in sorted(kept.items())}
                return stream(source.read_raw_bytes(), entries)
            case pikepdf.Dictionary():
                return dictionary({key[1:]: self._value(value, waiting) for key, value in sorted(source.items())})
            case pikepdf.Array():
                return array(self._value(value, waiting) for value in source)
        return bytes(source.unparse(resolved=True))

    def _value(self, value: object, waiting: list[tuple[Number, pikepdf.Object]]) -> bytes:
        """Return a serialised entry; pikepdf converts simple values to Python types."""
        match value:
            case pikepdf.Object():
                return self._written(value, waiting)
            case bool():
                return b"true" if value else b"false"
            case int():
                return b"%d" % value
            case Decimal() | float():
                return f"{value:f}".encode()  # PDF numbers have no exponent (7.3.3)
        return b"null"

    def close(self, root: Number, info: Number, identifier: bytes) -> None:
        """Write the cross-reference table and the trailer (7.5.4 and 7.5.5); `identifier` is 16 bytes."""
        self.file.write(table(self.offsets, self.last, self.position, root, info, identifier))


def table(offsets: Mapping[Number, int], last: Number, at: int, root: Number, info: Number, identifier: bytes) -> bytes:
    """Return the cross-reference table and the trailer for objects at `offsets`; the table itself is at offset `at`."""
    lines = [b"xref\n0 %d\n" % (last + 1), FREE]
    lines += [b"%010d 00000 n \n" % offsets[number] if number in offsets else FREE for number in range(1, last + 1)]
    named = b"<" + identifier.hex().encode() + b">"
    trailer = {
        "Size": b"%d" % (last + 1),
        "Root": reference(root),
        "Info": reference(info),
        "ID": array([named, named]),
    }
    return b"".join([*lines, b"trailer\n", dictionary(trailer), b"\nstartxref\n%d\n%%%%EOF\n" % at])
