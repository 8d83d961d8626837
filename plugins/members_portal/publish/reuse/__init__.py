"""Work of earlier publishes that a publish uses again.

work_place.py      the place of results of earlier runs
work_pack.py       fingerprints and caches in one sealed file, for machines that keep no folder
release_memory.py  the release that a preview has just made and checked
release_stamp.py   sizes and times of the files of a release, by which an unchanged one is known
imported_files.py  the project's own Python files, on which kept results depend
template_cache.py  compiled templates, kept for the next publish of the day
"""
