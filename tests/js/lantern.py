"""A small portal to drive in a browser: real theme scripts, plain pages with the hooks the scripts need."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from members_portal.portal.rendering.asset import bundle_worker, complete_worker
from members_portal.seal import Enrolment, SealReport, access_code
from tests.seal.small_site import Site

SCRIPTS = Path(__file__).parents[2] / "theme" / "static" / "js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; worker-src 'self'; manifest-src 'self'"
)
REASONS = (  # each has a text of its own
    "unknown revoked offline unreachable insecure unsupported damaged older missing signed-out working no-passkey "
    "replace full cleared"
).split()
MESSAGES = "".join(f'<template data-message="{key}">The message: {key}.</template>' for key in REASONS) + (
    '<template data-message="mistyped">'
    "There is a slip<span data-if-group> in group <b data-group></b></span>.</template>"
    '<template data-message="host">The message: host.<span data-if-group> (<b data-group></b>)</span></template>'
)
SIGN_IN = (
    '<form data-portal="sign-in" data-root="{root}" data-name="Lantern" method="dialog">'
    '<p data-portal="message" role="alert" hidden></p>'
    '<p data-portal="again" hidden><a href="">Try again</a> <button type="button">Use another code</button></p>'
    '<div data-portal="entry">'
    '<label>Access code <input name="code" type="password" autocomplete="current-password"></label>'
    '<button type="button" data-portal="show" aria-pressed="false">Show</button>'
    '<label><input type="checkbox" name="remember" checked> Remember this device</label>'
    '<p data-portal="passkey" hidden>'
    '<label><input type="checkbox" name="passkey" disabled> Lock it with a passkey</label></p>'
    '<button type="submit">Sign in</button>'
    '<p data-portal="unlock" hidden><button type="button">Open with your passkey</button></p></div></form>'
    '<template data-portal="passkeys"><script src="{root}theme/js/passkey.js?v=1"></script></template>' + MESSAGES
)
SIGN_IN_SCRIPTS = ("fragment", "seal", "code", "host", "ask", "start", "sign-in", "session-key")
SHEET = b"%PDF-1.4 " + hashlib.shake_256(b"sheet").digest(100_000)
IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'

PUBLISHED = "<p>As of <!--published:en-IE--></p>"
NOT_LOADED = (
    "<p><!--slot:missing-0123456789abcdef-->Missing.<!--/slot-->"
    "<!--slot:not-loaded-0123456789abcdef-->Not loaded.<!--/slot--></p>"
)
DAYS = (":2000-01-01", "2000-01-01:", "2000-01-01:2999-12-31", "2999-12-31:")


WRONG_DAY = (
    "<p><!--slot:wrong-day-0123456789abcdef-->It is <!--today:en-IE--> on this device, and the copy of "
    "<!--published:en-IE-->.<!--/slot--></p>"
)
STATED = PUBLISHED + WRONG_DAY
NEWS = "new away older damaged no-code".split()
NOTICE = (
    '<div data-portal="notice" role="status" tabindex="-1"><!--slot:news-0123456789abcdef--><!--/slot--></div>'
    + "".join(f'<template data-message="{key}"><p data-notice="{key}">The news: {key}.</p></template>' for key in NEWS)
    + '<template data-message="other">Another code. <button type="button">Open it</button></template>'
)


COMMON_SCRIPTS = ("ask", "session-key")


def page(title: str, body: str, root: str, *scripts: str) -> str:
    """Write a page."""
    loaded = "".join(
        f'<script src="{root}theme/js/{name}.js?v=1"{" defer" if name != "fragment" else ""}></script>'
        for name in scripts
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{root}theme/css/site.css?v=1">{loaded}</head>'
        f'<body data-root="{root}"><h1>{title}</h1>{body}</body></html>'
    )


def public_page(title: str, root: str, prefix: str) -> str:
    """Write a page with the sign-in form."""
    return page(title, SIGN_IN.format(root=prefix), root, *SIGN_IN_SCRIPTS)


def members_page(title: str, root: str, body: str = "") -> str:
    """Write a page of an edition."""
    leave = '<button data-portal="sign-out">Sign out</button>'
    return page(title, NOTICE + body + leave, root, "fragment", "ask", "members", "session-key")


def edition(name: str, prefix: str) -> dict[str, str | bytes]:
    """Write the files of an edition."""
    own = "<!--own:greeting--><em>Yours</em><!--/own--><!--own:other--><em>Another's</em><!--/own-->"
    counted = "".join(f"<u><!--days-until:{day}:en--></u>" for day in ("2026-11-24", "2026-11-20", "2026-12-24"))
    greeting = "<p><!--slot:greeting-->Welcome.<!--/slot--></p><p><!--slot:occasion--><!--/slot--></p>"
    earlier = "<p><!--slot:earlier-->Nothing earlier.<!--/slot--></p>"
    picture = '<img src="../../images/square.svg" alt="A square">'
    dated = "".join(f"<!--days:{days}--><i>{days} </i><!--/days-->" for days in DAYS)
    files: dict[str, str | bytes] = {
        "index.html": members_page(
            f"{name} home",
            "",
            greeting + own + dated + counted + STATED + '<a href="reports/beans/">Beans</a>',
        ),
        "404.html": members_page(f"Not in {name}", prefix, NOT_LOADED),
        "reports/beans/index.html": members_page(f"Beans for {name}", "../../", picture),
        "account/earlier/index.html": members_page("Earlier years", "../../", earlier),
        "images/square.svg": IMAGE,
        "sheets/beans.pdf": SHEET,
        "assets/colours.css": "h1 { color: teal }",
    }
    return {f"editions/{name}/{path}": content for path, content in files.items()}


class Lantern(Site):
    """A site that can also tell the codes of those who are not enrolled."""

    def secret_code(self, member: str) -> str:
        """Write the first access code of anybody."""
        return access_code(self.secret, member, 1)

    def publish(self) -> SealReport:
        """Write its scripts and the digests of the public files into the worker, and seal."""
        theme = {path: data for path, data in self.files.items() if path.startswith(("public/theme/", "public/404"))}
        encoded = {path: data if isinstance(data, bytes) else data.encode() for path, data in theme.items()}
        digests = {path.removeprefix("public/"): hashlib.sha256(data).hexdigest() for path, data in encoded.items()}
        script = encoded["public/theme/js/sw.js"].decode()
        bundle = bundle_worker(script, lambda path: encoded[f"public/{path}"].decode())
        others = [path.removeprefix("public/") for path in self.files if path.startswith("public/")]
        paths = [path for path in others if path not in digests and path != "sw.js"]
        self.files["public/sw.js"] = complete_worker(bundle, digests, self.secret.public_key.hex(), paths)
        return super().publish()


def lantern(folder: Path, prefix: str = "/") -> Lantern:
    """Prepare a portal of two editions and three members, not published yet."""
    slots = {
        "greeting": [{"html": "Good evening, $& Maya.", "from": None, "until": None}],
        "occasion": [
            {"html": "<!--slot:greeting-->not searched<!--/slot-->", "from": "2020-01-01", "until": None},
            {"html": "Long ago.", "from": None, "until": "2020-01-01"},
        ],
    }
    scripts = {f"public/theme/js/{path.name}": path.read_bytes() for path in SCRIPTS.glob("*.js")}
    files: dict[str, str | bytes] = {
        **scripts,
        "public/theme/css/site.css": "body { font: 1rem serif }" * 50,
        "public/index.html": public_page("Lantern", "", prefix),
        "public/404.html": public_page("For members", prefix, prefix),
        "public/imprint/index.html": page("Imprint", "<p>Open to all.</p>", "../", *COMMON_SCRIPTS),
        **edition("gold", prefix),
        **edition("silver", prefix),
        "editions/gold/offers/tasting/index.html": members_page("A tasting", "../../"),
        "members/M-1/slots.json": json.dumps(slots),
        "members/M-1/letter.txt": "Dear Maya",
        "members/M-1/slots/earlier.html": "In 2023, $& <b>beans</b>. <!--slot:greeting-->not searched<!--/slot-->",
    }
    roster = (Enrolment("M-1", "gold", 1), Enrolment("M-2", "silver", 1), Enrolment("M-3", "silver", 1))
    return Lantern(folder, files, roster)
