"""Pelican plugin: renders the editions of all tiers in one run.

Settings, in pelicanconf.py: see `site_settings.py`; also `PORTAL_MEMBERS`, the members folder, `PORTAL_CACHE` (default:
`cache` beside the output), and Pelican's `PATH`. A publish passes more settings:

- `PORTAL_INPUTS`: the inputs it has read. Without it, the plugin reads them.
- `PORTAL_WORK`: the work record, so that unchanged pages are kept. Without it, every page is rendered.
- `PORTAL_COUPONS`: a function from the slug of an offer and a member's id to the coupon code and its earlier versions.
- `PORTAL_PUBLIC_KEY`: the site's public key (hex), for the service worker. By default it takes that of the card.
- `PORTAL_TILL`: the data of the till, a page of the staff edition. Without it there is no till.
- `PORTAL_PDF_ISSUES`: the slugs of the newsletters that have PDFs beside their pages.
- `PORTAL_LETTERS`: per newsletter slug, the ids of the members with a PDF in their `letters/`. Pages only link to
  these PDFs; the publish writes them.
- `PORTAL_ANSWER_SOURCE`: the public key for answers, and the answer key of each member. Without it forms can't be sent.
- `PORTAL_PASS_SOURCE`: the links of each member to cards for the wallets of phones. Without it there are none.

The output folder holds `public/`, `editions/<name>/` and `members/<id>/`, all unencrypted. It is private; only a sealed
release of it may be published.

    content/             markdown files to items
    picture/             pictures in several widths and formats
    text/                headings and summaries of texts
    content_check/       the checks of links, files and newsletters
    desk/                the desk of the staff
    answering/           forms on pages, and answers
    desk/                the desk of the staff: sheets of members and lists
    rendering/           items to the pages of an edition and the slots of a member
    template_code.py     the code of templates: Jinja's output for less work
    generator.py         the Pelican generator that writes all three folders
    setting_reader.py    reads single settings by type; problems with file and line
    site_settings.py     the site's settings, checked and typed
    site_address.py      the form of a site's address, and its host
    shared_origin.py     hosts whose sites share an origin
    inputs.py            all inputs of a run, loaded and checked together
    event_calendar.py    events for the calendars of members' devices
    web_manifest.py      name, colours and icons for the home screen of a phone
    personal_data.py     the use of each field of a member
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from members_portal.portal.generator import EditionsGenerator


def register() -> None:
    """Connect to Pelican. Both are imported here: a publish with nothing changed imports neither."""
    from pelican import signals

    from members_portal.portal.generator import refuse_unsafe_settings

    signals.initialized.connect(refuse_unsafe_settings)
    signals.get_generators.connect(get_generators)


def get_generators(_pelican: Any) -> "type[EditionsGenerator]":
    """Return the generator class of the editions."""
    from members_portal.portal.generator import EditionsGenerator

    return EditionsGenerator
