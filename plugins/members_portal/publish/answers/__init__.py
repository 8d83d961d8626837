"""The way back from members, as a publish needs it.

release_answer_keys.py  the keys that pages and records get
"""
