"""Where members and their ledger are read from: a folder of files, or a database by its address.

open_source.py  from an address to an open source
scheme.py       the schemes that an address may begin with
folder.py       members.yaml or members.csv; ledger.csv, ledger.parquet or ledger.yaml
database.py     what tables of any database have in common
sqlite.py       a SQLite file
postgresql.py   a PostgreSQL database: one snapshot, streamed
people.py       members and ledger, read and checked together
unreadable.py   the error of a source that cannot be read
"""
