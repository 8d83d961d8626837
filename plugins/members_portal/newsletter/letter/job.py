"""The input of a worker: a job per edition, and an order per sheet.

Jobs and orders are plain records: they are pickled for other processes and other machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.compositor import Forme
from members_portal.newsletter.print_templates import QrText, Shell


@dataclass(frozen=True)
class Job:
    """The sheets of one edition: the HTML around them, and the HTML and the forme of each side.

    `key` is the cache key; `longest` is the longest text of each kind of QR code, which determines its size.
    """

    edition: str
    key: str
    shell: Shell
    sides: tuple[str, ...]
    formes: tuple[Forme, ...]
    longest: Mapping[str, str]
    files: frozenset[str]
    materials: Materials


@dataclass(frozen=True)
class Order:
    """A member's sheet: the indices of its sides in the job, and the values and the QR codes of each side."""

    member: str
    edition: str
    sides: tuple[int, ...]
    values: tuple[tuple[str, ...], ...]
    codes: tuple[tuple[QrText, ...], ...]
