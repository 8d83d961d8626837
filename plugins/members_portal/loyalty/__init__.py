"""The loyalty domain: from programme, members and ledger to the standing of every member on a day.

Pure functions over frozen records: no Pelican, no clock, no network. The date is always an argument. RULES.md is the
normative specification of the rules.

    input/      strict input: YAML, CSV and tables to typed records, every problem with its place
    programme/  the records of programme.yaml: tiers, earning rules, qualifying, rebate, segments, causes, audiences
    member/     members from members.yaml or a table; birthdays and anniversaries
    ledger/     lines of activity from any source into DuckDB, and the rules for a line
    engine/     points of every line and tier of every member: SQL steps, expressions, lots, accounts
    statement/  the standing of one member on a day, in one record

    standings.py           standings of all members on a day
    tag.py                 the normal form of tags
    visibility.py          may this reader see this item on this date?
    segment_membership.py  the segments of a member
    desk_reach.py          the members whose sheets a member of staff may read
    offer_eligibility.py   the offers of a member, with the reason for each
    period.py              years that begin on any day, and rolling periods
    yearly_day.py          days of every year; 29 February
"""
