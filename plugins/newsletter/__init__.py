"""Newsletters in print: issues, letters, and the run for the printer."""
