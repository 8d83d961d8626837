"""A project with script payloads in all texts: members, items, programme."""

from __future__ import annotations

import json
from pathlib import Path

from members_portal.loyalty.input.schema import LINK_SIGNS
from tests.site.payloads import VECTORS, Payloads

TIERS = ("member", "gold")
COMMON = ("Title", "Summary", "Image alt")
KINDS = {  # folder: the keys with free text, and the other keys
    "promise": (("Measure", "Target"), "Publish: 2026-11-01"),
    "reports": ((), "Publish: 2026-11-01"),
    "announcements": ((), "Publish: 2026-11-01"),
    "offers": (("Value", "Terms", "Redeem"), "Publish: 2026-11-01\nType: gift\nStarts: 2026-11-01\nEnds: 2026-12-31"),
    "events": (("Place",), "Publish: 2026-11-01\nStarts: 2026-12-05 18:30\nEnds: 2026-12-05 21:00"),
    "newsletters": ((), "Publish: 2026-11-01\nNumber: {number}"),
    "feedback": (("Said",), "Publish: 2026-11-01\nState: done"),
    "pages": ((), "Menu: main"),
}
MEMBERS = 24


def write_hostile(folder: Path) -> Payloads:
    """Replace the content and members of a project by hostile ones."""
    payloads = Payloads()
    for file in (folder / "content").rglob("*.md"):
        file.unlink()
    for number in range(len(VECTORS)):
        kind = list(KINDS)[number % len(KINDS)]
        (folder / f"content/{kind}/item-{number}.md").write_text(item(kind, number, payloads), "utf-8")
    (folder / "members/programme.yaml").write_text(json.dumps(programme(payloads), ensure_ascii=False), "utf-8")
    (folder / "members/ledger.csv").unlink()  # it names other members
    members = [member(number, payloads) for number in range(MEMBERS)]
    (folder / "members/members.yaml").write_text(json.dumps(members, ensure_ascii=False), "utf-8")
    return payloads


def item(kind: str, number: int, payloads: Payloads) -> str:
    """Return an item with payloads in all texts; every third item has a teaser."""
    words, rest = KINDS[kind]
    texts = {key: payloads.next() for key in (*COMMON, *words)}
    texts |= {"Teaser": payloads.next(), "Audience": "gold"} if number % 3 == 0 else {"Audience": "members"}
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()]
    if kind == "promise":
        result = {"Period": payloads.next(), "Value": payloads.next(), "Kept": "true", "Note": payloads.next()}
        lines.append(f"Results: [{json.dumps(result, ensure_ascii=False)}]")
    if kind == "newsletters":
        chart = {"title": payloads.next(), "note": payloads.next(), "unit": payloads.next()}
        bars = [{"label": "A", "value": "1"}, {"label": "B", "value": "2"}]
        lines.append(f"Charts: [{json.dumps({**chart, 'values': bars}, ensure_ascii=False)}]")
        lines.append(f"Sections: [{json.dumps({'kind': 'reports', 'title': payloads.next()}, ensure_ascii=False)}]")
    if kind == "announcements":
        first = {"until": "2026-12-24", "text": payloads.next()}
        lines.append(f"First option: {json.dumps(first, ensure_ascii=False)}")
    if kind == "events":
        lines.append(f"Reply to: {json.dumps(email(payloads), ensure_ascii=False)}")
    lines += ["Image: images/kettle-pour.svg", rest.format(number=number + 1)]
    return "\n".join(["---", *lines, "---", "The body is the editor's own.", ""])


def email(payloads: Payloads, host: str = "x.example") -> str:
    """Return an e-mail address with what its form allows of a payload."""
    allowed = (sign for sign in payloads.next(words=False) if sign.isprintable() and sign not in LINK_SIGNS | set("@ "))
    return f"{''.join(allowed)}@{host}"


def programme(payloads: Payloads) -> dict[str, object]:
    """Return a programme of two tiers."""
    text = payloads.next
    tier = {"colour": "#7a5532", "colour dark": "#cfa679"}
    manager = {"key": "ines", "name": text(), "role": text(), "phone": text(), "hours": text()}
    return {
        "name": text(),
        "tiers": [
            {"key": key, "name": text(), "summary": text(), "standards": [text()], "benefits": [text()], **tier}
            for key in TIERS
        ],
        "staff": {"name": text(), "summary": text()},
        "interests": {"espresso": text()},
        "account managers": [{**manager, "email": email(payloads), "photo": "images/lantern.svg"}],
        "channels": {"post": text(), "email": text()},
    }


def member(number: int, payloads: Payloads) -> dict[str, object]:
    """Return a member with payloads in all texts."""
    text = payloads.next
    return {
        "id": f"M-{number}",
        "given name": text(),
        "family name": text(),
        "formal name": text(),
        "salutation": ("first-name", "formal")[number % 2],
        "email": email(payloads, f"{number}.example"),
        "phone": text(),
        "joined": "2020-01-01",
        "tier": TIERS[number % 2],
        "key customer": "true",
        "account manager": "ines",
        "interests": ["espresso"],
        "address": {"lines": [text()], "city": text(), "country": "IE"},
        "consent": {"post": "true"},
    }
