"""The summary of a print run: the page to sign before printing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from members_portal.newsletter.preflight.finding import PreflightReport
from members_portal.newsletter.press.run_manifest import LetterKind, ManifestRow

SUMMARY_WIDTH = 78  # characters of a line of text
LABELS: dict[LetterKind, str] = {"letter": "Letters", "seed": "Seed addresses"}


@dataclass(frozen=True)
class Run:
    """The description of a run; `press` is the printing condition or the profile's name."""

    issue: str
    number: int
    on: date
    paper: str
    stock: str
    window: str
    press: str


@dataclass(frozen=True)
class SummaryTable:
    """Counts under a heading."""

    title: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Check:
    """A check of the preflight, and its number of findings."""

    name: str
    found: int


@dataclass(frozen=True)
class Summary:
    """The content of the page; `files` are pairs of a name and its SHA-256 in hex."""

    run: Run
    totals: SummaryTable
    tables: tuple[SummaryTable, ...]
    checks: tuple[Check, ...]
    ok: bool
    remarks: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


def summarise(
    run: Run,
    rows: Iterable[ManifestRow],
    left_out: Mapping[str, int],
    report: PreflightReport,
    files: Iterable[Path],
    remarks: Iterable[str] = (),
) -> Summary:
    """Count a run; `left_out` is the number of members without a posted letter, by reason.

    `remarks` come before those of the preflight.
    """
    listed = list(rows)
    tables = (
        _counted("By edition", listed, lambda row: row.edition),
        _counted("By country", listed, lambda row: row.country or "none given"),
        _counted("By weight", listed, lambda row: row.weight),
        SummaryTable("Left out", tuple(sorted(left_out.items()))),
    )
    checks = tuple(Check(name, len(report.of(name))) for name in report.checks)
    remarks = (*remarks, *map(str, (*report.findings[:10], *report.warnings[:10])), *report.notes)
    return Summary(run, _totals(listed), tables, checks, report.ok, remarks, tuple(map(_hashed, files)))


def _totals(rows: list[ManifestRow]) -> SummaryTable:
    kinds = Counter(row.kind for row in rows)
    pages, sheets = sum(row.pages for row in rows), sum(row.sheets for row in rows)
    counts = ((label, kinds[kind]) for kind, label in LABELS.items())
    return SummaryTable("In the run", (*counts, ("Pages", pages), ("Sheets of paper", sheets)))


def _counted(title: str, rows: list[ManifestRow], key: Callable[[ManifestRow], str]) -> SummaryTable:
    return SummaryTable(title, tuple(sorted(Counter(map(key, rows)).items())))


def _hashed(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        return path.name, file_digest(file, "sha256").hexdigest()


def summary_text(summary: Summary) -> str:
    """Return the summary as plain text, for summary.txt."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Summary) -> Iterator[str]:
    run = summary.run
    yield from (f"Print run of issue {run.number}, {run.issue}", "=" * SUMMARY_WIDTH, "")
    yield from _row("Day of the issue", run.on.isoformat())
    yield from _row("Paper", f"{run.paper}, {run.stock}")
    yield from _row("Window", run.window)
    yield from _row("Press", run.press)
    for table in (summary.totals, *summary.tables):
        yield from ("", table.title, "-" * len(table.title))
        yield from (line for label, count in table.rows for line in _row(label, str(count)))
        if not table.rows:
            yield "none"
    yield from ("", "Preflight", "---------")
    for check in summary.checks:
        yield from _row(check.name, f"FAILED ({check.found})" if check.found else "ok")
    yield from summary.remarks
    yield from ("", "Files (SHA-256)", "---------------")
    yield from (line for name, digest in summary.files for line in (name, f"  {digest}"))
    if summary.ok:
        yield from ("", "Released for printing:", "", f"{'Name':<40}{'Date':<16}Signature", "", "_" * SUMMARY_WIDTH)
    else:
        yield from ("", "The preflight FAILED: this run must not be printed.")


def _row(label: str, value: str) -> Iterator[str]:
    yield f"{label} {'.' * max(2, SUMMARY_WIDTH - len(label) - len(value) - 2)} {value}"
