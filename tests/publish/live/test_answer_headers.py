"""Headers of a host's answers that change what a browser makes of them."""

from __future__ import annotations

from email.message import Message
from http.client import parse_headers
from io import BytesIO

import pytest

from members_portal.publish.live.answer_headers import file_fault, header_fault


def headers(*lines: str) -> Message:
    """Parse the header lines of an answer."""
    return parse_headers(BytesIO("".join(f"{line}\r\n" for line in (*lines, "")).encode()))


HTML, TYPE = "Content-Type: text/html", "Content-Type: application/pdf"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (['Clear-Site-Data: "storage"'], "is served with the header Clear-Site-Data, which signs members out"),
        (["Refresh: 0;url=/evil"], "is served with the header Refresh, which opens another page"),
        (["no header", "A: b"], "has headers that browsers read in different ways"),
        (["Server : a", "Refresh: 0"], "has headers that browsers read in different ways"),
        (["Server: a", " b"], "has headers that browsers read in different ways"),
        (["Server: a", "Content-Type: text/html"], ""),
    ],
)
def test_headers_of_any_answer(lines: list[str], fault: str) -> None:
    assert header_fault(headers(*lines)) == fault


@pytest.mark.parametrize(
    ("path", "lines", "fault"),
    [
        ("/", [HTML, "Content-Type: text/plain"], "is served with more than one Content-Type or character set"),
        ("/", [HTML + "; charset=utf-8; charset=utf-16"], "is served with more than one Content-Type or character set"),
        ("/", [HTML + ", text/plain"], "is served as text/plain, expected text/html"),
        ("a.css", [], "is served as no type, expected text/css"),
        ("a.pdf", [HTML], "is served as a page, text/html"),
        ("a.pdf", [TYPE, HTML], "is served with more than one Content-Type or character set"),
        ("_/b/00/0", ["Content-Type: application/xhtml+xml"], "is served as a page, application/xhtml+xml"),
        ("a.pdf", [TYPE, "Content-Encoding: br"], "is served with Content-Encoding br, which was not asked for"),
        ("/", [HTML, "Content-Encoding: identity"], ""),
        ("/", [HTML, "Content-Disposition: attachment"],
         "is served with the header Content-Disposition, which downloads the page"),
        ("a.pdf", [TYPE, "Content-Disposition: attachment"], ""),
        ("/", [HTML, "Link: </a.css>; rel=preload; as=style"], ""),
        ("/", [HTML, 'Link: </a.js>; rel=preload, <https://evil.invalid/>; rel="alternate stylesheet"'],
         "is served with the header Link, which loads a style"),
    ],
)  # fmt: skip
def test_headers_of_a_file(path: str, lines: list[str], fault: str) -> None:
    assert file_fault(path, headers(*lines)) == fault


@pytest.mark.parametrize(
    ("policy", "directive"),
    [
        ("script-src 'none'", "script-src"),
        ("frame-ancestors 'none', default-src 'none'", "default-src"),
        ("default-src 'self'; IMG-SRC https://evil.invalid", "img-src"),
        ("sandbox allow-scripts", "sandbox"),
        ("default-src https://evil.invalid; script-src 'self'", "default-src"),
        ("frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests;", ""),
        ("default-src 'self'", ""),
        (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'",
            "",
        ),
    ],
)
def test_a_policy_that_stops_the_portals_own_files_is_a_difference(policy: str, directive: str) -> None:
    found = file_fault("/", headers(HTML, f"Content-Security-Policy: {policy}"))
    expected = f"is served with a Content-Security-Policy whose {directive} stops the portal's own files"
    assert found == (expected if directive else "")
