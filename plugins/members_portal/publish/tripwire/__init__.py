"""The tripwire: a publish that would lose members or ledger lines stops until somebody accepts the changes.

census.py         members, points and ledger lines at one publish
census_file.py    the census of the release in force, sealed in a folder of its own
threshold.py      the setting PORTAL_TRIPWIRE
measure.py        a row of the table: a measure of both censuses, and its limit
member_change.py  the members of a census that are gone, have left, or are in a lower tier
ledger_change.py  the days of two censuses: lines gone, added and changed, and amounts
comparison.py     all measures of two censuses
loss_check.py     the comparison with the release in force: stop, warn or go on
job_summary.py    the table in the summary of a CI job
"""
