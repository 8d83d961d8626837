"""Checks of the content as a whole. They yield problems; those of drafts become warnings.

Errors:

file_check.py        pictures and attachments may be published
link_check.py        each link has a target that its readers may see
anchor_check.py      each `#anchor` is in its page
newsletter_check.py  what an issue of the newsletter names exists and fits

Warnings:

content_warning.py   all warnings, for one day
source_text.py       the markdown of an item without code, with places
literal_check.py     markup that readers see as text
html_check.py        HTML that browsers repair or drop
text_check.py        headings, pictures, footnotes and links
character_check.py   invisible characters, damaged text, values with markup or curly quotes
audience_check.py    an audience of the lowest tier alone
day_check.py         days that contradict each other, mistyped years
folder_check.py      titles that occur twice, files that are not read, large files
expired_links.py     links to expired items

Suggestions:

other_keys.py        names that other systems give to the keys of front matter
"""
