"""What a publish of many members costs: the first one, a night in which 2 % were active, and one ledger line more.

python -m tests.bench members                    100,000 members
python -m tests.bench.bench_members FOLDER COUNT  so many members, in a folder that is kept
"""

import os
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from members_portal.clock import NOW_VARIABLE
from tests.bench.bench_publish import SECRET
from tests.bench.people import ON, buy, write_project
from tests.bench.processes import Usage, usage_of

COUNT = 100_000
ACTIVE = 50  # one member in so many buys on a day


def publish(project: Path, day: date) -> Usage:
    """Publish once, on a day."""
    environ = os.environ | {"PORTAL_SECRET": SECRET, "PORTAL_PDF": "no", NOW_VARIABLE: f"{day}T03:00+00:00"}
    return usage_of([sys.executable, "-m", "members_portal", "publish", "--accept-changes"], project, environ)


def print_usage(name: str, usage: Usage, before: set[str], release: Path) -> set[str]:
    """Print what a publish used, and how much of its release a host must receive; return the paths of its files.

    Of the files that keep their path, those of the public edition, which a night may change too, are not counted.
    """
    sizes = {file.relative_to(release).as_posix(): file.stat().st_size for file in _files(release)}
    new = sum(size for path, size in sizes.items() if path not in before)
    whole = sum(sizes.values())
    print(
        f"members.{name:12} {usage.cpu:8.1f} s of CPU {usage.wall:8.1f} s {usage.peak / 1e6:7.0f} MB; "
        f"{len(sizes)} files, {whole / 1e6:.1f} MB, {new / 1e6:.1f} MB ({new / whole:.1%}) of them new",
        flush=True,
    )
    return set(sizes)


def _files(folder: Path) -> list[Path]:
    return [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]


def measure(project: Path, count: int) -> None:
    """Print the figures of three publishes of a project that is written first."""
    write_project(project, count)
    members, release = project / "members", project / "output"
    known = print_usage("first", publish(project, ON), set(), release)
    night = ON + timedelta(days=1)
    active = random.Random("night").sample(range(1, count + 1), count // ACTIVE)  # the gate's sample is every n-th
    buy(members, active, night)
    known = print_usage("night", publish(project, night), known, release)
    buy(members, [2], night)
    print_usage("one_line", publish(project, night), known, release)


def main() -> None:
    """Print the figures of 100,000 members."""
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name) / "project", COUNT)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]))
