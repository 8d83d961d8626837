"""Somebody with a browser: what they do, and what their browser complains about."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

FETCH = """async ([url, options]) => {
  const response = await fetch(url, options);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {status: response.status, headers: Object.fromEntries(response.headers), size: bytes.length,
    base64: bytes.toBase64()};
}"""
PATIENCE = 30_000  # ms: what comes at all comes sooner, also on a busy machine
COMPLETES = """async tries => {
  const settled = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
  for (; tries; tries--) {
    for (const {name} of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      const kept = database.transaction('kept').objectStore('kept');
      const [complete, portal] = await Promise.all(['complete', 'portal'].map(key => settled(kept.get(key))));
      database.close();
      if (complete && complete === portal?.publish) return true;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return false;
}"""
WINDOW = ViewportSize(width=1280, height=720)  # Playwright's default
expect.set_options(timeout=PATIENCE)

EXPECTED = re.compile(r"status of (404|416|503)|net::ERR_(EMPTY_RESPONSE|INTERNET_DISCONNECTED)")


class Addressed(Protocol):
    """A host of a site."""

    @property
    def root(self) -> str:
        """The address of the site."""


HostType = TypeVar("HostType", bound=Addressed)


class Reader(Generic[HostType]):
    """Drive one device; `troubles` collects console errors, violations of policy and foreign requests."""

    def __init__(self, browser: Browser, host: HostType, **device: Any) -> None:
        self.host = host
        self.context = self._new_context(browser, **device)
        self.context.set_default_timeout(PATIENCE)
        self.troubles: list[str] = []
        self.seen: list[str] = []
        self.tolerated: list[str] = []
        self.context.on("request", self._note_request)
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.page = self.context.new_page()

    def _new_context(self, browser: Browser, **device: Any) -> BrowserContext:
        return browser.new_context(**device)

    def go(self, path: str = "", page: Page | None = None) -> Response | None:
        """Open an address of the site."""
        return (page or self.page).goto(self.host.root + path)

    def sign_in(self, code: str, *, remember: bool = True) -> None:
        """Type a code into the form of the page that is open."""
        self.page.get_by_label("Access code").fill(code)
        self.page.get_by_label("Remember this device").set_checked(remember)
        self.page.get_by_role("button", name="Sign in").click()

    def reads(self, title: str, page: Page | None = None) -> None:
        """Wait until a page of this title is shown."""
        expect((page or self.page).locator("h1")).to_have_text(title)

    def enter(self, code: str, *, remember: bool = True) -> None:
        """Sign in at the front page."""
        self.go()
        self.sign_in(code, remember=remember)
        expect(self.page.locator("[data-portal=sign-out]")).to_be_visible()

    def sign_out(self) -> None:
        """Leave the portal, once the page is ready for it."""
        self.page.wait_for_load_state("load")
        self.page.get_by_role("button", name="Sign out").click()
        self.reads("Lantern")
        expect(self.page).to_have_url(self.host.root)  # the page has removed its note of the sign-out from the address

    def is_told(self, text: str) -> None:
        """Wait until the sign-in page says something."""
        expect(self.page.get_by_role("alert")).to_have_text(text)

    def is_noticed(self, key: str) -> None:
        """Wait until a members' page shows a notice."""
        expect(self.page.locator(f"[data-notice={key}]")).to_be_visible()

    def stop_worker(self) -> None:
        """Stop the worker, as the browser does after half a minute without a request."""
        self.page.wait_for_load_state("load")
        session = self.context.new_cdp_session(self.page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        session.detach()

    def reload_hard(self) -> None:
        """Reload past the worker."""
        session = self.context.new_cdp_session(self.page)
        with self.page.expect_navigation():
            session.send("Page.reload", {"ignoreCache": True})

    def close_tab(self) -> None:
        """Close the only tab, and open a blank one."""
        old, self.page = self.page, self.context.new_page()
        old.close()

    def start_over(self) -> None:
        """Close all tabs but one, go online, and restore the default size and media of that tab."""
        self.page, *others = self.context.pages
        for page in others:
            page.close()
        self.context.set_offline(False)
        self.tolerated.clear()
        self.page.set_viewport_size(WINDOW)
        self.page.emulate_media(media="null", color_scheme="null", forced_colors="null", reduced_motion="null")

    def leave_field(self) -> None:
        """Take the focus from a field, so that the browser says no more about it.

        Chromium draws such a message again for each frame, half a core as long as the page is open.
        """
        with suppress(Error):  # a page that is being left says nothing
            self.page.evaluate("document.activeElement?.blur()")

    def waits_until_complete(self) -> None:
        """Wait until the worker has fetched ahead all it wants of the publish that is open."""
        assert self.page.evaluate(COMPLETES, PATIENCE // 100), "the copy for reading offline was not completed"

    def forget_sealed(self) -> None:
        """Lose the cache, as browsers do when a device is full, and what the worker has in mind."""
        self.page.evaluate(
            "caches.keys().then(names => Promise.all(names.filter(n => /sealed/.test(n)).map(n => caches.delete(n))))"
        )
        self.stop_worker()

    def history(self) -> list[str]:
        """List addresses and titles of the tab's history (not what was typed, which is the browser's own)."""
        session = self.context.new_cdp_session(self.page)
        entries = session.send("Page.getNavigationHistory")["entries"]
        return [entry[key] for entry in entries for key in ("url", "title")]

    def kept(self) -> dict[str, Any]:
        """Look at what the device keeps: names of caches and databases, addresses in caches, keys in the store."""
        return self.page.evaluate(
            """async () => {
              const caches_ = {};
              for (const name of await caches.keys()) {
                caches_[name] = (await (await caches.open(name)).keys()).map(request => request.url);
              }
              const databases = (await indexedDB.databases()).map(({name}) => name);
              const keys = await Promise.all(databases.map(name => new Promise(resolve => {
                const request = indexedDB.open(name);
                request.onsuccess = () => {
                  const all = request.result.transaction('kept').objectStore('kept').getAllKeys();
                  all.onsuccess = () => { request.result.close(); resolve(all.result); };
                };
              })));
              const storage = localStorage.length + sessionStorage.length;
              return {caches: caches_, databases, keys: keys.flat(), storage};
            }"""
        )

    def keeps_only(self, *keys: str) -> None:
        """Wait until the store holds these keys and no other."""
        for _ in range(PATIENCE // 50):
            if self.kept()["keys"] == list(keys):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the store holds {self.kept()['keys']}, not {list(keys)}")

    def close(self) -> None:
        """Close the browser's windows."""
        self.context.close()

    def _note_request(self, request: Request) -> None:
        self.seen.append(f"{request.method} {request.url} {request.headers} {request.post_data}")
        scheme = self.host.root.split("/", 3)[0]
        own = (self.host.root, f"{scheme}//127.0.0.1:", f"{scheme}//127.0.0.2:", "data:", "blob:")
        if not request.url.startswith(own):
            self.troubles.append(f"foreign request: {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._expects(message.text):
            self.troubles.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _expects(self, text: str) -> bool:
        return bool(EXPECTED.search(text)) or any(part in text for part in self.tolerated)


def wait_for_key(page: Page, *, held: bool = True) -> None:
    """Wait until a page holds the key of the session, or no longer does.

    Playwright's own waiting evaluates text in the page, which the policy refuses.
    """
    for _ in range(PATIENCE // 50):
        if page.evaluate("typeof sessionKey != 'undefined' && Boolean(sessionKey)") is held:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the page {'holds no' if held else 'still holds the'} key")
