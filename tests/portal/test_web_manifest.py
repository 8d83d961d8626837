"""The web app manifest."""

from __future__ import annotations

import json

from PIL import Image

from members_portal.portal.rendering.asset import asset_versions, published_assets
from members_portal.portal.web_manifest import ICONS, web_manifest
from tests.js.lantern import SCRIPTS
from tests.portal.small_portal import SITE_SETTINGS

STATIC = SCRIPTS.parent


def test_a_phone_finds_name_start_and_icons() -> None:
    versions = asset_versions(published_assets(STATIC))
    manifest = json.loads(web_manifest(SITE_SETTINGS, versions))
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == (SITE_SETTINGS.name, "../", "standalone")
    files = {(icon["src"].split("?")[0], icon["sizes"]) for icon in manifest["icons"]}
    assert files == set(ICONS.items())
    for path, sizes in files:
        with Image.open(STATIC / path) as icon:
            assert f"{icon.width}x{icon.height}" == sizes


def test_a_theme_without_the_icons_has_none() -> None:
    assert json.loads(web_manifest(SITE_SETTINGS, {}))["icons"] == []
