"""Run `portal` in forks of one process that has imported everything and keeps compiled templates.

A publish takes half a second instead of two.

Reads one request a line from stdin: commands to start together. Answers with their process ids, then their exit codes.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from members_portal.publish.command import cli
from tests.compiled_templates import CompiledTemplates
from tests.publish.warm_up import warm_up
from tests.quick_fonts import pack_fonts_quickly
from tests.seal.fixed_salt import noise_of

warm_up()
pack_fonts_quickly()

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
        leave(run(request))
    return child


def leave(code: int) -> NoReturn:
    """End a fork as Python does, but for its memory: to free what was imported takes longer than many commands."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def serve() -> NoReturn:
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
    leave(0)


def answer(numbers: list[int]) -> None:
    sys.stdout.write(json.dumps(numbers) + "\n")
    sys.stdout.flush()
