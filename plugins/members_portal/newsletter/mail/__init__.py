"""The e-mail edition: messages and their delivery.

prose.py           an article reduced to the elements that every mail client shows
plain_text.py      the same article as plain text
wide_table.py      tables that are too wide for a phone
salutation.py      the salutation at the beginning of the letter
mail_templates.py  the theme's mail templates, rendered
sender.py          the sender, from the settings
message.py         one message
smtp_server.py     the SMTP server's settings and the connection
sending_limits.py  pace, rounds and timeout of a delivery
delivery.py        delivery over SMTP, each message at most once
transmission.py    a message as it is transmitted
sent_log.py        the log of sent messages
mail_error.py      the errors of this package
"""
