"""What the gate knows of files without reading them again.

file_digests.py   digests of the files of the tree and of the release
passed_files.py   files that passed a check, by digest, kept between publishes
"""
