"""A member that is not in the sample of the gate gets the record of another member."""

from dataclasses import replace

from members_portal.publish.gate import entitlement
from members_portal.seal.record_set import RecordSet

order = RecordSet._order


def sabotage(self, tree, files, member):
    given = order(self, tree, files, member)
    return replace(order(self, tree, files, "L-103"), key=given.key) if member == "L-104" else given


RecordSet._order = sabotage
entitlement.MOST_CARDS = 1  # the first member of each edition
