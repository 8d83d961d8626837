"""Strict input: every value has its file, line and column, and all problems are reported together.

problem.py           a problem: place, cause, expected value, suggestion
located_yaml.py      YAML as strings, every value with its line and column
zoned_time.py        days of times with a time zone
table_columns.py     rows of text under named columns: CSV, a database table, a list in YAML
csv_table.py         CSV, every cell with its line and column
csv_cell.py          guard against formulas in CSV cells that the product writes
email_address.py     the form in which a message is sent, and one form for all spellings of an e-mail address
clock_time.py        times of day as people write them
written_day.py       days as people write them, for suggestions
schema.py            typed, frozen records, and the types of their fields
parsing.py           from located values to records, with every problem at its line
consistent_record.py records whose contradictions are told together with the faults of their fields
"""
