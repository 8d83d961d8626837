"""Member writer: the slots of all members, in one file of the tree, and the members' own files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from members_portal.loyalty.member.member import Member
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.slot_renderer import SlotRenderer
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.slot import sealed_name

_SLOTS = "slots.tsv"  # a file and a folder for each of a million members would be slow


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
    photos: dict[str, str] = field(default_factory=dict)  # the newest copy of each photo, to link the next one to

    def write_all(self) -> None:
        """Write the own files of all members, and the file with their slots: a line each."""
        letters = self._list_letters()
        self.tree.write_parts(_SLOTS, (self._write(member, letters).encode() for member in self.inputs.members))

    def _list_letters(self) -> list[Item]:
        """List the issues that have letters, newest first."""
        found = (item for item in self.inputs.library.newsletters if item.slug in self.holders)
        return sorted(found, key=lambda item: newsletter_of(item).day, reverse=True)

    def _write(self, member: Member, letters: Sequence[Item]) -> str:
        """Write the member's own files; return the line with the slots: the id, a tab, and JSON."""
        own = [item for item in letters if member.id in self.holders[item.slug]]
        manager = self.inputs.programme.manager(member.manager_key)
        if manager and manager.photo:
            self._link_photo(manager.photo, f"members/{member.id}")
        return f"{member.id}\t{self._slots_of(member, own)}\n"

    def _slots_of(self, member: Member, letters: Sequence[Item]) -> str:
        """Return the slots of a member as JSON: those of an earlier run if they are the same, else rendered now."""
        digest = self.work.digest(member, letters)
        if kept := self.work.find(digest):
            return kept
        view = self.views.build(member)
        slots = self.renderer.slots(view, letters)
        named = {sealed_name(name, self.nonce): fragments for name, fragments in slots.items()}
        text = json.dumps(named, ensure_ascii=False, sort_keys=True)
        self.work.keep(digest, view, text)
        return text

    def _link_photo(self, path: str, folder: str) -> None:
        """Copy the photo of an account manager for the first member, and link it for the others."""
        target = f"{folder}/{path}"
        if not (path in self.photos and self.tree.link(target, self.photos[path])):
            self.tree.write(target, self.inputs.pictures.published(path))
            self.photos[path] = target  # a file has at most 65,000 names on ext4
