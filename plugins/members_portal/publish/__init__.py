"""Turn members/ and content/ into a release that a static host can serve.

Seven stages; each has one name in the code, the log and the docs:

    1 load      fingerprint the inputs, detect changes                 fingerprint.py
    2 validate  check all inputs, report all problems together       validation.py, members_portal.portal.inputs
    3 render    one Pelican run for all editions                     pelican_run.py
    4 letters   newsletters and letters as PDF                       issue/portal_pdfs.py
    5 seal      editions and roster into a release                   members_portal.seal
    6 gate      refuse a release that leaks                          gate/release_check.py
    7 flip      put the release in force                             releases.py

    command/             the command `portal`: options, output, progress, Ctrl-C
    console/             progress, and Ctrl-C
    gate/                the checks of stage 6
    tripwire/            the comparison with the release in force, for lost members and ledger lines
    live/                a release as its web server answers, for `portal verify`
    live_reload/         the preview's server: pages reload after each publish, and show the problems of a failed one
    reuse/               work of earlier publishes: the sealed work pack, and compiled templates
    till/                coupon data of the till, and its list of redemptions
    member_pass/         members' cards for the wallets of phones
    answers/             the way back from members
    issue/               PDFs, print run and e-mail of a newsletter issue

    context.py           paths, dates and environment of one publish
    site_day.py          TIMEZONE, PORTAL_TODAY and PORTAL_PUBLIC_KEY, read without running the settings
    releases.py          release folders, and `output`, the link to the one in force
    fingerprint.py       change detection: keyed digests of inputs and tree
    lock.py              one publish at a time
    rotation.py          new keys for all sealed files
    statement_export.py  statements as JSON and as a CSV table for mail merge
    pipeline.py          the order of the stages, and stage 1
    validation.py        stage 2
    stages.py            stages 2 to 7
    static_server.py     a small static web server for `portal serve` and the preview
    publish_error.py     the errors of a publish
    fault_place.py       the place of an error in a template or a settings file
    exit_code.py         the exit codes of the command
"""
