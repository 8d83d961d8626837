"""From members/ and content/ to a release that a static host can serve.

Seven stages, each steps of pipeline.py and stages.py, a log line, and a heading in the docs:

    1 load      read the inputs, see whether anything changed        fingerprint.py
    2 validate  check everything, report all problems together       members_portal.portal.inputs
    3 render    one Pelican run for all editions                     pelican_run.py
    4 letters   newsletters and letters as PDF                       issue/portal_pdfs.py
    5 seal      editions and roster into a release                   members_portal.seal
    6 gate      refuse a release that leaks                          gate/release_check.py
    7 flip      put the release in force                             releases.py

    command/             the command `portal`: options, output, progress, Ctrl-C
    gate/                the checks of stage 6
    issue/               an issue of the newsletter to PDFs, print run and e-mail

    context.py           places, date and settings of one publish
    stated_settings.py   TIMEZONE and PORTAL_TODAY, read without running the settings
    releases.py          release folders, and `output`, the link to the one in force
    fingerprint.py       whether anything changed since that release
    lock.py              one publish at a time
    rotation.py          re-key everything
    till.py              coupon data for the till page and for members' pages
    till_list.py         a till's list of redemptions to ledger lines
    statement_export.py  statements as text, JSON and mail-merge table
    pipeline.py          the order of the stages, and stage 1
    stages.py            stages 2 to 7
    static_server.py     a small static host, for the preview
    publish_error.py     errors and exit codes
"""
