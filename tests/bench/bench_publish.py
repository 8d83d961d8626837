"""What a publish costs: the first one, one with nothing changed, one after an edit; beside plain Pelican and Hugo.

Whole commands in processes of their own, as an owner runs them. Pelican and Hugo build the same markdown once, without
tiers, sealing or checks. They run by turns with ours; the medians are compared, in seconds of all processors together
and on the clock.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.content import write_hugo_items, write_pelican_items, write_portal_items
from tests.bench.processes import Timing, time_program

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
SIZES = (1000, 3000)
RESTS = 3  # seconds until a release counts as one that nothing changes any more
SECRET = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef"

PELICAN = """
SITENAME = "Plain"; SITEURL = ""; PATH = "content"; THEME = "simple"; TIMEZONE = "Europe/Dublin"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
HUGO = {
    "config.toml": 'baseURL = "/"\ntitle = "Plain"\ndisableKinds = ["RSS", "sitemap", "taxonomy", "term"]\n',
    "layouts/_default/baseof.html": '<!doctype html><title>{{ .Title }}</title>{{ block "main" . }}{{ end }}',
    "layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}',
    "layouts/_default/list.html": '{{ define "main" }}{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>'
    "{{ .Summary }}{{ end }}{{ end }}",
}


def prepare(folder: Path) -> Path:
    """Lay out a copy of the project without what builds made."""
    for name in ("theme", "pelicanconf.py", "publishconf.py"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("content", "members"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def prepare_items(folder: Path, count: int) -> Path:
    """Lay out the project with so many made-up items, and the photos of the programme's managers."""
    prepare(folder)
    shutil.rmtree(folder / "content")
    write_portal_items(folder / "content", count)
    for portrait in (ROOT / "content" / "images").glob("portrait-*"):
        shutil.copy(portrait, folder / "content" / "images")
    return folder


def publish(project: Path) -> Timing:
    """Publish once."""
    environ = os.environ | {"PORTAL_SECRET": SECRET, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    return time_program([sys.executable, "-m", "members_portal", "publish"], project, environ)


def edit(project: Path, edited: str) -> Timing:
    """Add a line to an item, and publish."""
    file = project / "content" / edited
    file.write_text(file.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    return publish(project)


def plain_pelican(project: Path) -> Timing:
    """Build with plain Pelican, from nothing."""
    shutil.rmtree(project / "output", ignore_errors=True)
    return time_program([sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py"], project)


def hugo(project: Path) -> Timing:
    """Build with Hugo, from nothing."""
    shutil.rmtree(project / "public", ignore_errors=True)
    return time_program(["hugo", "--quiet"], project)


def print_timings(name: str, timings: list[Timing]) -> Timing:
    """Print and return the medians of some runs."""
    cpu, wall = (statistics.median(getattr(timing, part) for timing in timings) for part in ("cpu", "wall"))
    print(f"{name:34} {cpu:7.2f} s of CPU {wall:7.2f} s")
    return Timing(cpu, wall)


def measure(name: str, project: Path, edited: str, others: dict[str, Callable[[], Timing]]) -> dict[str, Timing]:
    """Print the figures of a project, and of other programs that run by turns with it."""
    found = {"first": [publish(project)]}
    for _ in range(ROUNDS):
        found.setdefault("unchanged", []).append(publish(project))
        time.sleep(RESTS)
        publish(project)  # verifies the release once more, and notes its stamp
        found.setdefault("verified", []).append(publish(project))
        found.setdefault("one_edit", []).append(edit(project, edited))
        for other, run in others.items():
            found.setdefault(other, []).append(run())
    return {each: print_timings(f"publish.{name}.{each}", timings) for each, timings in found.items()}


def print_ratio(name: str, ours: float, other: float, target: float) -> None:
    """Print a ratio beside its target."""
    print(f"publish.{name:26} {ours / other:7.2f} times (target {target})")


def measure_items(count: int) -> dict[str, Timing]:
    """Print the figures of a site with so many items, beside Pelican and Hugo where it is installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("ours", "pelican", "hugo"):
            (folder / each).mkdir()
        ours = prepare_items(folder / "ours", count)
        write_pelican_items(folder / "pelican" / "content", count)
        (folder / "pelican" / "pelicanconf.py").write_text(PELICAN, "utf-8")
        others = {"pelican": lambda: plain_pelican(folder / "pelican")}
        if shutil.which("hugo"):
            write_hugo_items(folder / "hugo", count)
            for path, text in HUGO.items():
                (folder / "hugo" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "hugo" / path).write_text(text, "utf-8")
            others["hugo"] = lambda: hugo(folder / "hugo")
        return measure(f"items_{count}", ours, "reports/item-2.md", others)


def main() -> None:
    """Print the figures of the sample, and of large sites, with their ratios."""
    with tempfile.TemporaryDirectory() as name:
        sample = measure("sample", prepare(Path(name)), "pages/how-it-works.md", {})
    print_ratio("sample.unchanged_to_first", sample["unchanged"].wall, sample["first"].wall, 0.5)
    sizes = {count: measure_items(count) for count in SIZES}
    small, large = (sizes[count] for count in SIZES)
    print_ratio("first_to_pelican", small["first"].cpu, small["pelican"].cpu, 1.5)
    if "hugo" in small:
        print_ratio("one_edit_to_hugo.cpu", small["one_edit"].cpu, small["hugo"].cpu, 1.0)
        print_ratio("one_edit_to_hugo.wall", small["one_edit"].wall, small["hugo"].wall, 1.0)
    print_ratio("first_3000_to_1000", large["first"].cpu, small["first"].cpu, 3.1)


if __name__ == "__main__":
    main()
