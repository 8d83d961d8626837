"""A card of the tests, and the site that it belongs to."""

from __future__ import annotations

from members_portal.portal.rendering.font import font_file
from members_portal.wallet_pass.apple_identity import AppleIdentity, ApplePassType
from members_portal.wallet_pass.pass_content import PassContent, PassSite
from members_portal.wallet_pass.pass_package import PassPrinter
from members_portal.wallet_pass.pass_picture import letter_pictures
from tests.wallet_pass.authority import OWNER, PASS_TYPE, TEAM, Subject, authority_certificate, key_of, pass_certificate

FONT = font_file("font-source-serif-pro", "SourceSerifPro-Semibold.ttf")
HOUSE = PassSite("The Harbour Lamp Club", "Harbour Lamps", "+47 20 91 500", "https://club.example/lamps/", "points")
CARD = PassContent(
    number="L-101",
    serial="5e1a" * 8,
    name="Torvald Ekdahl",
    tier="Pewter",
    points=1250,
    since="30 May 2021",
    until="31 December 2027",
    as_of="20 November 2026",
    colour="#59656d",
    ink="#fffaf0",
)


def identity_of(subject: Subject = OWNER, owner: str = "owner", issuer: str = "authority") -> AppleIdentity:
    """Return an identity with the key of `owner`, whose certificate names the key `owner`."""
    certificate = pass_certificate(subject, owner)
    return AppleIdentity(ApplePassType(PASS_TYPE, TEAM), certificate, authority_certificate(issuer), key_of(owner))


def printer_of(identity: AppleIdentity | None = None, site: PassSite = HOUSE) -> PassPrinter:
    """Return a printer of passes."""
    return PassPrinter(identity or identity_of(), site, letter_pictures(site.name[0], FONT, "#12363f", "#fffaf0"))
