"""The programme: the records of programme.yaml.

programme.py      tiers, account managers, interests, channels, and all records below
programme_file.py reads programme.yaml, and checks that its rules fit each other
audience.py       the audience of an item: `public`, `members`, `gold`, `gold+`, `[gold, staff]`
earning.py        points: earning rules, multipliers, caps, validity
qualifying.py     reaching and keeping a tier; the rebate
shown_years.py    the years of ledger lines that a statement in the portal shows
segment.py        rules that select members
cause.py          causes that receive points and shares of spend
dated.py          values that change on a day: exchange rates, `reach`
currency.py       currencies of ISO 4217 and their decimals
"""
