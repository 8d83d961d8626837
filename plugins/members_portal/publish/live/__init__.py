"""Fetch a release from the web server that serves it.

website.py           the files of a live site, and the addresses that lead to them
host_settings.py     settings of hosts that remove a difference
answer_headers.py    headers that change what a browser makes of an answer
timed_http.py        HTTP requests with time limits for each answer and for all
"""
