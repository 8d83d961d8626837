"""Member writer: the slots of all members, in the slot table of the tree, and the members' own files."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.pass_source import CARD_FILE, PassSource
from members_portal.portal.personal.slot_renderer import SlotRenderer
from members_portal.portal.personal.slot_table import PIECES, Piece, piece_of, write_slots
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.slot import sealed_name

SLOTS_PER_COUNT = 100  # members between two reports of the progress


@dataclass
class MemberWriter:
    """Writes the parts of the members into a tree.

    `holders` maps the slug of an issue to the ids of the members with a letter of it. `nonce` ends the names of slots.
    """

    inputs: Inputs
    tree: RenderedTree
    views: MemberViewBuilder
    renderer: SlotRenderer
    work: SlotWork
    holders: Mapping[str, frozenset[str]]
    nonce: str
    passes: PassSource | None = None
    photos: dict[str, str] = field(default_factory=dict)  # the newest copy of each photo, to link the next one to
    done: Callable[[int, int], None] | None = None  # is told the members that are done, and all members

    def write_all(self) -> None:
        """Write the own files of all members, and the slot table."""
        write_slots(self.tree, self._write_members(self._list_letters()))
        self.work.save(Path(self.tree.root) / PIECES, self.tree.digests[PIECES])

    def _list_letters(self) -> list[Item]:
        """List the issues that have letters, newest first."""
        found = (item for item in self.inputs.library.newsletters if item.slug in self.holders)
        return sorted(found, key=lambda item: newsletter_of(item).day, reverse=True)

    def _write_members(self, letters: Sequence[Item]) -> Iterator[tuple[str, Piece]]:
        """Write the own files of each member; yield the id and the slots."""
        for number, member in enumerate(self.inputs.members):
            if self.done and number % SLOTS_PER_COUNT == 0:
                self.done(number, len(self.inputs.members))
            manager = self.inputs.programme.manager(member.manager_key)
            if manager and manager.photo:
                self._link_photo(manager.photo, f"members/{member.id}")
            if self.passes and (digest := self.passes.kept_digest(member)):
                self.tree.keep(f"members/{member.id}/{CARD_FILE}", digest)
            yield member.id, self._slots_of(member, [item for item in letters if member.id in self.holders[item.slug]])

    def _slots_of(self, member: Member, letters: Sequence[Item]) -> Piece:
        """Return the slots of a member: those of an earlier run if they are the same, else rendered now."""
        digest = self.work.digest(member, letters)
        if kept := self.work.find(digest):
            return kept
        view = self.views.build(member)
        slots = self.renderer.slots(view, letters)
        named = {sealed_name(name, self.nonce): fragments for name, fragments in slots.items()}
        piece = piece_of(member.id, json.dumps(named, ensure_ascii=False, sort_keys=True))
        self.work.keep(digest, view, piece)
        return piece

    def _link_photo(self, path: str, folder: str) -> None:
        """Copy the photo of an account manager for the first member, and link it for the others."""
        target = f"{folder}/{path}"
        if not (path in self.photos and self.tree.link(target, self.photos[path])):
            self.tree.write(target, self.inputs.pictures.published(path))
            self.photos[path] = target  # a file has at most 65,000 names on ext4
