"""Newsletters on paper and by e-mail: issues, letters, and the run for the printer.

It knows records only: whoever fills them (plugins.publish) has asked the gate who may see what. layout.py is the one
place where WeasyPrint is called.

What it is made from
    issue.py         an issue as one edition has it, and the sheet that makes it a member's letter
    recipients.py    who gets it in the portal, who on paper, and why the others don't
    window.py        where envelopes show the address, and where the sheet is folded
    address.py       addresses in the form of their country, set into a window
    stationery.py    the theme's templates, filled, with what is personal left open as values

Laying out
    fetcher.py       the only way from a document to a file
    layout.py        HTML in, laid-out pages and a tagged PDF out
    workshop.py      from issues and sheets to kits and orders, what is laid out once kept in
    cache.py         by a hash of all it depends on

Sheets
    master.py        sides laid out once, their values open
    typesetter.py    a line of text set as WeasyPrint would      qr.py   a QR code as rectangles
    compositor.py    members' words and codes set into a master's sides
    kit.py           all that a worker needs for that
    executor.py      where batches are made: processes, or       cluster.py   a Dask cluster
    sheets.py        batches of sheets: composed, or laid out the full way

PDFs for members
    binding.py       a sheet and an edition's pages as one tagged PDF
    reading.py       the PDF of each edition, and each member's letter

The run for the printer
    ink.py           what a press lays on paper for a colour     painting.py   the operators that choose one
    colour.py        a PDF's colours, pictures and gradients in CMYK
    volume.py        a file written object by object             pdfx.py       the marks of PDF/X-4
    press_file.py    all letters in one file
    postage.py       what a letter weighs
    print_run.py     the run, in the order of posting            manifest.py   a row for each letter
    trim.py, typeface.py, trace.py, inventory.py, view.py        what a printed page shows, where, and in which inks
    marks.py, qr_reading.py, verifier.py, finding.py             checks, and what they find
    preflight.py     all of them, on the file as the printer gets it
    summary.py       the page that somebody signs

E-mail
    prose.py            an article as what every mail client shows     plain_text.py   the same as plain text
    mail_stationery.py  the theme's mail templates, filled             mail.py         a message
    mail_server.py      the server's settings, and the line to it
    post_office.py      messages sent, each at most once, as           sent_log.py     remembers

error.py and mail_error.py say what can go wrong.
"""
