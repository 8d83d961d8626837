"""Rule engine: the points of every ledger line, and the tier of every member, on any day.

engine.py      the SQL steps in sql/, run in order for each batch of members
expression.py  the programme's rules as SQL expressions over a line
tier_rules.py  tier rules as SQL
refund_part.py what each refund takes from each line of its order
refund_share.py shares of refunds in points and figures
reversal.py    the redemption that each reversal undoes
cap_room.py    the room under a cap that refunds make
row.py         typed rows that the last SQL steps return
account.py     a member's account, built from these rows
account_table.py  the accounts of all members, built when they are asked for
lot.py         lots of points, and the debits that use them up
"""
