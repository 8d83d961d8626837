"""An issue of the newsletter, as of its day, to PDFs, print run and e-mail.

mailing.py         an issue with its readers, recipients and everything its PDFs are made from
print_contents.py  what an issue and each member's sheet hold, taken from the portal
portal_pdfs.py     stage 4: the PDFs of a release
pdf_reuse.py       PDFs taken over from the release in force
print_files.py     one member's letter, and the run for the printer
print_settings.py  PORTAL_PRINT, checked
email_run.py       a message for each member who agreed to e-mail
pango.py           whether Pango is installed, and which version
"""
