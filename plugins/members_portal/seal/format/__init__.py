"""The files of a release, in the terms and the order of FORMAT.md.

container.py   one sealed message: Cobblestone-256
padding.py     the plaintext of a message: payload, deflated and padded
spliced_stream.py  a zlib stream put between other bytes without deflating it again
bootstrap.py   portal.json
cards.py       one card for each member, in buckets: the keys of edition and record
manifest.py    the files of an edition by path, in eight manifest slots
blobs.py       sealed files, reused from the previous release when unchanged
decoys.py      messages without content, which look like blobs
packs.py       the records of one publish in files of equal size
record.py      a member's page slots and own files, and the place of the record
listing.py     the digests of all sealed files, for the publisher
signature.py   release.json and its signature
path_names.py  path parts that are allowed, and reserved paths
media_type.py  media types by file suffix
"""
