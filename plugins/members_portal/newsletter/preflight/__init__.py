"""The preflight: checks of the finished print run, on the printer's file.

inspection.py   all checks
expected.py     the expectations for a run
pagination.py   page numbers of the manifest
finding.py      findings and the report
trim.py         page boxes
typeface.py     fonts: widths and text
trace.py        text, pictures, dashed lines and inks of a page
inventory.py    colours, fonts and pictures, each checked once
window_view.py  the content of the envelope's window
address_reading.py  addresses by their glyphs, for scripts in which the text of a PDF is not reliable
cut_view.py     the coupons' cut, and the part of the sheet that has to be kept
pdfx_marks.py   the PDF/X-4 metadata
resolution.py   the resolution of photos
qr_reading.py   QR codes, decoded from rasterised pages
verifier.py     qpdf and veraPDF, when installed
"""
