"""A program that is run for its figures, and the memory that it and the processes it starts need."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

PAGE = 4096  # bytes
EVERY = 0.05  # seconds between looks


def figures_of(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module, read the JSON it prints last, and add `peak_mb`: the resident memory of all its processes."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        ended = threading.Event()
        peak = [0]
        watcher = threading.Thread(target=_watch, args=(program.pid, ended, peak))
        watcher.start()
        output, _ = program.communicate()
        ended.set()
        watcher.join()
    if program.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed")
    return {**json.loads(output.splitlines()[-1]), "peak_mb": peak[0] / 1e6}


def _watch(root: int, ended: threading.Event, peak: list[int]) -> None:
    while not ended.wait(EVERY):
        peak[0] = max(peak[0], sum(map(_resident, family(root))))


def family(root: int) -> list[int]:
    """List a process and all that descend from it."""
    found = [root]
    for process in found:
        with suppress(OSError):  # it has ended
            for thread in os.listdir(f"/proc/{process}/task"):
                found += map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split())
    return found


def _resident(process: int) -> int:
    with suppress(OSError):  # it has ended
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    return 0
