"""Warnings of invalid redemptions, with their places in the ledger."""

from __future__ import annotations

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.ledger.ledger_note import Note, located_by_number
from members_portal.loyalty.member.member import present_ids
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.till.till_data import ledger_findings
from members_portal.seal import Secret
from members_portal.source.open_source import open_source


def redemption_warnings(context: PublishContext, inputs: Inputs, secret: Secret) -> list[Problem]:
    """Return a warning for each invalid redemption. The source is read again for their places."""
    findings = ledger_findings(inputs, secret)
    if not findings or inputs.ledger is None:
        return []
    notes = [Note(finding.line, "reference", finding.words) for finding in findings]
    with open_source(context.members, context.database, inputs.site.timezone) as source:
        table, renumbered = source.ledger(), present_ids(inputs.everyone)
        return located_by_number(table, inputs.ledger.con, notes, renumbered) if table else []
