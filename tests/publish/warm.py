"""Run `portal` in forks of one process that has imported everything and keeps compiled templates.

A publish takes half a second instead of two.

Reads one request a line from stdin: commands to start together. Answers with their process ids, then their exit codes.
"""

from __future__ import annotations

import gc
import json
import marshal
import os
import random
import sys
import time
from importlib import import_module
from pathlib import Path
from runpy import run_path
from types import CodeType
from typing import Any

from babel.dates import get_month_names
from jinja2 import Environment

from members_portal.publish.command import cli
from members_portal.publish.fingerprint import package_versions
from tests.seal.fixed_salt import noise_of

for name in {*cli.MODULES.values()}:  # import all commands now, so that no fork has to
    import_module(f"members_portal.publish.command.{name}")
import_module("members_portal.publish.stages")

package_versions()  # read them and the names of the calendar now, so that no fork has to
get_month_names(locale="en")


class CompiledTemplates:
    """The code of templates by name and source, as forks compiled them: a third of the time of a small publish."""

    def __init__(self) -> None:
        settings = run_path(str(Path(__file__).parents[2] / "pelicanconf.py"))  # not imported: projects have their own
        self.options, self.compile = options_of(Environment(**settings["JINJA_ENVIRONMENT"])), Environment.compile
        self.codes: dict[tuple[str, str], CodeType] = {}
        self.new: dict[tuple[str, str], CodeType] = {}

    def install(self) -> None:
        """Let the environments of Pelican's settings take their code from here; all others compile as ever."""

        def compile(env: Environment, source: Any, name: Any = None, filename: Any = None, *more: Any) -> Any:
            if more or not isinstance(source, str) or options_of(env) != self.options:
                return self.compile(env, source, name, filename, *more)
            if found := self.codes.get((name, source)):
                return found.replace(co_filename=filename)
            self.new[name, source] = code = self.compile(env, source, name, filename)
            return code

        Environment.compile = compile  # type: ignore[method-assign,assignment]

    def hand_over(self, file: Path) -> None:
        """Write what this fork compiled."""
        if self.new:
            file.write_bytes(marshal.dumps(self.new))

    def take(self, file: Path) -> None:
        """Keep what a fork compiled, if it ended by itself."""
        if file.exists():
            self.codes |= marshal.loads(file.read_bytes())
            file.unlink()


def options_of(env: Environment) -> tuple[object, ...]:
    """Return the options that the code of a template depends on; filters are the same in every publish."""
    lines = (env.trim_blocks, env.lstrip_blocks, env.keep_trailing_newline, env.newline_sequence)
    values = (type(env), env.autoescape, env.undefined, env.finalize, env.is_async, env.optimized)
    return (*values, *lines, *env.extensions)


TEMPLATES = CompiledTemplates()
PRINTING = {"print", "letter"}  # commands that make PDFs in any case


def run(request: dict[str, Any]) -> int:
    """Run the command in a fork; with a pipe `start`, wait until it is written to."""
    for number, file in enumerate((request["stdout"], request["stderr"]), 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(request["folder"])
    sys.dont_write_bytecode = True  # on a full disk Python 3.11 would leave partial files
    if request["environ"].get("PORTAL_PDF") != "no" or request["arguments"][0] in PRINTING:
        keep_to_one_core()
    os.environ.clear()
    os.environ.update(request["environ"])
    time.tzset()
    os.umask(int(os.environ.get("UMASK", "022"), 8))
    sys.argv = ["portal", *request["arguments"]]
    if request["repeatable"]:
        os.urandom = random._urandom = noise_of("publish")  # type: ignore[attr-defined]
    if request["start"]:
        pipe = os.open(request["start"], os.O_RDWR)
        os.mkdir(request["start"] + ".reached")
        os.read(pipe, 1)
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        TEMPLATES.hand_over(Path(request["codes"]))
    return 0


def keep_to_one_core() -> None:
    """Keep to a core, by the number of pytest's worker: a command starts a process of layouts per core, in seconds."""
    cores = sorted(os.sched_getaffinity(0))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {cores[worker % len(cores)]})


def fork(request: dict[str, Any]) -> int:
    """Start a command; return its process id."""
    child = os.fork()
    if child == 0:
        sys.exit(run(request))
    return child


def serve() -> None:
    """Answer requests until stdin ends."""
    TEMPLATES.install()
    gc.freeze()  # forks share what is here
    for line in sys.stdin:
        requests = json.loads(line)
        children = [fork(request) for request in requests]
        answer(children)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        for request in requests:
            TEMPLATES.take(Path(request["codes"]))
        answer(codes)


def answer(numbers: list[int]) -> None:
    sys.stdout.write(json.dumps(numbers) + "\n")
    sys.stdout.flush()
