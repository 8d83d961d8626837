"""Newsletters on paper and by e-mail: issues, letters, print run.

This package knows records only: members_portal.publish fills them and has asked who may see what. layout.py is the only
module that calls WeasyPrint.

    issue.py            an issue as one edition has it, and the sheet that makes it a member's letter
    print_templates.py  the theme's print templates, filled; personal values stay open
    fetcher.py          the only way from a document to a file
    layout.py           HTML in, laid-out pages and a tagged PDF out
    executor.py         batches made by processes of this machine, or by
    cluster.py          a Dask cluster
    cache.py            results kept by a hash of everything they depend on
    print_error.py      the errors of this package

    letter/     sheets and letters as PDF
    post/       who gets a letter, postal addresses, address windows
    press/      the print run for the printer: inks, PDF/X-4, manifest, postage
    preflight/  checks of the finished print run
    mail/       the e-mail edition
"""
