"""A members-only loyalty portal on plain static hosting: the packages and what each may import.

cache_entry    entries of caches, with a MAC
clock          the one module that reads the real clock
loopback       whether a host is this machine
picture_file   raster pictures, read within limits and without metadata
plain_words    superscripts as characters, and the salutation of a letter
settings_file  settings files, parsed without executing them
whole_file     files and folders that are replaced whole
work_record    results of earlier runs in one SQLite file
workers        batches of work on several cores or machines; imports none of the others
loyalty        programme, members and ledger to standings; imports none of the others
form           forms: questions, who may answer, the check of answers; imports loyalty
source         members and ledger from files and databases; imports loyalty
portal         the Pelican plugin: items to editions; imports loyalty, source and inbox
newsletter     issues to PDF, letters, print run and e-mail; imports loyalty
seal           a folder of editions and a roster to a sealed release; imports none of the others
wallet_pass    cards for the wallets of phones; imports none of the others
answer         answers that members seal to the publisher; imports seal
inbox          answers opened, checked, and written to the owner's files; imports answer, form, loyalty and source
coupon         codes that the till checks offline; imports seal
publish        the pipeline, the release check and the command `portal`; may import all
"""

__version__ = "0.1.0"
