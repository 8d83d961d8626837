"""Answers of members: forms, and the sealed way back to the publisher. The format is in docs/answers.md.

form.py            forms and their questions, and the check of values
kind_questions.py  the questions that a kind of form has of itself
answer_key.py      the publisher's private key, and the keys of members, from the site secret
answer.py          what an answer says, and its number
sealed_answer.py   answers sealed and opened
answer_text.py     sealed answers as text, and found in any text
answer_error.py    the exceptions
"""
