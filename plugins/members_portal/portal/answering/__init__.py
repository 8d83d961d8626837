"""Forms on pages, and answers.

form_view.py         the form of an item as a page shows it
answer_source.py     the keys of the way back, as a publish hands them over
received_answers.py  the answers that the inbox has taken in
answer_promise.py    the results of a promise to answer in time
working_calendar.py  working days, without the days off of the owner
waiting_answer.py    feedback that nobody has answered
answered_view.py     a member's own answers, as pages show them
"""
