"""The site secret, the keys derived from it, and access codes.

secret.py       where the site secret is kept
keys.py         every derived key
binding.py      texts bound into one unambiguous byte string
code_format.py  access codes as typed: characters, check characters, groups
access_code.py  a member's access code and sign-in address
"""
