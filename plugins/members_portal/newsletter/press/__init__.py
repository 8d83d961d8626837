"""The print run for the printer's press.

print_run.py      the run, in the order of posting
press_file.py     all letters in one PDF/X-4 file
pdfx.py           the PDF/X-4 metadata
ink.py            sRGB and Lab colours to inks
painting.py       the colour operators of a content stream
colour.py         separation of a PDF: colours, pictures and gradients in CMYK
postage.py        the weight of a letter and its band
run_manifest.py   run.csv: a row per letter
run_summary.py    the summary page for the signature
"""
