"""The console while a command runs.

late_console.py      text on stdout and stderr; rich only where it is needed
progress.py          progress of a publish (bar or log lines), and its summary
letters_progress.py  progress of a print run
interrupt.py         handling of Ctrl-C (SIGINT)
"""
