"""Where members and their ledger are read from: a folder of files, or a database by its address.

    address.py   which of them an address means, and how it is shown without its password
    folder.py    members.yaml or members.csv, ledger.csv, ledger.parquet or ledger.yaml
    people.py    the members and the ledger, read and checked together
"""
