"""Sealed answers: the way from a member back to the publisher. The format is in docs/answers.md.

answer_key.py      the publisher's private key, and the keys of members, from the site secret
answer.py          what an answer says, and its number
sealed_answer.py   answers sealed and opened
answer_text.py     sealed answers as text, and found in any text
referral_code.py   referral codes of members
answer_error.py    the exceptions
"""
