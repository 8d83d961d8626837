"""Parts of an item that are derived from its text, and the typography of texts.

heading_id.py       ids of headings
headings.py         the table of contents
derived_summary.py  the summary of an item without `Summary:`
code_fence.py       code fences that state more than a language
typography.py       typographic quotes, dashes and ellipses
"""
