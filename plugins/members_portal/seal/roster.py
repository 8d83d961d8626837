"""The roster: the edition and the access-code version of each member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from members_portal.seal.format.path_names import is_part
from members_portal.seal.seal_error import BadRoster
from members_portal.seal.tree import Tree


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A member id, the name of the member's edition, and the version of the access code."""

    member: str
    edition: str
    code_version: int


def check_roster(roster: Sequence[Enrolment], tree: Tree) -> None:
    """Raise BadRoster if the roster is invalid or does not match the tree."""
    members: set[str] = set()
    for enrolment in roster:
        _check_enrolment(enrolment, tree)
        if enrolment.member in members:
            raise BadRoster("enrolled twice", enrolment.member)
        members.add(enrolment.member)
    for member in sorted(tree.recorded - members):
        raise BadRoster("has slots or a folder in members/ but is not enrolled", member)


def _check_enrolment(enrolment: Enrolment, tree: Tree) -> None:
    if not is_part(enrolment.member):
        raise BadRoster("an id is one part of a path", ascii(enrolment.member))
    if enrolment.edition not in tree.editions:
        raise BadRoster(f"there is no edition {enrolment.edition!a}", enrolment.member)
    if enrolment.code_version < 1:
        raise BadRoster("a code version is 1 or more", enrolment.member)
