"""Pelican plugin: one edition of the site per tier, in one run.

Settings it reads (all in pelicanconf.py): `PORTAL_MEMBERS` the members folder, `PORTAL_SITE` the block that names the
company, `PORTAL_FONTS`, `PORTAL_TODAY` (the day to render for, ISO 8601; default: the machine's), `PORTAL_CACHE`
(default: `cache` beside the output); of Pelican's own `PATH`, `MARKDOWN`,
`DEFAULT_LANG`, `SITENAME`, `SITEURL`, `THEME`. The press hands over what it has read in `PORTAL_INPUTS`, and what
it alone can derive: `PORTAL_COUPONS`, a function from the names of an offer and a member to the member's coupon code
(empty where there is none), and `PORTAL_TILL`, the data of the till, a page of the staff edition. Without these two no
page holds a code, and there is no till. `PORTAL_PDF` names the newsletters (by slug) that there will be PDFs of beside
their pages, `PORTAL_LETTERS` by slug the ids of the members who will have their own letter in `letters/`: pages link
to these files, and whoever sets them puts them there.
The output folder then holds `public/`, `editions/<name>/` and `members/<id>/`, all in clear: it is private, and only a
sealed release of it may be published.

    content/             markdown files to items
    rendering/           items to the pages of an edition and the slots of a member
    generator.py         the Pelican generator that writes all three folders
    inputs.py            everything a run reads, loaded and checked together
    newsletter_check.py  every issue of the newsletter can be put together
    personal_data.py     what becomes of each field of a member
"""

from typing import Any

from pelican import signals

from members_portal.portal.generator import EditionsGenerator, refuse_unsafe_settings


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(refuse_unsafe_settings)
    signals.get_generators.connect(get_generators)


def get_generators(_pelican: Any) -> type[EditionsGenerator]:
    """Hand Pelican the generator of editions."""
    return EditionsGenerator
