"""The console while a command runs.

progress.py   progress of a publish (bar or log lines), and its summary
interrupt.py  handling of Ctrl-C (SIGINT)
"""
