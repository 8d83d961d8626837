"""The loyalty domain: programme, members, ledger, and where everybody stands.

Pure functions over frozen records: no Pelican, no clock, no network. The date is always an argument. RULES.md says
what the rules mean.

Reading
    problem.py       what is wrong with an input, where, and what was expected
    yaml_source.py   strict YAML: strings only, every value with its line and column
    table.py         rows under named columns: CSV, a database's table, a list in YAML
    csv_table.py     strict CSV, every cell with its line and column
    schema.py        from located values to typed records, all problems at once

What a programme says
    programme.py     programme.yaml: tiers, account managers, interests, channels, and all that follows
    earning.py       how points are earned, multiplied, capped, and how long they last
    qualifying.py    how tiers are reached and kept; the rebate
    segment.py       rules over members        cause.py      what points and spend are given to
    member.py        the people                member_table.py   the same from the columns of a table
    audience.py      `public`, `members`, `gold`, `gold+`, `[gold, staff]`
    gate.py          the one answer to "may this reader see this on this date?"

What members did
    ledger.py        lines from anywhere into DuckDB, checked there     ledger_rule.py   what a line must be
    ledger_file.py   CSV, Parquet, YAML       relation.py, pipe.py   rows on their way to DuckDB

What it comes to
    engine.py        what every line earned and which tier follows; sql/ holds its steps, expression.py and tiers.py the
                     rules that are written into them, account.py what comes out
    lot.py           points earned together, and what takes from them
    standings.py     all members on a day
    statement.py     all that can be said of one, with
                     progress.py, rolling.py, rebate.py, rhythm.py, reason.py (why a line earned so much), year.py
    belonging.py     who is in a segment
    offer.py         which offers are a member's, and why
    occasion.py      birthdays and anniversaries
"""
