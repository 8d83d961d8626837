"""Search texts for many phrases, and keep the results between publishes.

phrase_table.py   find the phrases that a text holds, in time that is linear in the text
search_record.py  the phrases and words of each text, kept between publishes
hidden_phrase.py  the phrases to search for, and the readers from whom they are hidden
release_texts.py  the texts of a release, and of the sources that its readers may see
leak_search.py    phrases and words in files whose readers may not see them
"""
