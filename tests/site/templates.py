"""One address for each template of the theme, and the devices for tests of pages."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import ViewportSize

from tests.js.reader import Reader
from tests.site.sample import Sample

Scheme = Literal["light", "dark"]

LISTS = ("promise/", "announcements/", "offers/", "reports/", "events/", "newsletters/", "you-said-we-did/")
PUBLIC = {
    "landing": "",
    "shell": "offers/",
    "public list": "promise/",
    "public promise": "promise/a-person-answers/",
    "public page": "join/",
    "public announcement": "announcements/friday-evenings-on-the-ropewalk/",
}
PHONE, DESKTOP = ViewportSize(width=375, height=812), ViewportSize(width=1280, height=900)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DEVICES = [(scheme, size) for scheme in SCHEMES for size in (PHONE, DESKTOP)]


def members_pages(portal: Sample, member: str) -> dict[str, str]:
    """Return one address of a member's edition for each template: every list, and its last item by name."""
    pages = {"home": "", "tiers": "tiers/", "tier": "tiers/gold/", "account": "account/", "page": "how-it-works/"}
    addresses = sorted(portal.addresses(member))
    for folder in LISTS:
        found = [address for address in addresses if address.startswith(folder)]
        pages |= {f"list of {folder}": found[0], f"one of {folder}": found[-1]}
    assert set(pages.values()) <= set(addresses)
    return pages | {"not found": "no/such/page/"}


def use(reader: Reader, scheme: Scheme, size: ViewportSize) -> None:
    """Change the colour scheme and the size of a reader's window."""
    reader.page.emulate_media(color_scheme=scheme)
    reader.page.set_viewport_size(size)
