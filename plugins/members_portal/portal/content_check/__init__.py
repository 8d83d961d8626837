"""Checks of the content as a whole. They yield problems; those of drafts become warnings.

file_check.py        pictures and attachments may be published
link_check.py        each link has a target that its readers may see
newsletter_check.py  what an issue of the newsletter names exists and fits
"""
