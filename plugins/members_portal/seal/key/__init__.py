"""The site secret, the keys derived from it, and access codes.

secret.py       the site secret and every key derived from it
secret_file.py  load or make the site secret: environment variable, private file
keys.py         the derivation D, and the keys derived from an access code or a file key
binding.py      join text parts into one unambiguous byte string
code_format.py  access codes as text: characters, check characters, groups
access_code.py  a member's access code and sign-in address
"""
