"""Stage 6: nothing leaves that isn't meant to, and everybody gets what they are owed.

The release is judged as an outsider and as every reader would see it: an allowlist of files, a search for members'
words in whatever is in clear, a signature, and sign-ins that decrypt every file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names

from plugins.loyalty.audience import PUBLIC
from plugins.loyalty.gate import may_see
from plugins.loyalty.programme import Programme
from plugins.portal.asset import asset_versions
from plugins.portal.generator import WORKER
from plugins.portal.inputs import Inputs
from plugins.portal.item import KINDS, Item
from plugins.publish.desk import Desk
from plugins.publish.entitlement import check_cards, check_editions, check_strays, owed_files
from plugins.publish.errors import Leak
from plugins.publish.plaintext import Watchlist, make_watchlist, readings
from plugins.seal import SealError, Secret, verify_release
from plugins.seal.access import access_code

MOST_SHOWN = 40  # findings a message lists

_SEALED = re.compile(r"_/(?:c/[0-9a-f]{32}/[0-9a-f]{4}|m/[0-9a-f]{32}/[0-7]|b/([0-9a-f]{2})/\1[0-9a-f]{30})")
_OWN_FILES = frozenset({"portal.json", "release.json", "release.json.sig"})


def check_release(release: Path, inputs: Inputs, secret: Secret, desk: Desk, settings: dict[str, Any]) -> None:
    """Raise Leak with everything that is wrong with a release."""
    findings: list[str] = []
    for check in (
        check_allowlist(release, inputs, desk, settings),
        check_plaintext(release, inputs, secret, desk, settings),
        check_signature(release, secret),
        check_editions(release, inputs, secret, desk.tree),
        check_cards(release, inputs, secret),
        check_strays(release, inputs, secret),
    ):
        try:
            findings.extend(check)
        except (SealError, OSError) as error:
            findings.append(str(error))
    if findings:
        more = [f"… and {len(findings) - MOST_SHOWN} more"] if len(findings) > MOST_SHOWN else []
        raise Leak(findings[:MOST_SHOWN] + more)


def check_signature(release: Path, secret: Secret) -> Iterator[str]:
    """Check that the release is signed by this site and holds what was signed."""
    verify_release(release, secret.public_key)
    yield from ()


def check_allowlist(release: Path, inputs: Inputs, desk: Desk, settings: dict[str, Any]) -> Iterator[str]:
    """Name every file that no rule lets into a release, every file in clear that isn't what was rendered, and gaps."""
    allowed = owed_files(inputs, PUBLIC) | theme_files(desk, settings)
    found = clear_files(release)
    for path in sorted(found - allowed):
        yield f"{path} has no place in a release"
    for path in sorted(allowed - found):
        yield f"{path} is missing from the release"
    for path in sorted(found & allowed):
        if (release / path).read_bytes() != (desk.tree / PUBLIC / path).read_bytes():
            yield f"{path} isn't what was rendered"


def theme_files(desk: Desk, settings: dict[str, Any]) -> frozenset[str]:
    """List the theme's files as they stand in a release."""
    static = asset_versions(desk.root / "theme" / "static").keys() - {WORKER}
    fonts = {f"theme/fonts/{name}.woff2" for name in settings["PORTAL_FONTS"]}
    return frozenset({f"theme/{path}" for path in static} | fonts)


def clear_files(release: Path) -> set[str]:
    """List what stands in a release beside the sealed files and its own three."""
    paths = {path.relative_to(release).as_posix() for path in release.rglob("*") if not path.is_dir()}
    return {path for path in paths if not _SEALED.fullmatch(path)} - _OWN_FILES


def check_plaintext(
    release: Path, inputs: Inputs, secret: Secret, desk: Desk, settings: dict[str, Any]
) -> Iterator[str]:
    """Search every file in clear for what only members may read."""
    watch = watchlist(inputs, secret, desk, settings)
    for path in sorted(clear_files(release) | _OWN_FILES):
        data = (release / path).read_bytes()
        found = watch.find(_path_words(path)).union(*(watch.find(text) for text in readings(data)))
        for what in sorted(found):
            yield f"{path} holds {what} in clear"


def _path_words(path: str) -> list[str]:
    return re.findall(r"[^\W_]+", path.casefold())


def watchlist(inputs: Inputs, secret: Secret, desk: Desk, settings: dict[str, Any]) -> Watchlist:
    """Derive what must not be found in clear from everything that isn't public on this date."""
    gated = [item for item in inputs.library.items.values() if not _is_public(item, inputs)]
    phrases = [*_item_phrases(gated), *_programme_phrases(inputs.programme), *_member_phrases(inputs, secret)]
    texts = [*_item_texts(gated, inputs), (inputs.programme.model_dump_json(), "a word of the programme")]
    return make_watchlist(phrases, texts, public_sources(inputs, desk, settings))


def _is_public(item: Item, inputs: Inputs) -> bool:
    return may_see(item.audience, item.window, PUBLIC, inputs.on)


def _item_phrases(items: list[Item]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item.front.title, f"the title of {item.path}"
        yield item.url, f"the address of {item.path}"
        yield item.slug, f"the name of {item.path}"
        yield item.front.summary, f"the summary of {item.path}"
        yield item.front.teaser or "", f"the teaser of {item.path}"


def _item_texts(items: list[Item], inputs: Inputs) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item.front.model_dump_json(), f"a word of {item.path}"
        yield inputs.library.documents[item.path].body, f"a word of {item.path}"


def _programme_phrases(programme: Programme) -> Iterator[tuple[str, str]]:
    for tier in programme.tiers:
        yield tier.name, f"the tier {tier.key}"
        for line in (tier.summary, *tier.standards, *tier.benefits):
            yield line, f"a line about the tier {tier.key}"
    for manager in programme.account_managers:
        for text in (manager.name, manager.phone, manager.email):
            yield text, f"the account manager {manager.key}"


def _member_phrases(inputs: Inputs, secret: Secret) -> Iterator[tuple[str, str]]:
    """Name members by id in findings: a finding is printed, and a name would be a leak of its own."""
    for member in inputs.members:
        what = f"something about member {member.id}"
        code = access_code(secret, member.id, member.code_version)
        lines = member.address.lines if member.address else ()
        for text in (member.id, member.full_name, member.formal_name, member.email, member.phone, *lines):
            yield text or "", what
        yield code, f"the access code of member {member.id}"
        yield code.replace("-", ""), f"the access code of member {member.id}"


def public_sources(inputs: Inputs, desk: Desk, settings: dict[str, Any]) -> list[str]:
    """Collect the texts that were written for everybody."""
    theme = [*(desk.root / "theme").rglob("*.html"), *(desk.root / "theme" / "static").rglob("*")]
    files = [path.read_text("utf-8", "replace") for path in theme if path.is_file()]
    items = [item for item in inputs.library.items.values() if _is_public(item, inputs)]
    written = [item.front.model_dump_json() for item in items] + [item.url for item in items]
    bodies = [inputs.library.documents[item.path].body for item in items]
    names = [f"{kind.title} {kind.label} {kind.url}" for kind in KINDS]
    site = [repr(settings["PORTAL_SITE"]), settings["SITENAME"], settings["SITEURL"], inputs.programme.name]
    return [*files, *written, *bodies, *names, *site, *_calendar(settings["DEFAULT_LANG"]), *_FORMAT_WORDS]


def _calendar(language: str) -> list[str]:
    locale = language.replace("-", "_")
    months = [get_month_names("wide", locale=locale), get_month_names("abbreviated", locale=locale)]
    days = [get_day_names("wide", locale=locale), get_day_names("abbreviated", locale=locale)]
    return [str(name) for names in (*months, *days) for name in names.values()]


_FORMAT_WORDS = ("portal release format container site publish sequence date bucket bits manifest slots files",)
