"""An attacker who watches a row of releases from outside: counts files, sizes and changes, and guesses by them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from pathlib import Path

ROUNDS = 12  # stumps of one attacker
View = Mapping[str, int]  # the size of each file of a release, by path
Features = Mapping[str, float]


def view_of(release: Path) -> View:
    """Return the sizes of all files of a release, by path."""
    return {path.relative_to(release).as_posix(): path.stat().st_size for path in release.rglob("*") if path.is_file()}


def features_of(row: Sequence[View]) -> Features:
    """Return all counts that an observer of a row of releases can take."""
    found: dict[str, float] = {}
    for number, view in enumerate(row):
        found |= dict(counts(f"release {number}", view))
    for number, (before, after) in enumerate(pairwise(row)):
        found |= dict(counts(f"new {number}", {path: after[path] for path in after.keys() - before.keys()}))
        found |= dict(counts(f"removed {number}", {path: before[path] for path in before.keys() - after.keys()}))
        changed = {path: after[path] for path in after.keys() & before.keys() if after[path] != before[path]}
        found |= dict(counts(f"changed {number}", changed))
    for number, (first, second, third) in enumerate(zip(row, row[1:], row[2:], strict=False)):
        staying = (second.keys() - first.keys()) & third.keys()
        found |= dict(counts(f"new and kept {number}", {path: third[path] for path in staying}))
    return found


def counts(name: str, view: View) -> Iterator[tuple[str, float]]:
    """Yield number and sizes of the files in each folder, and the number of files of each size."""
    for folder in ("_/b", "_/c", "_/m", "_/r", ""):
        sizes = sorted(size for path, size in view.items() if kind_of(path) == folder)
        yield f"{name}, files in {folder}", len(sizes)
        yield f"{name}, bytes in {folder}", sum(sizes)
        yield f"{name}, largest in {folder}", sizes[-1] if sizes else 0
        for size, count in Counter(sizes).items():
            yield f"{name}, files of {size} bytes in {folder}", count
        for size in {1 << size.bit_length() for size in sizes}:
            yield f"{name}, files above {size} bytes in {folder}", sum(one > size for one in sizes)


def kind_of(path: str) -> str:
    """Return the folder of a sealed file; an empty text for other files."""
    return path[:3] if path.startswith("_/") else ""


@dataclass(frozen=True)
class Stump:
    """A guess from one count: whether it exceeds a threshold; `weight` is positive if that speaks for True."""

    name: str
    threshold: float
    weight: float

    def vote(self, features: Features) -> float:
        """Return the vote: positive for True."""
        return self.weight if features.get(self.name, 0) > self.threshold else -self.weight


def train(plays: Sequence[tuple[Features, bool]]) -> list[Stump]:
    """Choose the counts and thresholds that separate the plays best, by AdaBoost."""
    names = sorted({name for features, _ in plays for name in features})
    columns = {name: [features.get(name, 0) for features, _ in plays] for name in names}
    columns = {name: column for name, column in columns.items() if min(column) < max(column)}
    orders = {name: sorted(range(len(plays)), key=column.__getitem__) for name, column in columns.items()}
    truths = [truth for _, truth in plays]
    weights = [1 / len(plays)] * len(plays)
    stumps: list[Stump] = []
    for _ in range(ROUNDS if columns else 0):
        stump = best_stump(columns, orders, truths, weights)
        stumps.append(stump)
        votes = (stump.vote({stump.name: value}) for value in columns[stump.name])
        weights = [w * exp(-vote if truth else vote) for w, vote, truth in zip(weights, votes, truths, strict=True)]
        weights = [weight / sum(weights) for weight in weights]
    return stumps


def best_stump(
    columns: Mapping[str, list[float]], orders: Mapping[str, list[int]], truths: list[bool], weights: list[float]
) -> Stump:
    """Return the stump with the least weighted error, with the weight that AdaBoost gives it."""
    signed = [weight if truth else -weight for weight, truth in zip(weights, truths, strict=True)]
    total = sum(signed)
    best = (0.0, "", 0.0)
    for name, column in columns.items():
        below = 0.0
        order = orders[name]
        for place, following in pairwise(order):
            below += signed[place]
            if column[place] < column[following]:
                edge = total - 2 * below  # the weight of right guesses minus that of wrong ones
                if abs(edge) > abs(best[0]):
                    best = (edge, name, (column[place] + column[following]) / 2)
    edge = max(-0.999, min(0.999, best[0]))
    return Stump(best[1] or next(iter(columns)), best[2], log((1 + edge) / (1 - edge)) / 2)


def accuracy(plays: Sequence[tuple[Features, bool]]) -> float:
    """Return the share of right guesses: each half of the plays is guessed by an attacker trained on the other."""
    shuffled = random.Random(0).sample(plays, len(plays))
    halves = shuffled[::2], shuffled[1::2]
    right = sum(right_guesses(train(known), unknown) for known, unknown in (halves, halves[::-1]))
    return right / len(plays)


def right_guesses(stumps: Sequence[Stump], plays: Sequence[tuple[Features, bool]]) -> int:
    """Return the number of plays that the attacker guesses right."""
    return sum((sum(stump.vote(features) for stump in stumps) > 0) == truth for features, truth in plays)
