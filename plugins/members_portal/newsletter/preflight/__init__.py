"""The preflight: checks of a print run as the file that the printer gets.

inspection.py   all checks
finding.py      what a check reports
trim.py         page boxes                  typeface.py   fonts
trace.py        text, pictures and inks     inventory.py  colours, fonts and pictures, each once
window_view.py  what the envelope's window shows
pdfx_marks.py   PDF/X-4 marks               qr_reading.py QR codes read back
verifier.py     qpdf and veraPDF, when they are installed
"""
