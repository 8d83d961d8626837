"""Work of earlier publishes that a publish uses again.

work_pack.py       fingerprints and caches in one sealed file, for machines that keep no folder
template_cache.py  compiled templates, kept in the process of a preview
"""
