"""A letter keeps the tier of the issue's day. Its member has a lower tier today."""

from dataclasses import replace

from members_portal.publish.issue import mailing

as_of = mailing.as_of


def then(inputs, on):
    found = as_of(inputs, on)
    members = [one.model_copy(update={"tier": "copper"}) if one.id == "L-104" else one for one in found.members]
    return replace(found, members=members)


mailing.as_of = then
mailing.issue_name = lambda reader, _today: reader
