"""A console of rich that is made when it is needed."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

ASKED = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE", "DATABRICKS_RUNTIME_VERSION"})  # rich follows them in a pipe, too


class LateConsole:
    """Text on stdout or stderr. To import rich takes a tenth of a publish without changes, and a log needs none of it.

    A terminal gets all from rich; a pipe or a file gets plain lines without it, and all else from it.
    """

    def __init__(self, console: Console | None = None, *, stderr: bool = False) -> None:
        self._stderr = stderr
        self._is_given = console is not None
        if console:
            self.rich = console

    @cached_property
    def rich(self) -> Console:
        """The console of rich."""
        from rich.console import Console

        return Console(stderr=self._stderr, highlight=False, soft_wrap=True, emoji=False)

    @property
    def is_terminal(self) -> bool:
        return not self._is_log and self.rich.is_terminal

    def print(self, content: RenderableType = "", *, markup: bool | None = None) -> None:
        """Print a text or a table; `markup` is as that of rich."""
        stream = self._stream
        if not (stream and self._is_log and isinstance(content, str) and _is_plain(content)):
            self.rich.print(content, markup=markup)
            return
        try:
            stream.write(f"{content}\n")
            stream.flush()
        except BrokenPipeError:
            self.rich.on_broken_pipe()

    @property
    def _stream(self) -> TextIO | None:
        """The stream; None for one that was closed before Python started, which rich ignores."""
        return sys.stderr if self._stderr else sys.stdout

    @property
    def _is_log(self) -> bool:
        """Whether the stream is certainly no terminal for rich."""
        stream = self._stream
        return not (self._is_given or stream is None or stream.isatty() or ASKED & os.environ.keys())


def _is_plain(text: str) -> bool:
    """Return whether rich prints a text as it is: it treats brackets, tabs and control characters in its own way."""
    return text.isascii() and text.isprintable() and "[" not in text
