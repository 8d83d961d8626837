"""The labels of a card's fields. The owner may replace each one, for a portal in another language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PassLabels:
    """The labels; `points` comes from the programme."""

    member: str = "Member"
    tier: str = "Tier"
    until: str = "Until"
    since: str = "Member since"
    as_of: str = "As of"
    number: str = "Member number"
    hotline: str = "Telephone"
    portal: str = "Portal"
    update: str = "Update"
    update_text: str = "This card does not update itself. Open the portal and add it again to renew it."
