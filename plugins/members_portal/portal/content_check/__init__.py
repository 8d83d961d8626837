"""Checks of the content as a whole. They yield problems; those of drafts become warnings.

Errors:

file_check.py        pictures and attachments may be published
pasted_check.py      no text has the front matter of another item
link_check.py        each link has a target that its readers may see
site_link.py         links with the address of the site
anchor_check.py      each `#anchor` is in its page
form_check.py        each form has somebody who can answer it
newsletter_check.py  what an issue of the newsletter names exists and fits

Warnings:

content_warning.py   all warnings, for one day
markdown_check       warnings of the text of one item
audience_check.py    an audience of the lowest tier alone, a tier that sees an item after a lower one
day_check.py         days that contradict each other, mistyped years
folder_check.py      titles that occur twice, files that are not read, large files
expired_links.py     links to expired items

Suggestions:

other_keys.py        names that other systems give to the keys of front matter
"""
