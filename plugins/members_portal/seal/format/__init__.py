"""The files of a release, in the words of FORMAT.md.

container.py   one sealed message: Cobblestone-256
frame.py       a payload deflated and padded
blobs.py       sealed pages, pictures and PDFs
manifest.py    what an edition holds, path by path
record.py      what is one member's own
cards.py       how a member's code finds its edition
bootstrap.py   portal.json
signature.py   release.json and its signature
path_names.py  names allowed in a path, and reserved paths
media_type.py  media types
"""
