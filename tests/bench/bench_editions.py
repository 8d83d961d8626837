"""Four editions in one Pelican run against a plain Pelican run of the same content (target: at most 1.3 times).

Plain Pelican renders each item once, with its own `simple` theme and Atom feeds off; ours renders every item for every
tier that may read it, and for staff, with the portal's theme. They run alternately, each in a process of its own, and
the medians are compared. Ours writes about nine times as many files and folders, which on some disks costs more than
all the rest: a second comparison runs in memory.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.content import write_pelican_items, write_portal_items

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 1000
ROUNDS = 3
MEMORY = "/dev/shm"

PLAIN = """
SITENAME = "Plain"; SITEURL = ""; PATH = "content"; THEME = "simple"; TIMEZONE = "Europe/Dublin"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


TIER = """  - {{key: {0}, name: {0}, colour: "#8a6d4b", colour dark: "#c9a77f", summary: A tier}}
"""
PROGRAMME = "name: Club\ntiers:\n" + "".join(TIER.format(key) for key in ("member", "silver", "gold", "platinum"))


def prepare(folder: Path) -> None:
    """Lay out both projects."""
    write_pelican_items(folder / "plain" / "content", ITEMS)
    (folder / "plain" / "pelicanconf.py").write_text(PLAIN, "utf-8")
    ours = folder / "ours"
    write_portal_items(ours / "content", ITEMS)
    for name in ("theme", "pelicanconf.py"):
        (ours / name).symlink_to(ROOT / name)
    (ours / "members").mkdir()
    (ours / "members" / "programme.yaml").write_text(PROGRAMME, "utf-8")
    (ours / "members" / "members.yaml").write_text("[]\n", "utf-8")


def run(project: Path, output: str) -> float:
    """Run Pelican in a project once, from an empty output; return seconds, or stop when it built too little."""
    shutil.rmtree(project / output, ignore_errors=True)
    command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "-o", output, "--fatal", "errors"]
    start = time.perf_counter()
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    pages = sum(1 for _ in (project / output).rglob("*.html"))
    if pages < ITEMS:
        raise SystemExit(f"{project.name} wrote {pages} pages only")
    return seconds


def compare(where: str, folder: Path) -> None:
    """Print medians and their ratio."""
    prepare(folder)
    plain, ours = [], []
    for _ in range(ROUNDS):
        plain.append(run(folder / "plain", "out"))
        ours.append(run(folder / "ours", "out"))
    pages = sum(1 for _ in folder.glob("ours/out/editions/**/*.html"))
    print(f"editions.{where}.pages          {pages} of {ITEMS} items")
    print(f"editions.{where}.plain_pelican  {statistics.median(plain):.2f} s")
    print(f"editions.{where}.ours           {statistics.median(ours):.2f} s")
    print(f"editions.{where}.ratio          {statistics.median(ours) / statistics.median(plain):.2f} (target 1.30)")


def main() -> None:
    """Compare on the disk, and where there is a memory file system, without it."""
    for where, base in (("disk", None), ("memory", MEMORY)):
        if base is None or Path(base).is_dir():
            with tempfile.TemporaryDirectory(dir=base) as name:
                compare(where, Path(name))


if __name__ == "__main__":
    main()
