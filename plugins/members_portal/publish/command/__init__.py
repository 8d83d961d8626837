"""The command `portal`.

cli.py         the app: publish, check, preview, serve, code, link, rotate, fields
coupons.py     portal coupon …      mail.py        portal mail
print.py       portal letter, portal print
statements.py  portal statement, portal export
terminal.py    options that commands share, messages, errors
progress.py    the stages of a publish as a bar or as log lines, and its summary
interrupt.py   Ctrl-C
"""
