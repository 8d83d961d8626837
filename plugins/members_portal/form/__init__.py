"""Forms: their questions, who may answer, and the check of answers. Knows nothing of pages or of keys.

form.py            forms and questions, as front matter has them
kind_questions.py  the questions that a kind of form has of itself
answerers.py       the kinds of reader who may answer
answer_values.py   the check of the values of an answer
"""
