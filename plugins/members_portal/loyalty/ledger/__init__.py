"""The ledger: append-only lines of member activity.

ledger.py       lines from any source into DuckDB, and their validation there
line_order.py   the order of the lines
tag_set.py      each combination of tags once
ledger_rule.py  the validation rules of a line
ledger_file.py  CSV, Parquet and YAML files
relation.py     rows that a DuckDB query can read
pipe.py         rows written into a pipe while a query reads it
match/          lines that belong to other lines
line_match.py   all matches and notes
refund_currency.py  the worth of refunds in another currency
repetition.py   lines that an export added twice
early_line.py   lines before the first day of a dated value
tag_spelling.py tags in another spelling than in programme.yaml
ledger_note.py  warnings on lines, and their places in the source
"""
