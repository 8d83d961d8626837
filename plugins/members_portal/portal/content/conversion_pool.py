"""Conversion of bodies on all cores. Without a cache, it takes half of the time of a build."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from members_portal.portal.content.body import Body, Converter

FEWEST_BODIES = 100  # bodies for which starting processes is worth while: about 0.2 s of work


@dataclass(frozen=True)
class ConversionJob:
    """A markdown text, the folder its links are relative to, and the relative path to the site's root."""

    text: str
    folder: str
    root: str


def convert_all(
    jobs: Sequence[ConversionJob], settings: Mapping[str, Any], language: str, address: Callable[[str], str]
) -> list[Body]:
    """Convert bodies, in order; `address` must be a picklable function."""
    convert = partial(_convert, settings=settings, language=language, address=address)
    count = _processes(len(jobs))
    if count == 1:
        return convert(jobs)
    parts = [jobs[start::count] for start in range(count)]
    with ProcessPoolExecutor(count, multiprocessing.get_context("fork")) as pool:
        done = list(pool.map(convert, parts))
    whole = list(chain.from_iterable(done))
    order = [index for start in range(count) for index in range(start, len(jobs), count)]
    return [body for _, body in sorted(zip(order, whole, strict=True), key=lambda pair: pair[0])]


def _processes(jobs: int) -> int:
    """Return the number of processes: one for few jobs, or where other threads run, since a fork could deadlock."""
    cores = len(os.sched_getaffinity(0))
    return 1 if jobs < FEWEST_BODIES or cores == 1 or threading.active_count() > 1 else cores


def _convert(
    jobs: Sequence[ConversionJob], settings: Mapping[str, Any], language: str, address: Callable[[str], str]
) -> list[Body]:
    converter = Converter(settings, language)
    return [converter.convert(job.text, job.folder, job.root, address) for job in jobs]
