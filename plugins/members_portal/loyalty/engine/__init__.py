"""The engine: a ledger and a programme to what every line earned and where every member stands.

engine.py      runs the steps in sql/
expression.py  the programme's rules as SQL expressions over a line
tier_sql.py    tiers as SQL
account.py     a member's account, made from the rows of the last step
lot.py         points earned together, and what takes from them
"""
