"""Answerers: the kinds of reader who may answer a form."""

from __future__ import annotations

from collections.abc import Sequence

from members_portal.form.form import Form
from members_portal.loyalty.programme.audience import PUBLIC, STAFF, Audience, parse_audience


def answerers(form: Form, audience: Audience, ladder: Sequence[str]) -> frozenset[str]:
    """Return the readers who may answer: `public`, tiers, `staff`. `audience` is that of the form's item.

    Staff read everything, but answer only where `who` names them, and notes. Raise UnknownAudience for an unknown word.
    """
    if form.is_public:
        return audience.readers - {STAFF}
    if form.kind == "note":
        return audience.readers & {STAFF}
    members = audience.readers - {PUBLIC, STAFF}
    if not form.who:
        return members
    asked = parse_audience(form.who, ladder).readers
    named = {STAFF} if STAFF in {word.strip().lower() for word in form.who} else set()
    return frozenset((members & asked) | named)
