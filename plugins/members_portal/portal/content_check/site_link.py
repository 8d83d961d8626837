"""Site links: whole addresses in a text that lead to the portal itself."""

import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape

from members_portal.portal.content.attachment import FIXED_ADDRESSES
from members_portal.portal.content.library import Library
from members_portal.portal.content.markdown_files import address
from members_portal.portal.site_address import path_on_site

_HREF = re.compile(r'<a (?:[^>]* )?href="(https?://[^"]*)"', re.IGNORECASE)
CHECKED = frozenset({"account", "tiers"})  # of the folders that the product writes, those that texts may link


class SiteLinks:
    """The links of texts with the address of the site, `base`; without a base, none."""

    def __init__(self, library: Library, base: str) -> None:
        self.library, self.base = library, base

    @cached_property
    def _pages(self) -> dict[str, str]:
        return {f"/{address(path)}": path for path in self.library.documents}

    def find(self, html: str) -> Iterator[tuple[str, str]]:
        """Yield content path or `/address/` of each link of a text, and the link as written. Files are left out."""
        for link in dict.fromkeys(map(unescape, _HREF.findall(html))) if self.base else ():
            path = path_on_site(link, self.base) or ""
            is_page = path.endswith(("/", ".md")) and path.split("/")[1] not in FIXED_ADDRESSES - CHECKED
            if is_page:
                yield self._pages.get(path, path), link
