"""Headers that change what a browser makes of an answer. Other headers are not examined."""

import re
from collections.abc import Iterator
from email.message import Message
from posixpath import splitext

SCRIPT_TYPES = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})
SERVED_AS = {".html": frozenset({"text/html"}), ".css": frozenset({"text/css"}), ".js": SCRIPT_TYPES}
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
NO_TYPE = "no type"
LOADING = ("script-src", "script-src-elem", "style-src", "style-src-elem", "img-src", "font-src", "connect-src")
OWN_FILES = frozenset({"'self'", "*", "https:"})  # sources of a policy that include the portal's own files

_STYLESHEET = re.compile(r"rel\s*=[^;,]*stylesheet", re.IGNORECASE)


def suffix_of(path: str) -> str:
    """Return the suffix of a file; an address of a folder answers with a page."""
    return ".html" if path.endswith("/") else splitext(path)[1]


def header_fault(headers: Message) -> str:
    """Return the fault of the headers of any answer, also a redirect; an empty text without one."""
    if headers.defects or headers.get_payload() or any("\n" in str(value) for value in headers.values()):
        return "has headers that browsers read in different ways"
    if "Clear-Site-Data" in headers:
        return "is served with the header Clear-Site-Data, which signs members out"
    if "Refresh" in headers:
        return "is served with the header Refresh, which opens another page"
    return ""


def file_fault(path: str, headers: Message) -> str:
    """Return the fault of the headers of a file; an empty text without one."""
    return next(_file_faults(path, headers), "")


def _file_faults(path: str, headers: Message) -> Iterator[str]:
    if encodings := {value.strip().lower() for value in headers.get_all("Content-Encoding", ())} - {"identity", ""}:
        yield f"is served with Content-Encoding {min(encodings):.60}, which was not asked for"
    expected = SERVED_AS.get(suffix_of(path))
    yield from _type_faults(expected, headers)
    if expected is None:
        return
    if suffix_of(path) == ".html" and headers.get("Content-Disposition", "inline").strip().lower() != "inline":
        yield "is served with the header Content-Disposition, which downloads the page"
    if any(_STYLESHEET.search(value) for value in headers.get_all("Link", ())):
        yield "is served with the header Link, which loads a style"
    for directive in filter(None, map(_obstructive, headers.get_all("Content-Security-Policy", ()))):
        yield f"is served with a Content-Security-Policy whose {directive} stops the portal's own files"


def _type_faults(expected: frozenset[str] | None, headers: Message) -> Iterator[str]:
    """Yield faults of the media type; without expected types, any type but that of a page will do."""
    types = headers.get_all("Content-Type", [])
    found = headers.get_content_type() if types else NO_TYPE
    if len(types) > 1 or "".join(types).lower().count("charset") > 1:
        yield "is served with more than one Content-Type or character set"
    if expected is None:
        if PAGE_TYPES & {value.split(";")[0].strip().lower() for value in types}:
            yield f"is served as a page, {found:.60}"
        return
    if found not in expected:
        yield f"is served as {found:.60}, expected {min(expected, key=len)}"
    charset = headers.get_content_charset() or "utf-8"
    if charset != "utf-8":
        yield f"is served in the character set {charset:.60}, expected utf-8"


def _obstructive(policies: str) -> str:
    """Return the directive of policies that stops the portal's own files; an empty text without one."""
    for policy in policies.lower().split(","):
        directives = {name: sources for name, *sources in map(str.split, filter(str.strip, policy.split(";")))}
        if "sandbox" in directives:
            return "sandbox"
        for name in LOADING:
            ruling = name if name in directives or name.endswith("-elem") else "default-src"
            if ruling in directives and not OWN_FILES & set(directives[ruling]):
                return ruling
    return ""
