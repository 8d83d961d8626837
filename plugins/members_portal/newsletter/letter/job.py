"""A job: all that a worker needs to make the sheets of one edition, and how a sheet is ordered from it.

Kits and orders are plain records, which go to other processes and other machines.
"""

from __future__ import annotations

from dataclasses import dataclass

from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.compositor import Forme
from members_portal.newsletter.print_templates import Shell


@dataclass(frozen=True)
class Job:
    """One edition: what stands around its sheets, their sides, and for each side the forme it is composed from.

    `picture` is the placeholder of the QR code in sides, `longest` the longest text that a code must hold.
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
    """A member's sheet: its sides, the words to set into each, and what its QR code says."""

    member: str
    edition: str
    sides: tuple[int, ...]
    values: tuple[tuple[str, ...], ...]
    sign_in: str
