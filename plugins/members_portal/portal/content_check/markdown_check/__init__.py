"""Warnings of the text of one item: markdown that works otherwise than its editor may expect.

source_text.py       the markdown of an item without code, with places
literal_check.py     markup that readers see as text
block_check.py       lists, tables and code fences that readers see as text; lost cells of tables
html_check.py        HTML that browsers repair or drop
text_check.py        headings, pictures, footnotes and links
character_check.py   invisible characters, damaged text, values with markup or curly quotes
"""
