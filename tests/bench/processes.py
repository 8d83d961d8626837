"""Programs that are run for their figures: their time, and the memory that they and the processes they start need."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = 4096  # bytes
EVERY = 0.25  # seconds between looks


@dataclass(frozen=True, order=True)
class Timing:
    """The time of a program in seconds: of all processors together, then on the clock."""

    cpu: float
    wall: float


def time_program(command: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> Timing:
    """Run a program in a folder and time it; stop when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{ran.stderr or ran.stdout}")
    return Timing(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


@dataclass(frozen=True)
class Usage(Timing):
    """The time of a program, and the most resident memory of all its processes together, in bytes."""

    peak: int


def usage_of(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Usage:
    """Run a program in a folder, time it and watch its memory; stop when it fails."""
    peak, ended = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(os.getpid(), ended, peak))
    watcher.start()
    try:
        timing = time_program(command, folder, environ)
    finally:
        ended.set()
        watcher.join()
    return Usage(timing.cpu, timing.wall, peak[0] - _resident(os.getpid()))


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
