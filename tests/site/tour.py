"""A crawl of all pages that a reader can reach, and functions for tests of pages."""

from __future__ import annotations

import html
from typing import Any

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
READ = """addresses => Promise.all(addresses.map(async address => {
  const response = await fetch(address);
  const text = await response.text();
  const page = new DOMParser().parseFromString(text, 'text/html');
  const whole = relative => new URL(relative, address).href;
  const given = (name, elements) => [...page.querySelectorAll(elements)].map(one => one.getAttribute(name));
  const sizes = given('srcset', '[srcset]').flatMap(sizes => sizes.split(',')).map(size => size.trim().split(' ')[0]);
  return {
    status: response.status,
    links: given('href', 'a[href], area[href]').map(link => whole(link).split('#')[0]),
    images: [...given('src', 'img[src]'), ...sizes].map(whole),
    html: text,
  };
}))"""
BROKEN = """async addresses => {
  const decodes = address => Object.assign(new Image(), {src: address}).decode().then(() => true, () => false);
  const good = await Promise.all(addresses.map(decodes));
  return addresses.filter((_, place) => !good[place]);
}"""
PLAIN = str.maketrans("‘’“”", "''\"\"")


def walk(reader: Reader) -> dict[str, str]:
    """Follow all links within the site from the front page; return the pages' HTML by address."""
    pages: dict[str, str] = {}
    files: set[str] = set()
    ahead = [""]
    while ahead:
        address = ahead.pop()
        seen = look_at(reader, address)
        pages[address] = said(seen["html"])
        inside = {link.removeprefix(reader.host.root) for link in seen["links"] if link.startswith(reader.host.root)}
        files |= {link for link in inside if not is_page(link)}
        ahead += [link for link in inside if is_page(link) and link not in {*pages, *ahead}]
    check_files(reader, files)
    return pages


def look_at(reader: Reader, address: str) -> Any:
    """Open a page, with all its pictures; give its links and what it says."""
    response = reader.go(address)
    assert response, address
    assert (response.status, reader.page.url) == (200, reader.host.root + address)
    seen = reader.page.evaluate(LOOK)
    assert seen["broken"] == [], address
    return seen


def fetch_all(reader: Reader) -> dict[str, str]:
    """Follow every link as `walk` does, by `fetch` from the front page: the worker answers, and no page is laid out.

    Every picture is decoded once, in every size that a page offers.
    """
    root = reader.host.root
    pages: dict[str, str] = {}
    others: set[str] = set()
    images: set[str] = set()
    ahead = {""}
    while ahead:
        addresses = sorted(ahead)
        found = reader.page.evaluate(READ, [root + address for address in addresses])
        for address, seen in zip(addresses, found, strict=True):
            assert seen["status"] == 200, address
            pages[address] = said(seen["html"])
            images |= set(seen["images"])
            inside = {link.removeprefix(root) for link in seen["links"] if link.startswith(root)}
            others |= {link for link in inside if not is_page(link)}
            ahead |= {link for link in inside if is_page(link)}
        ahead -= set(pages)
    assert reader.page.evaluate(BROKEN, sorted(images)) == []
    check_files(reader, others)
    return pages


def check_files(reader: Reader, files: set[str]) -> None:
    """Fetch what pages link to besides pages."""
    for file in files:
        status, kind = reader.page.evaluate(FETCH, reader.host.root + file)
        assert (status, kind.startswith("text/html")) == (200, False), file


def told(reader: Reader) -> None:
    """Wait until a member's page is open."""
    expect(reader.page.locator("[data-portal=sign-out]").first).to_be_attached()


def leave(reader: Reader) -> None:
    """Sign out by the button at the foot of a page, once its last style sheet hides that of the menu."""
    reader.page.wait_for_load_state("load")
    reader.page.get_by_role("button", name="Sign out", exact=True).click()
    reader.reads(FRONT)


def is_page(address: str) -> bool:
    return address == "" or address.endswith("/")


def said(text: str) -> str:
    """Return a text without entities and with straight quotes, as in its source."""
    return html.unescape(text).translate(PLAIN)


def on_real_day(reader: Reader) -> None:
    """Restore the date of the service worker; reload the page if the date was another."""
    if set_real_day(reader):
        reader.page.reload()
        told(reader)


def set_real_day(reader: Reader) -> bool:
    """Restore the date of the service worker, for the pages that are opened next; tell whether it was another."""
    was_other = reader.context.service_workers[-1].evaluate(
        """() => {
          const other = self.RealDate && Date !== RealDate;
          if (other) self.Date = RealDate;
          return Boolean(other);
        }"""
    )
    return bool(was_other)


def on_day(reader: Reader, day: str) -> None:
    """Set the date of the service worker, and reload the page."""
    set_day(reader, day)
    reader.page.reload()


def set_day(reader: Reader, day: str) -> None:
    """Set the date of the service worker, for the pages that are opened next."""
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
