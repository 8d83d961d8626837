"""The members' cards: who gets one, and what stands on it.

All members get a card. A member of staff gets one with a line in the ledger: others are no customers.
"""

from __future__ import annotations

from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.loyalty.member.given_tier import tier_by_hand
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import DAY
from members_portal.loyalty.statement.tier_progress import progress_of
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.pass_source import CARD_FILE, PassLinks
from members_portal.portal.rendering.font import font_file
from members_portal.portal.rendering.formats import date_filters
from members_portal.portal.rendering.tier_css import INK, PAPER, contrast
from members_portal.publish.context import PublishContext
from members_portal.publish.member_pass.pass_settings import PassSettings, read_pass_settings
from members_portal.publish.publish_error import PublishError
from members_portal.seal import Secret
from members_portal.wallet_pass.google_link import GoogleSigner
from members_portal.wallet_pass.pass_content import PassContent, PassSite
from members_portal.wallet_pass.pass_package import PassPrinter
from members_portal.wallet_pass.pass_picture import letter_of, letter_pictures, mark_pictures
from members_portal.work_record import WorkRecord, digest_of

KIND_CARD = "wallet card"
MARK = "static/icons/icon-512.png"  # in the theme
CARD_FONT = "source-serif-semibold"  # of the letter on icon and logo without it


class MemberPasses:
    """The cards of a site; there are none without PORTAL_PASSES.

    `left_out` has a problem for each member whose data does not fit on a card.
    """

    def __init__(
        self, settings: PassSettings, inputs: Inputs, secret: Secret, file: str, record: WorkRecord | None = None
    ) -> None:
        self.settings, self._inputs, self._secret, self._file = settings, inputs, secret, file
        self._record = record or WorkRecord()
        site, programme = inputs.site, inputs.programme
        self._site = PassSite(
            site.name, settings.organisation, site.contact.hotline, site.url, programme.points.name, settings.labels
        )
        self._long = date_filters(site.language)["longdate"]
        self._google = GoogleSigner(*settings.google, self._site, inputs.on) if settings.google else None
        self.left_out: dict[str, Problem] = {}

    @classmethod
    def of(
        cls, context: PublishContext, inputs: Inputs, secret: Secret, record: WorkRecord | None = None
    ) -> MemberPasses:
        """Return the cards of a site; raise InvalidInput when PORTAL_PASSES is invalid.

        `record` has the digests of passes that earlier publishes made.
        """
        return cls(read_pass_settings(context, inputs.site), inputs, secret, shown_path(context.conf), record)

    def handed_over(self) -> dict[str, Any]:
        """Return the setting with which pages link to cards; an empty mapping when the site has no cards."""
        return {"PORTAL_PASS_SOURCE": self} if self.settings.apple or self.settings.google else {}

    @cached_property
    def digest(self) -> str:
        """The digest of what the links of all members depend on."""
        google = b""
        if self.settings.google:
            account, google_class = self.settings.google
            public = account.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            google = digest_of(account.email, account.key_id, public, google_class.id)
        return digest_of(repr(self._site), str(bool(self.settings.apple)), google).hex()

    def links(self, member: Member) -> PassLinks | None:
        """Return the links to a member's cards; None for a member without a card."""
        content = self.content(member)
        if content is None:
            return None
        google = self._google_link(content) if self._google else ""
        found = PassLinks(CARD_FILE if self.settings.apple else "", google)
        return found if found.apple or found.google else None

    def content(self, member: Member) -> PassContent | None:
        """Return what stands on a member's card; None for a member without one."""
        account = self._inputs.standings.accounts.get(member.id)
        if member.staff and not (account and account.lines):
            return None
        tier = self._inputs.programme.tier(member.tier) if member.tier else None
        colour = tier.colour if tier else self.settings.colour
        until = self._until(member, account)
        content = PassContent(
            number=member.id,
            serial=self._secret.derive("wallet pass", member.id)[:16].hex(),
            name=member.full_name,
            tier=tier.name if tier else "",
            points=account.balance.active if account else None,
            since=self._long(member.joined),
            until=self._long(until) if until else "",
            as_of=self._long(self._inputs.on),
            colour=colour,
            ink=_ink(colour),
        )
        try:
            content.name.encode()
        except UnicodeEncodeError:
            self._leave_out(member.id, "card", "the name cannot be written as UTF-8")
            return None
        return content

    @cached_property
    def printer(self) -> PassPrinter | None:
        """The maker of Apple's passes; None without a certificate."""
        if not self.settings.apple:
            return None
        return PassPrinter(self.settings.apple, self._site, self._pictures())

    def _pictures(self) -> dict[str, bytes]:
        site, colour = self._inputs.site, self.settings.colour
        if (mark := site.theme / MARK).is_file():
            return mark_pictures(mark)
        if CARD_FONT not in site.fonts:
            raise PublishError(f"PORTAL_FONTS has no {CARD_FONT!r}: icons of wallet passes are drawn in it")
        font = font_file(*site.fonts[CARD_FONT])
        return letter_pictures(letter_of(site.name, font), font, colour, _ink(colour))

    def kept_digest(self, member: Member) -> str:
        """Return the SHA-256 (hex) of the member's pass of an earlier publish; empty if a new one must be made."""
        content = self.content(member) if self.printer else None
        found = self._record.find(KIND_CARD, self.printer.key(content)) if self.printer and content else None
        return found.hex() if found else ""

    def has_left_out(self, member: Member) -> bool:
        """Return whether a card or a link of a member was left out, for the reason in `left_out`."""
        return member.id in self.left_out

    def keep(self, content: PassContent, package: bytes) -> None:
        """Keep the digest of a pass for the next publish."""
        if self.printer:
            self._record.keep(KIND_CARD, self.printer.key(content), sha256(package).digest())

    def _google_link(self, content: PassContent) -> str:
        try:
            return self._google.link(content) if self._google else ""
        except ValueError as error:
            self._leave_out(content.number, "Google Wallet link", str(error))
            return ""

    def _until(self, member: Member, account: Account | None) -> date | None:
        """Return the last day of the present tier, if nothing happens until then."""
        standings = self._inputs.standings
        written = standings.by_hand.get(member.id, member)
        if account is None or standings.programme.qualifying is None:
            given = tier_by_hand(written, standings.on)
            return given.last if given else None
        progress = progress_of(written, account, standings.programme, standings.digits)
        return progress.by_hand_until or (progress.falls_on - DAY if progress.falls_on else None)

    def _leave_out(self, member: str, missing: str, reason: str) -> None:
        what = f"no {missing} for the wallet of member {member}: {reason}"
        self.left_out[member] = Problem(self._file, 0, 0, what).as_left_out()


@cache
def _ink(colour: str) -> str:
    """Return the text colour with more contrast on a colour, as on the pages."""
    return max((PAPER, INK), key=lambda candidate: contrast(candidate, colour))
