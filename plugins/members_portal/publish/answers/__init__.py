"""The way back from members, as a publish needs it.

release_answer_keys.py  the keys that pages and records get
known_forms.py          forms of the content, as the inbox needs them
inbox_run.py            a run of `portal inbox`
"""
