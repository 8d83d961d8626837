"""Guest lists: replies against the places of an event, in the order in which they arrived.

A place that was given stays given: replies are replayed one after another. Declining, or coming with fewer persons,
frees places, and the first waiting reply that fits moves up. A reply that asks for more persons waits at the end. At
last, the replies that had a place in an earlier run keep it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

COMING, WAITING, FULL, DECLINED = "coming", "waiting", "full", "declined"


@dataclass(frozen=True)
class GuestReply:
    """A reply of a member; `persons` is 0 for one that declines. `state` is that on the list."""

    number: str
    received: str
    member: str
    persons: int
    state: str = ""


class GuestList:
    """The newest replies of all members, in the order of their claims; `places` is None for any number."""

    def __init__(self, places: int | None, *, has_waiting_list: bool = True) -> None:
        self.places, self.has_waiting_list = places, has_waiting_list
        self.taken_places = 0
        self._replies: dict[str, GuestReply] = {}  # by member
        self._waiting: dict[str, GuestReply] = {}
        self._claims: dict[str, set[str]] = {}  # by member: the replies that the newest one goes on from

    @property
    def replies(self) -> list[GuestReply]:
        """The replies with their states."""
        return list(self._replies.values())

    def add_all(self, replies: Iterable[GuestReply]) -> None:
        """Add replies in the order in which they arrived."""
        for reply in replies:
            self.add(reply)

    def add(self, reply: GuestReply) -> None:
        """Add a reply, which replaces the earlier one of the same member."""
        earlier = self._replies.get(reply.member)
        if earlier:
            self._release(earlier)
        if earlier and 0 < reply.persons <= earlier.persons:
            self._claims[reply.member].add(reply.number)
            self._note(replace(reply, state=earlier.state))
        else:
            self._replies.pop(reply.member, None)
            self._waiting.pop(reply.member, None)
            self._claims[reply.member] = {reply.number}
            self._note(replace(reply, state=self._state_of(reply)))
        if earlier:
            self._move_up()

    def keep_given(self, given: Collection[str]) -> None:
        """Give the places to the replies that had one before, by number, then to the others in their order.

        A newer reply of the same member with as many persons or fewer keeps the place, too.
        The replay alone takes a place away where a guest was forgotten, or where there are fewer places than before.
        """
        given = frozenset(given)
        kept = {each.member for each in self._replies.values() if each.persons and self._claims[each.member] & given}
        if all(self._replies[member].state == COMING for member in kept):
            return
        replies = self.replies
        self.taken_places = sum(each.persons for each in replies if each.member in kept)
        for each in replies:
            self._waiting.pop(each.member, None)
        for each in replies:
            state = COMING if each.member in kept else self._state_of(each)
            self._replies[each.member] = replace(each, state=state)
            self.taken_places += each.persons if state == COMING and each.member not in kept else 0

    def _fits(self, reply: GuestReply) -> bool:
        return self.places is None or self.taken_places + reply.persons <= self.places

    def _state_of(self, reply: GuestReply) -> str:
        if reply.persons == 0:
            return DECLINED
        return COMING if self._fits(reply) else WAITING if self.has_waiting_list else FULL

    def _release(self, reply: GuestReply) -> None:
        if reply.state == COMING:
            self.taken_places -= reply.persons

    def _note(self, reply: GuestReply) -> None:
        """Keep a reply under its member; a known member keeps the place in the order."""
        self._replies[reply.member] = reply
        if reply.state == COMING:
            self.taken_places += reply.persons
        if reply.state == WAITING:
            self._waiting[reply.member] = reply
        else:
            self._waiting.pop(reply.member, None)

    def _move_up(self) -> None:
        for reply in [each for each in self._waiting.values() if self._fits(each)]:
            if self._fits(reply):
                self._note(replace(reply, state=COMING))
