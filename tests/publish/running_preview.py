"""A running `portal preview`."""

from __future__ import annotations

import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.publish.project import DAY, Project


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Preview:
    """A running `portal preview`."""

    def __init__(self, project: Project, **environ: str) -> None:
        self.project, self.port = project, free_port()
        self.process = project.start("preview", "--date", DAY, "--port", str(self.port), **environ)
        self.lines: list[str] = []
        while not self.lines or not self.lines[-1].startswith("Serving"):
            self.lines.append(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()
        return line.rstrip("\n")

    @property
    def links(self) -> dict[str, str]:
        found = (re.fullmatch(r"(\w+) +(http://\S+)", line) for line in self.lines)
        return {match[1]: match[2] for match in found if match}

    @property
    def output(self) -> Path:
        return self.project.root / ".build" / "preview" / "output"

    def release(self) -> Path:
        return self.output.resolve()

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self) -> tuple[str, str]:
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=120)

    def kill(self) -> None:
        """End the process, if it runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def wait_for(condition: Callable[[], bool], preview: Preview) -> None:
    while not condition():
        assert preview.process.poll() is None
        time.sleep(0.05)
