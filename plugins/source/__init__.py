"""Where members and their ledger are read from: a folder of files, or a database by its address.

scheme.py      what an address may begin with
address.py     from an address to an open source
folder.py      members.yaml or members.csv; ledger.csv, ledger.parquet or ledger.yaml
database.py    what tables of any database have in common
sqlite.py      a SQLite file
postgresql.py  a PostgreSQL database: one snapshot, streamed
people.py      the members and the ledger, read and checked together
error.py       a source that can't be read
"""
