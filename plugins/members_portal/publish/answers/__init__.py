"""Answers in a publish: the forms that the inbox knows, and its runs.

known_forms.py      forms of the content, as the inbox needs them
answer_settings.py  the keys of PORTAL_ANSWERS
inbox_run.py        a run of `portal inbox`, under the lock of a publish
"""
