"""Warnings of invalid redemptions, with their places in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from members_portal.coupon.redemption import NEITHER, RedemptionFinding
from members_portal.loyalty.input.problem import Problem, closest
from members_portal.loyalty.ledger.ledger_note import Note, located_by_number
from members_portal.loyalty.member.member import present_ids
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.fingerprint import code_digest
from members_portal.publish.till.till_data import booked_redemptions, ledger_findings
from members_portal.seal import Secret
from members_portal.source.open_source import open_source
from members_portal.work_record import WorkRecord

EXPECTED_REFERENCE = "a coupon code, the file name of an offer without `.md`, or the key of a cause"


def redemption_warnings(context: PublishContext, inputs: Inputs, secret: Secret) -> list[Problem]:
    """Return a warning for each invalid redemption. The source is read again for their places."""
    record = WorkRecord(context.cache / "work.sqlite", secret.cache_key())
    findings = ledger_findings(inputs, secret, record, code_digest(context.code))
    record.save()
    record.close()
    if not findings or inputs.ledger is None:
        return []
    notes = list(_notes(findings, inputs))
    with open_source(context.members, context.database, inputs.site.timezone) as source:
        table, renumbered = source.ledger(), present_ids(inputs.everyone)
        return located_by_number(table, inputs.ledger, notes, renumbered) if table else []


def _notes(findings: Iterable[RedemptionFinding], inputs: Inputs) -> Iterator[Note]:
    """Yield the notes of findings; one of an unknown reference suggests the nearest offer or cause."""
    references = {one.line: one.reference or "" for one in booked_redemptions(inputs)}
    known = [item.slug for item in inputs.library.items.values() if isinstance(item.front, Offer)]
    known += [cause.key for cause in inputs.programme.causes]
    for finding in findings:
        note = Note(finding.line, "reference", finding.words)
        if finding.problem == NEITHER:
            note = note._replace(expected=EXPECTED_REFERENCE, hint=closest(references[finding.line], known))
        yield note
