"""Printed letters: how many a second, beside WeasyPrint once for each whole letter, and beside Typst's batch.

python -m tests.bench.bench_letters

The letter has four pages, three photos and two typefaces, the same words and pictures in all three. Each measurement
is a process of its own that begins with empty caches; imports and sample data are not counted, but whatever else a way
needs is, up to a file on the disk. WeasyPrint and Typst just make RGB pages; ours are a press's, in inks.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import letters
from tests.bench.letter_tree import pages_of, tree
from tests.bench.processes import figures_of
from tests.newsletter import planners, specimen

MODULE = "tests.bench.bench_letters"
ROUNDS = 3
COUNTS = (100, 1_000, 10_000)
COMPARED = 1_000  # letters of ours that the other ways are compared with
NAIVE = 20
TYPST, TOGETHER = 200, 50  # letters, and how many in one document
LEAST_IN_COMMON = 0.95  # of the words
Files = list[Path]


def main() -> None:
    """Measure by turns, print medians."""
    print(f"letters.cores  {len(os.sched_getaffinity(0))}")
    turns = [("naive", NAIVE), ("typst", TYPST), *(("ours", count) for count in COUNTS if count <= COMPARED)]
    found: dict[tuple[str, int], list[dict[str, Any]]] = {turn: [] for turn in turns}
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as name:
        for turn in turns * ROUNDS:
            found[turn].append(measured(*turn, Path(name) / turn[0]))
        expect_equivalence(Path(name))
        for count in (count for count in COUNTS if count > COMPARED):
            found["ours", count] = [measured("ours", count, Path(name) / "ours")]
    medians = {turn: median(results) for turn, results in found.items()}
    for (way, count), result in medians.items():
        show(way, count, result)
    ours = medians["ours", COMPARED]["per_second"]
    print(f"letters.ratio.naive  {ours / medians['naive', NAIVE]['per_second']:.0f} (target 13)")
    print(f"letters.ratio.typst  {ours / medians['typst', TYPST]['per_second']:.1f} (target 1)", flush=True)


def median(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the result whose speed lies in the middle."""
    return sorted(results, key=lambda result: result["per_second"])[len(results) // 2]


def show(way: str, count: int, result: dict[str, Any]) -> None:
    """Print the figures of one way."""
    print(
        f"letters.{way}.{count:<6} {result['per_second']:8.1f} letters/s  {result['seconds']:6.2f} s  "
        f"{result['cpu_ms']:6.1f} ms of a core/letter  {result['peak_mb']:5.0f} MB  {result['kb']:6.1f} KB/letter",
        flush=True,
    )


def measured(way: str, count: int, folder: Path) -> dict[str, Any]:
    """Print letters one way, in a process of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    result = figures_of(MODULE, way, str(count), str(folder))
    return {**result, "per_second": count / result["seconds"]}


# The three ways: each prepares what isn't counted, and returns what is


def prepare_naive(count: int, folder: Path) -> Callable[[], Files]:
    """Let WeasyPrint lay out every letter whole, each time from nothing."""
    import weasyprint

    from members_portal.newsletter.fetcher import BuildFetcher

    members = letters.sheets(count)
    read, files = letters.planner().materials, letters.issue().files

    def write() -> Files:
        paths = [folder / f"{sheet.member}.pdf" for sheet in members]
        for html, path in zip(letters.whole_letters(members), paths, strict=True):
            fetcher = BuildFetcher(read.content, files, dict(read.fonts), read.theme)
            weasyprint.HTML(string=html, base_url="portal:", url_fetcher=fetcher).write_pdf(path)
            fetcher.check()
        return paths

    return write


def prepare_typst(count: int, folder: Path) -> Callable[[], Files]:
    """Let Typst set letters in batches, with all cores, in documents without tags, which is its fastest way."""
    import typst

    house, templates = specimen.house(), letters.planner().templates
    sheets = [tree(html) for html in letters.sheets_html(letters.sheets(count))]
    issue = json.dumps(pages_of(templates.shell(letters.issue(), pages=True).around([])))
    tier = letters.issue().tier
    fixed = {"issue": issue, "colour": tier.colour if tier else "#000000", "reach": f"{house.hotline} · {house.email}"}

    def write() -> Files:
        folders = {path.parent for _, path in planners.fonts()}
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted(folders))
        compiler = typst.Compiler(Path(__file__).with_name("letter.typ"), root=specimen.ROOT, font_paths=fonts)
        paths = [folder / f"{start:05}.pdf" for start in range(0, count, TOGETHER)]
        for number, path in enumerate(paths):
            batch = json.dumps(sheets[number * TOGETHER : (number + 1) * TOGETHER])
            compiler.compile(output=path, sys_inputs={**fixed, "letters": batch}, pdf_tags=False)
        return paths

    return write


def prepare_ours(count: int, folder: Path) -> Callable[[], Files]:
    """Make a print run."""
    from members_portal.newsletter.cache import open_cache
    from members_portal.newsletter.letter.sheets import Tools
    from members_portal.workers.executor import open_executor

    members = letters.sheets(count)

    def write() -> Files:
        with open_executor() as workers, open_cache(folder / "cache", b"") as cache:
            planners.print_run(letters.planner(members), members, folder, Tools(workers, cache, lambda _letters: None))
        return [folder / "run.pdf"]

    return write


WAYS = {"naive": prepare_naive, "typst": prepare_typst, "ours": prepare_ours}


def measure(way: str, count: int, folder: Path) -> None:
    """Print letters one way, in this process, and say what it took."""
    warnings.simplefilter("ignore")
    write = WAYS[way](count, folder)
    start, before = time.perf_counter(), cpu()
    files = write()
    seconds, busy = time.perf_counter() - start, cpu() - before
    pages = sum(page_count(file) for file in files)
    if pages != count * letters.PAGES:
        raise SystemExit(f"{way}: {pages} pages for {count} letters of {letters.PAGES}")
    size = sum(file.stat().st_size for file in files)
    print(json.dumps({"seconds": seconds, "cpu_ms": 1000 * busy / count, "kb": size / count / 1024}))


def cpu() -> float:
    """Read the seconds that all cores together have spent on this process and on those it waited for."""
    return sum(os.times()[:4])


def page_count(file: Path) -> int:
    """Count the pages of a PDF."""
    import pikepdf

    with pikepdf.open(file) as pdf:
        return len(pdf.pages)


# That the three ways print the same


def expect_equivalence(folder: Path) -> None:
    """Stop when the other ways' first letter holds other words, or other pictures, than ours."""
    run = folder / "ours" / "run.pdf"
    ours = words(run)
    for way in ("naive", "typst"):
        first = min((folder / way).glob("*.pdf"))
        theirs = "".join(words(first))
        shared = statistics.mean(word in theirs for word in ours)
        print(f"letters.{way}.words_in_common  {100 * shared:.0f} %")
        if shared < LEAST_IN_COMMON or pictures(first) != pictures(run):
            raise SystemExit(f"{way}: not the same letter")


def words(file: Path) -> list[str]:
    """Read the words of the first letter, those that are hyphenated put together again."""
    command = ["pdftotext", "-l", str(letters.PAGES), "-raw", str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(r"\w+", re.sub(r"[-\u2010\u00ad]\s*\n", "", text).lower())


def pictures(file: Path) -> int:
    """Count the photos of the first letter."""
    command = ["pdfimages", "-list", "-l", str(letters.PAGES), str(file)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return sum(line.split()[2] == "image" for line in lines[2:])


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
