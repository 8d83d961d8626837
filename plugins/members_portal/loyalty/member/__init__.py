"""Members of the programme.

member.py        the member record and its validation
given_tier.py    tiers given by hand
mail_fault.py    faults of an entry that leave its member out of e-mail
known_rows.py    members of an earlier run by the digests of their rows
kept_members.py  checked members as JSON, and back
member_table.py  members from the columns of a table
occasion.py      birthdays and anniversaries
"""
