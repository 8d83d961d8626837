"""Search texts for many phrases, and keep the results between publishes.

leak_check.py     plaintext, editions and members' files: the findings
leak_search.py    what is hidden from whom, and in which texts it is
sources.py        the texts that a reader may see, which excuse a phrase
release_texts.py  the texts of a release and of its sources
search_record.py  the phrases and words of each text, kept between publishes
phrase_table.py   find many phrases at once
coupon_search.py  find coupon codes of any offer
"""
