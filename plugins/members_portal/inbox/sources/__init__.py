"""Sources of answers: places in which sealed texts arrive. Messages are read one by one, within limits.

arrival.py           one message of a source
mail_text.py         the texts of an e-mail or a text file
file_folder.py       a folder of files, or one file
mbox_file.py         an mbox file
maildir.py           a Maildir
answer_table.py      the CSV, JSON or JSON lines of a form service
imap_address.py      the address of an IMAP folder
imap_folder.py       a folder of an IMAP server
opened_sources.py    from what the command line names to a source
"""
