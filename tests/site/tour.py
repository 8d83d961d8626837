"""A crawl of all pages that a reader can reach, and functions for tests of pages."""

from __future__ import annotations

import html

from playwright.sync_api import expect

from tests.js.reader import Reader

FRONT = "Coffee from the Ropewalk, and promises with the results printed next to them"

LOOK = """async () => {
  const images = [...document.images];
  for (const image of images) image.loading = 'eager';
  await Promise.all(images.map(image => image.decode().catch(() => {})));
  return {
    links: [...document.links].map(({href}) => href.split('#')[0]),
    broken: images.filter(image => !image.naturalWidth).map(({src}) => src),
    html: document.documentElement.outerHTML,
  };
}"""
FETCH = """async address => {
  const {status, headers} = await fetch(address);
  return [status, headers.get('content-type')];
}"""
PLAIN = str.maketrans("‘’“”", "''\"\"")


def walk(reader: Reader) -> dict[str, str]:
    """Follow all links within the site from the front page; return the pages' HTML by address."""
    pages: dict[str, str] = {}
    files: set[str] = set()
    ahead = [""]
    while ahead:
        address = ahead.pop()
        response = reader.go(address)
        assert response, address
        assert (response.status, reader.page.url) == (200, reader.host.root + address)
        seen = reader.page.evaluate(LOOK)
        assert seen["broken"] == [], address
        pages[address] = said(seen["html"])
        inside = {link.removeprefix(reader.host.root) for link in seen["links"] if link.startswith(reader.host.root)}
        files |= {link for link in inside if not is_page(link)}
        ahead += [link for link in inside if is_page(link) and link not in {*pages, *ahead}]
    for file in files:
        status, kind = reader.page.evaluate(FETCH, reader.host.root + file)
        assert (status, kind.startswith("text/html")) == (200, False), file
    return pages


def told(reader: Reader) -> None:
    """Wait until a member's page is open."""
    expect(reader.page.locator("[data-portal=sign-out]").first).to_be_attached()


def leave(reader: Reader) -> None:
    """Sign out by the button at the foot of a page."""
    reader.page.get_by_role("button", name="Sign out", exact=True).click()
    reader.reads(FRONT)


def is_page(address: str) -> bool:
    return address == "" or address.endswith("/")


def said(text: str) -> str:
    """Return a text without entities and with straight quotes, as in its source."""
    return html.unescape(text).translate(PLAIN)


def on_day(reader: Reader, day: str) -> None:
    """Set the date of the service worker, and reload the page."""
    worker = reader.context.service_workers[-1]
    worker.evaluate(
        """day => {
          const RealDate = self.RealDate ??= Date;
          self.Date = class extends RealDate {
            constructor(...given) { super(...(given.length ? given : [`${day}T12:00`])); }
          };
        }""",
        day,
    )
    reader.page.reload()
