"""pass.json of an Apple Wallet pass: a store card (Apple, Wallet Passes, "Pass").

There is no `webServiceURL`, since there is no server, and no `userInfo`.
"""

from __future__ import annotations

import json
from typing import Any

from members_portal.wallet_pass.apple_identity import ApplePassType
from members_portal.wallet_pass.pass_content import PassContent, PassSite

CARD_JSON = "pass.json"
BARCODES = ("PKBarcodeFormatCode128", "PKBarcodeFormatQR")  # a device shows the first that it knows

CardField = dict[str, Any]


def pass_json(content: PassContent, site: PassSite, pass_type: ApplePassType) -> bytes:
    """Return pass.json of one card."""
    barcode = {"message": content.number, "messageEncoding": "iso-8859-1", "altText": content.number}
    fields = {
        "formatVersion": 1,
        "passTypeIdentifier": pass_type.identifier,
        "teamIdentifier": pass_type.team,
        "serialNumber": content.serial,
        "organizationName": site.organisation,
        "description": site.name,
        "logoText": site.name,
        "sharingProhibited": True,
        "backgroundColor": css_colour(content.colour),
        "foregroundColor": css_colour(content.ink),
        "labelColor": css_colour(content.ink),
        "barcodes": [{"format": name, **barcode} for name in BARCODES],
        "storeCard": _store_card(content, site),
    }
    return json.dumps(fields, ensure_ascii=False).encode()


def css_colour(colour: str) -> str:
    """Return a colour `#rrggbb` in the only form that passes know: `rgb(…, …, …)`."""
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour.removeprefix('#')))})"


def as_of_of(earlier: bytes) -> str:
    """Return the day on an earlier pass.json, as it is written there; raise ValueError without one."""
    try:
        fields = json.loads(earlier)["storeCard"]["auxiliaryFields"]
        return next(str(field["value"]) for field in fields if field["key"] == "as-of")
    except (KeyError, TypeError, StopIteration) as error:
        raise ValueError("no day on this pass") from error


def _store_card(content: PassContent, site: PassSite) -> dict[str, list[CardField]]:
    labels = site.labels
    points = [] if content.points is None else [_field("points", site.points_name, content.points)]
    dates = (
        ("since", labels.since, content.since),
        ("until", labels.until, content.until),
        ("as-of", labels.as_of, content.as_of),
    )
    back = (
        ("number", labels.number, content.number),
        ("hotline", labels.hotline, site.hotline),
        ("portal", labels.portal, site.portal),
        ("update", labels.update, labels.update_text),
    )
    return {
        "headerFields": [{**field, "numberStyle": "PKNumberStyleDecimal"} for field in points],
        "primaryFields": [_field("member", labels.member, content.name)],
        "secondaryFields": [_field("tier", labels.tier, content.tier)] if content.tier else [],
        "auxiliaryFields": [_field(*each) for each in dates if each[2]],
        "backFields": [_field(*each) for each in back if each[2]],
    }


def _field(key: str, label: str, value: str | int) -> CardField:
    return {"key": key, "label": label, "value": value}
