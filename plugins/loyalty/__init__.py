"""The loyalty domain: programme, members, audiences, the gate, occasions.

Pure functions over frozen records: no Pelican, no clock, no network. The date is always an argument.

    problem.py      what is wrong with an input, where, and what was expected
    yaml_source.py  strict YAML: strings only, every value with its line and column
    schema.py       from YAML to typed records, all problems at once
    audience.py     `public`, `members`, `gold`, `gold+`, `[gold, staff]`
    gate.py         the one answer to "may this reader see this on this date?"
    programme.py    tiers, account managers, interests, channels
    member.py       the people
    occasion.py     birthdays and anniversaries
"""
