"""Progress and summary of a publish: a bar on a terminal, one line per stage in a log, a table at the end.

Modules of rich are imported where they are used: a publish without changes, in a log, needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from members_portal.publish.command.terminal import warned
from members_portal.publish.console.late_console import LateConsole
from members_portal.publish.pipeline import STAGES, Published

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.table import Table

LONG_STAGE = 5  # seconds after which a stage shows how many members are done


@contextmanager
def shown_stages(console: LateConsole) -> Iterator[Stages]:
    """Yield the stages with progress display; the bar is removed at the end."""
    if not console.is_terminal:
        yield Stages(console, None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    stage, members = TextColumn("{task.description:9}"), TextColumn("{task.fields[members]}")
    columns = (stage, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), members)
    with Progress(*columns, console=console.rich, transient=True) as progress:
        yield Stages(console, progress)


class Stages:
    """Context managers of the stages, by name: they show the progress.

    The time between two stages belongs to the second, so that the sum of all is the time of the publish. `now` returns
    seconds.
    """

    def __init__(
        self, console: LateConsole, progress: Progress | None, now: Callable[[], float] = perf_counter
    ) -> None:
        self.console, self.progress, self._now = console, progress, now
        self.task = progress.add_task("load", total=len(STAGES), members="") if progress else None
        self._start = now()

    @classmethod
    def silent(cls) -> Stages:
        """Return stages that show nothing."""
        from rich.console import Console

        return cls(LateConsole(Console(quiet=True)), None)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        number = STAGES.index(name) + 1
        if self.progress and self.task is not None:
            self.progress.update(self.task, description=name, completed=number - 1, members="")
        yield
        start, self._start = self._start, self._now()
        if not self.progress:
            self.console.print(f"{number} {name} {self._start - start:.2f} s")

    def count(self, done: int, of: int) -> None:
        """Show the members that are done in a long stage, on a terminal; `of` is 0 where their number is not known."""
        if self.progress and self.task is not None and self._now() - self._start > LONG_STAGE:
            members = f"{done:,} of {of:,} members" if of else f"{done:,} members"
            self.progress.update(self.task, members=members)


def show_summary(console: LateConsole, published: Published, stated_day: date | None = None) -> None:
    """Print the summary of a publish, and the day that `--date` or PORTAL_TODAY states."""
    if stated_day:
        console.print(f"As of {stated_day}, the day that --date or PORTAL_TODAY states.")
    if published.report is None:
        console.print(f"Nothing changed: release {published.release.name} stays ({published.seconds:.2f} s).")
        show_warned(console, published)
        return
    items = (
        (edition, str(number), str(published.members.get(edition, ""))) for edition, number in published.items.items()
    )
    console.print(_counts(("edition", "items", "members"), items))
    show_segments(console, published.segments)
    show_warned(console, published)
    show_pdfs(console, published.pdfs)
    report = published.report
    files = f"{report.files} files, {report.bytes / 1e6:.1f} MB"
    sealed = f"{report.new} new, {report.reused} reused, {report.removed} removed"
    console.print(
        f"Release {published.release.name}: {files} (sealed: {sealed}) in {published.seconds:.2f} s.",
    )


def show_warned(console: LateConsole, published: Published) -> None:
    """Print the number of warnings; a publish that read no inputs has not listed them."""
    if published.warned:
        console.print(warned(published.warned, "" if published.warnings else "; `portal check` lists them"))


def show_pdfs(console: LateConsole, pdfs: Mapping[str, int] | None) -> None:
    """Print the newsletters with PDFs, and the number of letters of each."""
    if pdfs is None:
        console.print("No PDFs of newsletters: Pango is missing. `.ci/setup publish` installs it, or says how.")
    elif pdfs:
        console.print("PDFs: " + ", ".join(f"{slug} ({count} letters)" for slug, count in pdfs.items()))


def show_segments(console: LateConsole, segments: Mapping[str, int]) -> None:
    """Print the number of members of each segment."""
    if segments:
        console.print(_counts(("segment", "members"), ((name, str(count)) for name, count in segments.items())))


def _counts(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """Return a table of names with their numbers."""
    from rich.table import Table

    name, *numbers = columns
    table = Table(name, box=None, pad_edge=False, header_style="bold")
    for number in numbers:
        table.add_column(number, justify="right")
    for row in rows:
        table.add_row(*row)
    return table
