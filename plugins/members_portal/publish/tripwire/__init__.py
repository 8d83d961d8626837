"""The tripwire: a publish that would lose members or ledger lines stops until somebody accepts the changes.

census.py       counts of members and ledger lines at one publish
census_file.py  the census of the release in force, sealed in a folder of its own
threshold.py    the setting PORTAL_TRIPWIRE
comparison.py   two censuses, measure by measure
loss_check.py   the comparison with the release in force: stop, warn or go on
job_summary.py  the table in the summary of a CI job
"""
