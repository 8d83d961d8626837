"""Interrupts and termination: exit code 130, one line, and the release in force stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from members_portal.publish.pipeline import STAGES
from tests.long_cases import quick_first
from tests.publish.project import ROOT, Project, Run, files_of, litter

STRUCK = """
import itertools, os, runpy, sys

number, last = sys.argv[1:3]
del sys.argv[1:6]  # keep the command's arguments: remove the interpreter, -m and the module
events = itertools.count()

def strike(frame, event, arg):
    if next(events) == 500:
        sys.setprofile(None)
        os.kill(os.getpid(), int(number))

class Output:
    def __getattr__(self, name):
        return getattr(sys.__stdout__, name)

    def write(self, text):
        if f" {last} " in text:
            sys.setprofile(strike)
        return sys.__stdout__.write(text)

sys.stdout = Output()
runpy.run_module("members_portal", run_name="__main__")
"""


def struck(project: Project, number: signal.Signals, stage: str) -> Run:
    """Publish, and send a signal some hundred calls after the start of a stage, independent of time and load."""
    through = (sys.executable, "-c", STRUCK, str(int(number)), STAGES[STAGES.index(stage) - 1])
    return project.run("publish", through=through)


@pytest.mark.long
@pytest.mark.parametrize("stage", ["validate", "render", "seal", "gate"])
def test_130_when_interrupted(stage: str, project: Project) -> None:
    before = files_of(project.release)
    project.edit("content/offers/wick-voucher.md", "braided by", "woven by")
    run = struck(project, signal.SIGINT, stage)
    assert (run.code, run.err) == (130, "interrupted; the release in force is whole\n"), run.out
    assert " flip " not in run.out
    assert "Traceback" not in run.out
    assert files_of(project.release) == before
    assert [name for name in litter(project) if ".tmp-" in name] == []
    project.publish()
    assert litter(project) == []


COMMAND = """
import enum, importlib, os, signal, sys, typing
from members_portal.publish.command import cli
from members_portal.publish.command.terminal import reported

@cli.app.command()
def interrupted():
    with reported(debug=False):
"""
INTERRUPTED = {
    "in an exec of text": """
        exec("raise KeyboardInterrupt")  # as dataclasses do
    """,
    "in an extension module's import": """
        def strike(frame, event, arg):
            if event == "call" and frame.f_code.co_filename.endswith("enum.py"):  # called by the module's code
                sys.setprofile(None)
                os.kill(os.getpid(), signal.SIGINT)

        sys.setprofile(strike)
        import pikepdf._core
        while True:
            pass  # not a sleep: a signal that comes just before one does not end it
    """,
    "in a finalizer": """
        class Finalized:
            def __del__(self):
                os.kill(os.getpid(), signal.SIGINT)

        del [Finalized()][:]
        while True:
            pass  # not a sleep: a signal that comes just before one does not end it
    """,
}


@pytest.mark.parametrize("where", quick_first(INTERRUPTED, 1))
def test_130_wherever_the_interrupt_falls(where: str, tmp_path: Path) -> None:
    (tmp_path / "command.py").write_text(COMMAND + textwrap.indent(textwrap.dedent(INTERRUPTED[where]), "        "))
    with open(tmp_path / "command.py", "a") as script:
        script.write("sys.argv.append('interrupted')\ncli.main()\n")
    command = [sys.executable, "-m", "command"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, "interrupted; the release in force is whole\n")


@pytest.mark.parametrize("number", quick_first([signal.SIGTERM, signal.SIGHUP], 1))
def test_a_termination_says_what_it_left_and_ends_by_the_signal(number: signal.Signals, tmp_path: Path) -> None:
    body = f"os.kill(os.getpid(), {int(number)})\nwhile True:\n    pass\n"
    (tmp_path / "command.py").write_text(COMMAND + textwrap.indent(body, "        "))
    with open(tmp_path / "command.py", "a") as script:
        script.write("sys.argv.append('interrupted')\ncli.main()\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "command"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (-number, "terminated; the release in force is whole\n")


def test_a_termination_of_a_forked_process_ends_that_process_only() -> None:
    script = """
import os, signal
from members_portal.publish.console.interrupt import handle_interrupts
handle_interrupts()
child = os.fork()
if not child:
    os.kill(os.getpid(), signal.SIGTERM)
    os._exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{-signal.SIGTERM}\n", "")


def test_started_with_interrupts_ignored_stays_so() -> None:
    script = "from members_portal.publish.console.interrupt import handle_interrupts; handle_interrupts(); "
    script += "import os; os.kill(os.getpid(), 2)"
    command = ["sh", "-c", 'trap \'\' INT; exec "$0" -c "$1"', sys.executable, script]
    assert subprocess.run(command, cwd=ROOT, timeout=120).returncode == 0


@pytest.mark.long
def test_a_terminated_publish_leaves_the_old_release(project: Project) -> None:
    before = files_of(project.release)
    project.edit("content/offers/wick-voucher.md", "braided by", "woven by")
    run = struck(project, signal.SIGTERM, "seal")
    assert (run.code, run.err) == (-signal.SIGTERM, "terminated; the release in force is whole\n")
    assert [name for name in litter(project) if ".tmp-" in name] == []
    assert files_of(project.release) == before
    project.publish()
    assert litter(project) == []
