"""The ledger: append-only lines of what members did.

ledger.py       lines from any source into DuckDB, checked there together
ledger_rule.py  the rules that a line must meet
ledger_file.py  CSV, Parquet and YAML files
relation.py     rows in reach of a DuckDB query
pipe.py         rows written into a query as it reads
"""
