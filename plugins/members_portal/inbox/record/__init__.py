"""The files of members/inbox/: what came of the answers. They are plain CSV, for the owner and for spreadsheets.

inbox_row.py    the rows of the files
row_file.py     rows read and written, whole files at a time
inbox_files.py  all files of one inbox; `taken.csv`, written last, is the commit
set_aside.py    answers that were refused, with the reason
"""
