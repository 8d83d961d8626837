"""Newsletters on paper and by e-mail: issues, letters, and the run for the printer.

It knows records only: whoever fills them (plugins.publish) has asked the gate who may see what. layout.py is the one
place where WeasyPrint is called.

From records to pages
    issue.py         an issue as one edition has it, and the sheet that makes it a member's letter
    stationery.py    the theme's templates, filled, with what is personal left open as values
    fetcher.py       the only way from a document to a file
    layout.py        HTML in, laid-out pages and a tagged PDF out
    executor.py      where batches are made: processes, or       cluster.py   a Dask cluster
    cache.py         what is made is kept, by a hash of all it depends on
    error.py         what can go wrong

post/                who gets a letter, and where
    recipients.py    who gets it in the portal, who on paper, and why the others don't
    window.py        where envelopes show the address, and where the sheet is folded
    address.py       addresses in the form of their country, set into a window

letter/              sheets and letters
    workshop.py      from issues and sheets to layouts, kits and orders
    master.py        sides laid out once, their values open
    typesetter.py    a line of text set as WeasyPrint would      qr.py        a QR code as rectangles
    compositor.py    members' words and codes set into a master's sides
    kit.py           all that a worker needs for that
    sheets.py        batches of sheets: composed, or laid out the full way
    volume.py        a PDF file written object by object
    binding.py       a sheet and an edition's pages as one tagged PDF
    reading.py       the PDF of each edition, and each member's letter

press/               the run for the printer
    ink.py           what a press lays on paper for a colour     painting.py  the operators that choose one
    colour.py        a PDF's colours, pictures and gradients in CMYK
    pdfx.py          the marks of PDF/X-4                        press_file.py  all letters in one file
    postage.py       what a letter weighs                        manifest.py  a row for each letter
    print_run.py     the run, in the order of posting            summary.py   the page that somebody signs

preflight/           the run looked at once more, as the printer gets it
    trim.py, typeface.py, trace.py, inventory.py, view.py        what a printed page shows, where, and in which inks
    marks.py, qr_reading.py, verifier.py, finding.py             checks, and what they find
    inspection.py    all of them

mail/                the e-mail edition
    prose.py         an article as what every mail client shows  plain_text.py  the same as plain text
    stationery.py    the theme's mail templates, filled          message.py   a message
    server.py        the server's settings, and the line to it   error.py     what can go wrong
    post_office.py   messages sent, each at most once, as        sent_log.py  remembers
"""
