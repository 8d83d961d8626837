"""Progress display and summary of a publish."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from members_portal.publish.console.late_console import LateConsole
from members_portal.publish.console.progress import Stages, show_summary, shown_stages
from members_portal.publish.pipeline import STAGES, Published
from members_portal.seal import SealReport


def console(*, terminal: bool = False) -> tuple[LateConsole, io.StringIO]:
    file = io.StringIO()
    return LateConsole(Console(file=file, force_terminal=terminal, width=80)), file


def test_a_log_has_a_line_for_each_stage_when_it_has_ended() -> None:
    screen, file = console()
    with shown_stages(screen) as stage:
        for name in STAGES:
            before = file.getvalue()
            with stage(name):
                assert file.getvalue() == before
    assert re.sub(r"\d\.\d\d", "0.00", file.getvalue()) == (
        "1 load 0.00 s\n2 validate 0.00 s\n3 render 0.00 s\n4 letters 0.00 s\n"
        "5 seal 0.00 s\n6 gate 0.00 s\n7 flip 0.00 s\n"
    )  # fmt: skip


def test_a_stage_that_fails_has_no_line() -> None:
    screen, file = console()
    with pytest.raises(ZeroDivisionError), shown_stages(screen) as stage, stage("load"):
        raise ZeroDivisionError
    assert file.getvalue() == ""


def test_a_terminal_has_a_bar_that_goes_away() -> None:
    screen, file = console(terminal=True)
    with shown_stages(screen) as stage:
        for name in STAGES:
            with stage(name):
                pass
    assert "flip" in file.getvalue()
    assert file.getvalue().endswith("\x1b[2K")


def test_the_time_between_two_stages_belongs_to_the_second() -> None:
    screen, file = console()
    times = iter([10.0, 11.0, 14.0])  # the start, the end of load, the end of validate
    stages = Stages(screen, None, lambda: next(times))
    with stages("load"):
        pass
    with stages("validate"):
        pass
    assert file.getvalue() == "1 load 1.00 s\n2 validate 3.00 s\n"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(4, ""), (6, "1,200 of 5,000 members")], ids=["a short stage", "a long stage"]
)
def test_a_long_stage_shows_the_members_that_are_done(seconds: int, shown: str) -> None:
    screen, _ = console(terminal=True)
    times = iter([0, seconds, seconds])
    with Progress(console=screen.rich) as progress:
        stages = Stages(screen, progress, lambda: next(times))
        with stages("render"):
            stages.count(1200, 5000)
            assert progress.tasks[0].fields["members"] == shown


def test_members_of_an_unknown_number_are_counted() -> None:
    screen, _ = console(terminal=True)
    times = iter([0, 6, 6])
    with Progress(console=screen.rich) as progress:
        stages = Stages(screen, progress, lambda: next(times))
        with stages("validate"):
            stages.count(34_000, 0)
            assert progress.tasks[0].fields["members"] == "34,000 members"


def test_a_log_has_no_count_of_members() -> None:
    screen, file = console()
    with shown_stages(screen) as stages, stages("render"):
        stages.count(1200, 5000)
        assert file.getvalue() == ""


def test_silence() -> None:
    with Stages.silent()("load"):
        pass


def test_the_summary_of_a_release() -> None:
    screen, file = console()
    report = SealReport("0" * 32, 7, new=3, reused=115, removed=2, files=160, bytes=512_345)
    show_summary(screen, Published(Path("7"), report, {"public": 2, "brass": 7}, {"brass": 2}, 1.25))
    assert [line.rstrip() for line in file.getvalue().splitlines()] == [
        "edition  items  members",
        "public       2",
        "brass        7        2",
        "Release 7: 160 files, 0.5 MB (sealed: 3 new, 115 reused, 2 removed) in 1.25 s.",
    ]


def test_the_summary_of_nothing() -> None:
    screen, file = console()
    show_summary(screen, Published(Path("7"), None, {}, {}, 0.04))
    assert file.getvalue() == "Nothing changed: release 7 stays (0.04 s).\n"


def test_the_summary_of_a_stated_day_names_it() -> None:
    screen, file = console()
    show_summary(screen, Published(Path("7"), None, {}, {}, 0.04), date(2030, 1, 5))
    assert file.getvalue().startswith("As of 2030-01-05, the day that --date or PORTAL_TODAY states.\n")


def test_the_summary_counts_segments_and_warnings() -> None:
    screen, file = console()
    report = SealReport("0" * 32, 7, new=3, reused=115, removed=2, files=160, bytes=512_345)
    show_summary(screen, Published(Path("7"), report, {}, {}, 1.25, segments={"Gone quiet": 3}, warned=2))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert lines[1:4] == [
        "segment     members",
        "Gone quiet        3",
        "Warnings: 2; `portal check` lists them. With --strict they are errors.",
    ]
