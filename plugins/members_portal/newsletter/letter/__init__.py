"""Letters: sheets laid out once, composed for each member, bound with the pages of their edition.

planning.py    from issues and sheets to layouts, jobs and orders
job.py         all that a worker needs to make the sheets of one edition
master.py      sides of sheets laid out once, their values left open
typesetter.py  a line of text set as WeasyPrint sets it
qr_code.py     a QR code as rectangles
compositor.py  members' values set into a master
sheets.py      a batch of sheets: composed, or laid out by WeasyPrint
pdf_writer.py  a PDF file written object by object
assembly.py    a sheet and the pages of an edition as one tagged PDF
screen_pdf.py  the PDF of each edition and each member's letter, for the portal
"""
