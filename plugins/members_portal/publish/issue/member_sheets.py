"""Members' sheets of an issue, from the portal's data.

Tiers, figures and offers are as of the issue's day. An offer is on a sheet when the member may see it on the issue's
day and still may see it today, in the edition that the member has today. Letters that are yet to be posted have no
ended offers.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import STAFF
from members_portal.newsletter.issue import Coupon, Picture, Sheet
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Shown
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.member_view import MemberView, ShownOffer
from members_portal.publish.issue.answer_thanks import thanks_in
from members_portal.publish.issue.mailing import Mailing, MailingBuilder
from members_portal.publish.issue.print_contents import content_url, manager_of, today_of
from members_portal.publish.statement_export import view_builder
from members_portal.seal import access_code, sign_in_address


def sheets_of(builder: MailingBuilder, mailing: Mailing, members: Sequence[Member]) -> list[Sheet]:
    """Return the sheets of letters to members, without the offers that they may not see today."""
    on = today_of(mailing.newsletter, builder.inputs)
    editions = {builder.today[member.id] for member in members}
    offers = {edition: _offers_for(mailing, builder.inputs, edition, on) for edition in editions}
    views, thanks = view_builder(mailing.then, builder.secret), thanks_in(mailing.newsletter, builder.inputs)
    return [
        replace(_sheet(views.build(member), offers[builder.today[member.id]], mailing, builder), thanks=thanks(member))
        for member in members
    ]


def _offers_for(mailing: Mailing, inputs: Inputs, edition: str, on: date) -> frozenset[str]:
    """Return the slugs of the offers that an edition shows on a day, and that the mailing may have."""
    items = (item for item in inputs.library.items.values() if isinstance(item.front, Offer))
    seen = (item for item in items if item.visible_to(edition, on))
    return frozenset(item.slug for item in seen if not (mailing.without_ended and item.has_ended(on)))


def _sheet(view: MemberView, offers: Collection[str], mailing: Mailing, builder: MailingBuilder) -> Sheet:
    member, then = view.member, mailing.then
    code = access_code(builder.secret, member.id, member.code_version)
    return Sheet(
        member=member.id,
        edition=mailing.issue_names[member.id],
        name=member.full_name,
        called=member.called,
        direction=member.dir,
        address=mailing.choice.addresses.get(member.id, ()),
        tier="" if member.edition == STAFF else view.edition.title,
        as_of=then.on,
        statement=view.statement,
        coupons=tuple(_coupon(offer) for offer in view.offers if offer.slug in offers),
        manager=manager_of(then.programme.manager(member.manager_key)),
        sign_in=sign_in_address(then.site.address, code),
        code=code,
    )


def _coupon(offer: ShownOffer) -> Coupon:
    return Coupon(
        slug=offer.slug,
        type=offer.type,
        title=offer.title,
        value=offer.value,
        summary=offer.summary,
        starts=offer.starts,
        ends=offer.ends,
        why=offer.why,
        code=offer.coupon,
        terms=offer.terms,
        redeem=offer.redeem,
        points=offer.points,
        missing=offer.missing,
        minimum=offer.minimum_spend,
        picture=_picture_of(offer.shown),
    )


def _picture_of(shown: Shown) -> Picture | None:
    front = shown.item.front
    return Picture(content_url(front.image), front.image_alt or "") if front.image else None
