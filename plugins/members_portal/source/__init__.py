"""Sources of members and ledger: a folder of files, or a database.

open_source.py  from an address to an open source
scheme.py       the schemes of database addresses
folder.py       members.yaml or members.csv; ledger.csv, ledger.parquet or ledger.yaml
inbox_source.py   a source with the ledger lines of the inbox
taken_ledger.py   the ledger of the inbox, without lines of a killed run
chained_ledger.py  two ledgers as one
database.py     tables of any database: their columns, order and row names
sqlite.py       a SQLite file
postgresql.py   a PostgreSQL database: its tables, streamed
postgresql_session.py  one snapshot, time zone, time limits, errors without secrets
postgresql_address.py  the parts of an address
shop/           exports of a shop, with the mapping of their columns
people.py       members and ledger, read and validated together
kept/           members, ledger and standings of earlier publishes
unreadable.py   the error for a source that cannot be read
"""
