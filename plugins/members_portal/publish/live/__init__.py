"""Fetch a release from the web server that serves it.

website.py       the files of a live site, and the addresses that lead to them
timed_http.py    HTTP requests with a time limit for the whole answer
"""
