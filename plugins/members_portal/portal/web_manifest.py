"""The web app manifest (W3C): name, colours and icons with which a phone puts the portal on its home screen."""

import json
from collections.abc import Mapping

from members_portal.portal.site_settings import SiteSettings

MANIFEST = "manifest.webmanifest"
ICONS = {"icons/icon-192.png": "192x192", "icons/icon-512.png": "512x512"}
PAPER_COLOUR, COVER_COLOUR = "#f6f0e4", "#12363f"  # of tokens.css


def web_manifest(site: SiteSettings, versions: Mapping[str, str]) -> bytes:
    """Return the manifest, a file in theme/; `versions` are those of the theme's files."""
    icons = [
        {"src": f"{path}?v={versions[path]}", "sizes": size, "type": "image/png", "purpose": purpose}
        for path, size in ICONS.items()
        if path in versions
        for purpose in ("any", "maskable")
    ]
    manifest = {
        "name": site.name,
        "short_name": site.name,
        "lang": site.language,
        "id": "../",
        "start_url": "../",
        "scope": "../",
        "display": "standalone",
        "background_color": PAPER_COLOUR,
        "theme_color": COVER_COLOUR,
        "icons": icons,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()
