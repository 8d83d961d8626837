"""What the gate knows of files without reading them again.

sealed_digests.py  digests of the sealed files of a release
passed_files.py    files that passed a check, by digest, kept between publishes
"""
