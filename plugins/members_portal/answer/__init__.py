"""Answers of members: forms, and the sealed way back to the publisher. The format is in docs/answers.md.

form.py            forms and their questions, and the check of values
kind_questions.py  the questions that a kind of form has of itself
"""
