"""The e-mail edition: messages and their delivery.

prose.py           an article reduced to the elements that every mail client shows
plain_text.py      the same article as plain text
mail_templates.py  the theme's mail templates, rendered
message.py         one message
smtp_server.py     the SMTP server's settings and the connection
delivery.py        delivery over SMTP, each message at most once
sent_log.py        the log of sent messages
mail_error.py      the errors of this package
"""
