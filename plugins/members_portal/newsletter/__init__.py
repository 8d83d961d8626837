"""Newsletters on paper and by e-mail: issues, letters, print run.

The input is plain records, filled by members_portal.publish, which also checks visibility. layout.py is the only module
that calls WeasyPrint.

    issue.py            the records: an issue of one edition, and a member's sheet
    print_templates.py  the theme's print templates, rendered with open values
    glyph_coverage.py   the characters that no font can print
    combining_marks.py  words with marks that the theme's typefaces misplace
    web_address.py      addresses, divided without a hyphen
    fetcher.py          the resources that a document may load
    layout.py           HTML in, laid-out pages and a tagged PDF out
    layout_check.py     checks of laid-out pages: margins, and text that is printed twice
    cache.py            results by a hash of all their inputs
    print_error.py      the errors of this package

    letter/     sheets and letters as PDF
    post/       recipients, postal addresses, address windows
    press/      the print run for the printer: inks, PDF/X-4, manifest, postage
    preflight/  checks of the finished print run
    mail/       the e-mail edition
"""
