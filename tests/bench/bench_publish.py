"""A publish from nothing, with nothing changed, and after one edit: the sample, and 1,000 items x 5 editions.

Whole commands in processes of their own, as an owner runs them; medians of three where a run can be repeated.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.content import write_portal_items

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
ITEMS = 1000
SECRET = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef"


def prepare(folder: Path) -> Path:
    """Lay out a copy of the project without what builds made."""
    for name in ("theme", "pelicanconf.py", "publishconf.py"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("content", "members"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def publish(project: Path) -> float:
    """Run the command once; return seconds, or stop when it fails."""
    environ = os.environ | {"PORTAL_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "members_portal", "publish"],
        cwd=project,
        env=environ,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def measure(name: str, project: Path, edited: Path) -> None:
    """Print first, repeated and edited publish of a project."""
    first = publish(project)
    again = statistics.median(publish(project) for _ in range(ROUNDS))
    edits = []
    for number in range(ROUNDS):
        edited.write_text(edited.read_text("utf-8") + f"\nEdit {number}.\n", "utf-8")
        edits.append(publish(project))
    print(f"publish.{name}.first       {first:.2f} s")
    print(f"publish.{name}.unchanged   {again:.2f} s")
    print(f"publish.{name}.one_edit    {statistics.median(edits):.2f} s")
    print(f"publish.{name}.unchanged_to_first  {again / first:.2f} (target below 0.50)")


def main() -> None:
    """Print the figures of both projects."""
    with tempfile.TemporaryDirectory() as name:
        sample = prepare(Path(name))
        measure("sample", sample, sample / "content" / "pages" / "how-it-works.md")
    with tempfile.TemporaryDirectory() as name:
        large = prepare(Path(name))
        shutil.rmtree(large / "content")
        write_portal_items(large / "content", ITEMS)
        measure("items_1000", large, large / "content" / "reports" / "item-2.md")


if __name__ == "__main__":
    main()
