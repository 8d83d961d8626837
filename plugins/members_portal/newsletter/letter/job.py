"""The input of a worker: a job per edition, and an order per sheet.

Jobs and orders are plain records: they are pickled for other processes and other machines.
"""

from __future__ import annotations

from dataclasses import dataclass

from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.compositor import Forme
from members_portal.newsletter.print_templates import Shell


@dataclass(frozen=True)
class Job:
    """The sheets of one edition: the HTML around them, and the HTML and the forme of each side.

    `key` is the cache key, `picture` the placeholder of the QR code in `sides`, `longest` the longest text of a code.
    """

    edition: str
    key: str
    shell: Shell
    sides: tuple[str, ...]
    formes: tuple[Forme, ...]
    picture: str
    longest: str
    files: frozenset[str]
    materials: Materials


@dataclass(frozen=True)
class Order:
    """A member's sheet: the indices of its sides in the job, the values of each side, and the text of the QR code.

    A sheet for a screen has no QR code; its text is "".
    """

    member: str
    edition: str
    sides: tuple[int, ...]
    values: tuple[tuple[str, ...], ...]
    sign_in: str
