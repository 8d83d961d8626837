"""Search texts for many phrases, and keep the results between publishes.

answer_phrases.py  numbers and words of members' answers
desk_check.py      whose data the files of the desk hold
leak_check.py     plaintext, editions and members' files: the findings
leak_search.py    what is hidden from whom, and in which texts it is
sources.py        the texts that a reader may see, which excuse a phrase
source_texts.py   the texts of the sources
release_texts.py  the texts of a release and of its sources
decoded.py        the words of one decoding
search_record.py  the phrases and words of each text, kept between publishes
group_words.py    the words of texts, and whether they can hold a phrase
phrase_table.py   find many phrases at once
part_search.py    find them in texts that share most of their parts
coupon_search.py  find coupon codes of any offer
"""
