"""The people.

member.py        a member, checked strictly against the programme
member_table.py  the same from the columns of a table
occasion.py      birthdays and anniversaries
"""
