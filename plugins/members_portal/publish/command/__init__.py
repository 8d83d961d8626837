"""The command `portal`.

cli.py            the list of commands; each module is imported when its command is asked for
publish.py        portal publish
check.py          portal check, fields, rotate
verify.py         portal verify
preview.py        portal preview, serve
sign_in.py        portal code, link
coupons.py        portal coupon …
print.py          portal letter, print
mail.py           portal mail
inbox.py          portal inbox …
statements.py     portal statement, export
member_lookup.py  members for commands that need no items
command_group.py  groups of commands, with all that --help says of each
site_secret.py    the site secret, and its comparison with the release in force
terminal.py       shared options, consoles, error messages
"""
