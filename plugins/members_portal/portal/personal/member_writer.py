"""Member writer: the slots of all members, in the slot table of the tree, and the members' own files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.pass_source import CARD_FILE, PassSource
from members_portal.portal.personal.slot_batches import SlotBatches
from members_portal.portal.personal.slot_table import PIECES, Piece, write_slots
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.portal.rendering.rendered_tree import RenderedTree

SLOTS_PER_COUNT = 100  # members between two reports of the progress


@dataclass
class MemberWriter:
    """Writes the parts of the members into a tree.

    `holders` maps the slug of an issue to the ids of the members with a letter of it.
    """

    inputs: Inputs
    tree: RenderedTree
    batches: SlotBatches
    work: SlotWork
    holders: Mapping[str, frozenset[str]]
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
        """Write the own files of each member; yield the id and the slots: those of an earlier run, or made now."""
        members = self.inputs.members
        digests = [self.work.digest(member, self._held(member, letters)) for member in members]
        due = {one.id: one for one, digest in zip(members, digests, strict=True) if not self.work.has(digest)}
        made = self.batches.make([(member, self._held(member, letters)) for member in due.values()])
        for number, (member, digest) in enumerate(zip(members, digests, strict=True)):
            if self.done and number % SLOTS_PER_COUNT == 0:
                self.done(number, len(members))
            manager = self.inputs.programme.manager(member.manager_key)
            if manager and manager.photo:
                self._link_photo(manager.photo, f"members/{member.id}")
            if self.passes and (card := self.passes.kept_digest(member)):
                self.tree.keep(f"members/{member.id}/{CARD_FILE}", card)
            piece = None if member.id in due else self.work.find(digest)
            if piece is None:
                piece, last = next(made)
                self.work.keep(digest, piece, self._last_kept(member, last))
            yield member.id, piece

    def _last_kept(self, member: Member, last: date) -> date:
        """Return the last day of kept slots. Where a card was left out, it is past: each publish tells why."""
        return date.min if self.passes and self.passes.has_left_out(member) else last

    def _held(self, member: Member, letters: Sequence[Item]) -> tuple[Item, ...]:
        """Return those of the letters that a member has."""
        return tuple(item for item in letters if member.id in self.holders[item.slug])

    def _link_photo(self, path: str, folder: str) -> None:
        """Copy the photo of an account manager for the first member, and link it for the others."""
        target = f"{folder}/{path}"
        if not (path in self.photos and self.tree.link(target, self.photos[path])):
            self.tree.write(target, self.inputs.pictures.published(path))
            self.photos[path] = target  # a file has at most 65,000 names on ext4
