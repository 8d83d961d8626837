"""What the gate knows of files without reading them again.

sealed_digests.py  digests of the sealed files of a release
attachment_check.py  attachments that are the files below content/
passed_files.py    files that passed a check, by digest, kept between publishes
"""
