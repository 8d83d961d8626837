"""PDFs, print run and e-mail of a newsletter issue, as of the issue's day.

mailing.py         an issue with its editions, recipients and the inputs of its day
print_contents.py  the contents of issues, from the portal's data
paper_check.py     characters that no font can print, members left out because of a fault
paper_fit.py       columns of tables, resolution of photos, drawings with filters
letter_weight.py   editions whose letters are too heavy for the post
ended_items.py     offers and events that have ended since the issue's day
member_sheets.py   members' sheets, from the portal's data
answer_thanks.py   what responds to the words of a member
portal_pdfs.py     stage 4: the PDFs of a release
pdf_reuse.py       unchanged PDFs of the release in force
print_files.py     one member's letter, and the run for the printer
print_settings.py  the checked setting PORTAL_PRINT
email_run.py       a message for each member who agreed to e-mail
pango.py           the version of Pango, if it is installed
"""
