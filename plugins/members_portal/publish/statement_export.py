"""Statements as JSON and as a CSV table for mail merge, from the same record as the portal's pages."""

import csv
import json
import os
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from members_portal.loyalty.input.csv_cell import guarded
from members_portal.loyalty.statement.statement import MemberOffer, Statement
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.member_view import MemberView, MemberViewBuilder
from members_portal.portal.rendering.edition import make_editions
from members_portal.publish.publish_error import PublishError, UnknownMember
from members_portal.publish.till.till_data import till_settings
from members_portal.seal import Secret
from members_portal.whole_file import replaced_file


def view_builder(inputs: Inputs, secret: Secret) -> MemberViewBuilder:
    """Return the builder of members' views with coupon codes, as in a publish."""
    codes = till_settings(inputs, secret).get("PORTAL_COUPONS")
    readers = inputs.programme.readers
    editions = make_editions(readers, inputs.library, inputs.programme, inputs.on)
    return MemberViewBuilder(inputs.standings, inputs.library.items.values(), editions, codes)


def statement_of(inputs: Inputs, secret: Secret, member_id: str) -> Statement:
    """Return a member's statement; raise PublishError for an unknown id or a portal without statements."""
    chosen = [member for member in inputs.members if member.id == member_id]
    if not chosen:
        raise UnknownMember(member_id, [member.id for member in inputs.members])
    (view,) = map(view_builder(inputs, secret).build, chosen)
    if view.statement is None:
        raise PublishError("there are no statements: programme.yaml has no `qualifying`, and there is no ledger")
    return view.statement


def as_json(statement: Statement) -> str:
    """Serialise a statement as JSON: dates as YYYY-MM-DD, money as a decimal string."""
    fields = asdict(statement) | {"balance": statement.balance._asdict()}
    return json.dumps(fields, default=_plain, ensure_ascii=False, indent=2)


def _plain(value: Any) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"a statement holds a {type(value).__name__}")


def export(inputs: Inputs, secret: Secret, file: Path) -> int:
    """Write one row per member to a CSV file, atomically; return the number of rows."""
    rows = [_row(view) for view in map(view_builder(inputs, secret).build, inputs.members) if view.statement]
    if not rows:
        raise PublishError("there are no statements: programme.yaml has no `qualifying`, and there is no ledger")
    with replaced_file(file) as draft, open(draft, "w", encoding="utf-8", newline="", opener=_private) as out:
        _write(rows, out)
    return len(rows)


def _private(path: str, flags: int) -> int:
    """Open a new file with mode 0600. O_EXCL: in a shared folder another user could have placed a link there."""
    return os.open(path, flags | os.O_EXCL, 0o600)


def _write(rows: list[dict[str, Any]], out: TextIO) -> None:
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({key: guarded(value) for key, value in row.items()} for row in rows)


def _row(view: MemberView) -> dict[str, Any]:
    statement, member = view.statement, view.member
    assert statement is not None  # noqa: S101 - export filters out views without a statement
    progress, rebate = statement.progress, statement.rebate
    row: dict[str, Any] = {
        "member": member.id,
        "called": member.called,
        "full_name": member.full_name,
        "email": member.email,
        "as_of": statement.as_of,
        **statement.balance._asdict(),
        "owed": statement.owed,
        "worth": statement.worth,
        **{f"expiring_{soon.within_days}": soon.points for soon in statement.expiring},
        "tier": progress.name,
        "figure": progress.figure,
        "next_tier": progress.next.name if progress.next else None,
        "next_missing": progress.next.missing if progress.next else None,
        "next_by": progress.next.by if progress.next else None,
        "keep_missing": progress.keep.missing if progress.keep else None,
        "keep_by": progress.keep.by if progress.keep else None,
        "rebate_spend": rebate.spend if rebate else None,
        "rebate_percent": rebate.percent if rebate else None,
        "rebate_earned": rebate.earned if rebate else None,
        "rebate_missing": rebate.next.missing if rebate and rebate.next else None,
        "last_order": statement.rhythm.last,
        "next_order": statement.rhythm.next,
        "segments": " ".join(statement.segments),
        "offers": "; ".join(_offer(offer) for offer in statement.offers),
    }
    return row


def _offer(offer: MemberOffer) -> str:
    return f"{offer.title}: {offer.coupon}" if offer.coupon else offer.title
