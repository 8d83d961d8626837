"""The press: from members/ and content/ to a release that a static host can serve.

Seven stages, each a function of that name in press.py, a log line, and a heading in the README:

    1 load      read the inputs, see whether anything changed        fingerprint.py
    2 validate  check everything, report all problems together       plugins.portal.inputs
    3 render    one Pelican run for all editions                     render.py
    4 letters   newsletters and letters as PDF                       letters.py
    5 seal      editions and roster into a release                   plugins.seal
    6 gate      refuse a release that leaks                          gate.py and, for it, entitlement.py, watch.py,
                                                                     plaintext.py, readings.py
    7 flip      make it the one that `output` names                  shelf.py

What newsletters are made from, issues.py takes from the portal: for each edition what its issue has in it, for each
member the sheet of their letter, all as of the issue's day. bureau.py brings an issue, its readers and those who get it
by post together, with the settings that print_settings.py has checked (pango.py says whether PDFs can be made at all).
letters.py writes the PDFs of a release and takes over, by previous.py, those that the release in force has already;
print_room.py writes one member's letter and the run for the printer, mailbag.py the
e-mails. plugins.newsletter does the work and knows nothing of the portal.

COUPON.md says what coupon codes are: coupon.py makes and reads them, redemption.py judges their uses, till.py hands
both to the portal, booking.py brings a till's list into the ledger.

statements.py has what the terminal, an export and a letter say of where a member stands.

The command `portal` is cli.py, with print_commands.py, mail_commands.py, statement_commands.py and coupon_commands.py;
desk.py settles its places and moments, zone.py which day it is; terminal.py and progress.py have what is said.
errors.py says how it can end, interrupt.py has Ctrl-C end it, lock.py lets one publish run at a time, rotation.py
re-keys everything. `portal preview` is preview.py, which serves a release with server.py.
"""
