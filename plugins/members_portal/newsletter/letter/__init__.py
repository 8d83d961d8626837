"""Letters: sheets laid out once, composed for each member, assembled with the pages of their edition.

planning.py    issues and sheets in; layouts, jobs and orders out
job.py         the input of a worker: a job per edition, an order per sheet
master.py      sides of sheets laid out once, with open values
frame.py       the content stream of a side, cut at its open values and QR codes
typesetter.py  one line of text, set as WeasyPrint sets it
qr_code.py     a QR code as rectangles
compositor.py  members' values set into a master
sheets.py      a batch of sheets: composed, or laid out by WeasyPrint
tags.py        artifacts and scopes in a tagged PDF by WeasyPrint
pdf_writer.py  a PDF file written object by object
assembly.py    a sheet and the pages of an edition as one tagged PDF
screen_pdf.py  the PDF of each edition and each member's letter, for the portal
"""
