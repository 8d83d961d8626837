"""What an editor waits for: the time from a saved file until the preview shows it, and until the gate has checked it.

The first event after a save tells open pages to reload, the second one ends the publish.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.bench_publish import ROOT, SECRET, prepare, prepare_items
from tests.bench.processes import Timing

EDITS = 7
EVENTS = "/_/preview"


def preview_events(port: int) -> Iterator[dict[str, object]]:
    """Yield the states that a preview tells its pages, from the first publish on."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", EVENTS)
            answer = connection.getresponse()
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    for line in answer:
        if line.startswith(b"data: "):
            state = json.loads(line.removeprefix(b"data: "))
            if state["title"]:
                raise SystemExit(f"the preview failed: {state}")
            if state["publish"]:
                yield state


def cpu_of(process: int) -> float:
    """Return the seconds of CPU that a process took (proc(5), fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, project: Path, edited: str, port: int) -> None:
    """Print the medians of some edits of a project's preview."""
    environ = os.environ | {"PORTAL_SECRET": SECRET, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    command = [sys.executable, "-m", "members_portal", "preview", "--port", str(port)]
    file, found = project / "content" / edited, dict[str, list[Timing]]()
    with subprocess.Popen(
        command, cwd=project, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as it:
        events = preview_events(port)
        next(events)
        time.sleep(2)  # the first publish ends: it tells no page anything more
        for number in range(EDITS):
            text = file.read_text("utf-8")
            cpu, start = cpu_of(it.pid), time.perf_counter()
            file.write_text(f"{text}\nLine {number}.\n", "utf-8")
            for step in ("shown", "checked"):
                next(events)
                found.setdefault(step, []).append(Timing(cpu_of(it.pid) - cpu, time.perf_counter() - start))
            time.sleep(1)  # the preview removes the release before meanwhile
        it.terminate()
    for step, timings in found.items():
        cpu, wall = (statistics.median(getattr(timing, part) for timing in timings) for part in ("cpu", "wall"))
        print(f"preview.{name + '.' + step:26} {cpu:7.2f} s of CPU {wall:7.2f} s")


def main() -> None:
    """Print the figures of the sample and of 1,000 items."""
    with tempfile.TemporaryDirectory() as name:
        measure("sample", prepare(Path(name)), "pages/how-it-works.md", 8871)
    with tempfile.TemporaryDirectory() as name:
        measure("items_1000", prepare_items(Path(name), 1000), "reports/item-2.md", 8872)


if __name__ == "__main__":
    main()
