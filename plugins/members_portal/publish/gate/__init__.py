"""Stage 6: refuse a release that leaks, or that lacks files of an edition or a member.

release_check.py  all checks of the gate
candidate.py      the release to check, and the data to compare it with
search/           the search for texts that readers may not see, kept between publishes
kept/             files that passed a check before
entitlement.py    expected files of editions and members, compared with the sealed release
integrity.py      digests of scripts and styles on public pages and in the service worker
media_check.py    fonts and pictures that open
hidden_text.py    watchlists: texts that a reader must not find
phrase_search.py      search for many phrases and words at once
mail_check.py     the same for e-mails of an issue
readable_text.py  texts that a reader can read: pages, PDFs, captions, calendars, indexes, own ledger lines
pdf_text.py       the texts of a PDF
pdf_description.py  those that no page draws: outlines, notes, properties
decoding.py       decode a file: escapes, base64, hex, compressed streams, archives
packed_stream.py  compressed streams in binary data
archive.py        the files of ZIP and tar archives
work_limit.py     limits of the search of one file
"""
