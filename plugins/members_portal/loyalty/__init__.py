"""The loyalty domain: programme, members and ledger to the standing of every member on a day.

Pure functions over frozen records: no Pelican, no clock, no network. The date is always an argument. RULES.md is the
normative description of the rules.

    input/      read strictly: YAML, CSV and tables to typed records, every problem with its place
    programme/  what programme.yaml defines: tiers, earning rules, qualifying, rebate, segments, causes, audiences
    member/     the people: members.yaml and tables, birthdays and anniversaries
    ledger/     lines of activity from any source into DuckDB, and the rules that a line must meet
    engine/     what every line earned and which tier follows: SQL steps, expressions, lots, accounts
    statement/  everything that can be said of one member on a day, in one record

    standings.py           all members on a day
    visibility.py          may this reader see this item on this date?
    segment_membership.py  which members are in a segment
    offer_eligibility.py   which offers are a member's, and why
"""
