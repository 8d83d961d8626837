"""The press: the print run for the printer.

print_run.py     the run, in the order of posting
press_file.py    all letters in one PDF/X-4 file
pdfx.py          the marks of PDF/X-4
ink.py           the inks for a colour of the screen
painting.py      the operators of a content stream that choose colours
colour.py        colours, pictures and gradients of a PDF in CMYK
postage.py       the weight of a letter and its band
run_manifest.py  run.csv: a row for each letter
run_summary.py   the page that a person signs
"""
