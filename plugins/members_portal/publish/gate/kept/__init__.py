"""What the gate knows of files without reading them again.

sealed_digests.py  digests of the sealed files of a release
attachment_check.py  attachments that are the files below content/
own_texts.py       texts of members that tell nothing about other members
passed_files.py    files that passed a check, by digest, kept between publishes
"""
