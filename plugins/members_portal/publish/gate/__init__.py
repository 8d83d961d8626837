"""Stage 6: refuse a release that leaks, or that lacks what a reader is owed.

release_check.py  all checks of the gate
candidate.py      the release that is checked, and what it is compared to
entitlement.py    what each reader is owed, against what the sealed release gives
hidden_text.py    the texts that a reader may not find
watchlist.py      many texts searched for in a file
decoding.py       the forms in which a text may stand in a file: escaped, encoded, compressed
"""
