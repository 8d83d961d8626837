"""Own texts: the slots and files of members, searched for ids, codes, addresses and answers of other members.

That a text holds none of these members is kept between publishes. It depends on nothing but the text, the members and
the code. A text with a finding is searched at each publish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property

from members_portal.loyalty.member.member import Member
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.hidden_text import hidden_addresses, hidden_from_other_members
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.publish.gate.search.answer_phrases import answer_phrases, hidden_answers
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.source_texts import written_for
from members_portal.publish.till.till_data import coupon_offers
from members_portal.work_record import digest_of


class OwnTexts:
    """Searches the texts of some members for all of these members."""

    def __init__(self, candidate: Candidate, members: Sequence[Member]) -> None:
        self._inputs, self._secret, self._members = candidate.inputs, candidate.secret, members
        self._offers = coupon_offers(candidate.inputs, candidate.secret)
        self._passed = candidate.passed("own texts")
        ids = {member.id for member in members}
        answers = answer_phrases(candidate.inputs.received, candidate.context.theme)
        self._answers = [(text, writer) for text, writer in answers if writer in ids]
        self._basis = digest_of(
            candidate.secret.public_key,
            *(repr((offer.slug, offer.version)) for offer in self._offers),
            *(repr((member.id, member.code_version, member.email)) for member in members),
            repr(self._answers),
        )
        self._watchlist = cache(self._watchlist_of)

    def others(self, member: Member, path: str, digest: str, decode: Callable[[], Iterable[Decoded]]) -> set[str]:
        """Return the ids of other members that a text of a member tells about; `digest` is the SHA-256 (hex) of it."""
        name = digest_of(self._basis, member.id, path, digest).hex()
        if self._passed.passes(name, lambda: not self._found(member, self._likely, decode())):
            return set()
        return self._found(member, self._watchlist(member.edition), decode())

    def _found(self, member: Member, watchlist: Watchlist, decoded: Iterable[Decoded]) -> set[str]:
        return set[str]().union(*map(watchlist.find, decoded)) - {member.id}

    @cached_property
    def _identities(self) -> Watchlist:
        return hidden_from_other_members(self._members, self._secret, self._offers)

    @cached_property
    def _likely(self) -> Watchlist:
        """All ids, codes, addresses and answers. Few texts hold one, and need what their edition may see."""
        return self._identities | hidden_addresses(self._members, ()) | hidden_answers(self._answers, ())

    def _watchlist_of(self, reader: str) -> Watchlist:
        written = written_for(self._inputs, reader)
        return self._identities | hidden_addresses(self._members, written) | hidden_answers(self._answers, written)
