"""Members, ledger and standings of earlier publishes, for inputs that have not changed.

kept_table.py      the checked members of a table
kept_ledger.py     a checked ledger, which is read only when something asks for its lines
kept_standings.py  the standings of members
late_accounts.py   accounts that are computed, or built from kept rows, when one of them is asked for
people_memory.py   people and standings, kept in the process of a preview
"""
