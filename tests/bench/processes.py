"""A program that is run for its figures, and the memory that it and the processes it starts need."""

import json
import subprocess
import sys
import threading
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
        for file in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, _read(file).split())
    return found


def _resident(process: int) -> int:
    fields = _read(Path(f"/proc/{process}/statm")).split()
    return int(fields[1]) * PAGE if fields else 0


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has ended
        return ""
