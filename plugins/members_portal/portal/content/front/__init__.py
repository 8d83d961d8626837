"""The front matter of items, by kind.

front.py         what all kinds have, and the kinds that have little more
promise.py       a promise, with its results
announcement.py  an announcement
offer.py         an offer
event.py         an event, and the day on which it ends
newsletter.py    an issue of the newsletter
selection.py     the sections and charts of an issue, as the editor writes them
feedback.py      what members said, and the answers that it responds to
"""
