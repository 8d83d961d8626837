"""The e-mail edition: messages, and the server that sends them.

prose.py           an article as the few elements that every mail client shows
plain_text.py      the same as plain text
mail_templates.py  the theme's mail templates, filled
message.py         one message
smtp_server.py     the server's settings, and the connection
delivery.py        messages sent, each at most once
sent_log.py        which messages were sent
mail_error.py      the errors of this package
"""
