"""The content of a card: the values of the site, and the values of one member."""

from __future__ import annotations

from dataclasses import dataclass, field

from members_portal.wallet_pass.pass_labels import PassLabels


@dataclass(frozen=True)
class PassSite:
    """What all cards share: names, contact, labels. `portal` is the portal's address."""

    name: str
    organisation: str
    hotline: str
    portal: str
    points_name: str
    labels: PassLabels = field(default_factory=PassLabels)


@dataclass(frozen=True)
class PassContent:
    """One member's card. Days are texts in the site's language; colours are `#rrggbb`.

    `serial` identifies the card. `points` is None without a statement; `tier` and `until` are empty without one.
    """

    number: str
    serial: str
    name: str
    tier: str
    points: int | None
    since: str
    until: str
    as_of: str
    colour: str
    ink: str
