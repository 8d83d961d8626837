"""Progress of a print run: the number of finished letters and the rate."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from members_portal.publish.console.late_console import LateConsole


@contextmanager
def letters_shown(console: LateConsole) -> Iterator[Callable[[int], None]]:
    """Yield a callback that shows the number of finished letters and the rate."""
    columns = (TextColumn("{task.completed} letters"), SpinnerColumn(), _Rate(), TimeElapsedColumn())
    with Progress(*columns, console=console.rich, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("letters", total=None)
        yield lambda letters: progress.advance(task, letters)


class _Rate(ProgressColumn):
    """Letters per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")
