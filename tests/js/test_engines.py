"""The way of a member in the two other engines: Firefox by Marionette, WebKitGTK by Selenium under xvfb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from members_portal.seal.format.bootstrap import decode_bootstrap, encode_bootstrap
from tests.answer.browser_form import FIELDS, OF_MEMBER, OF_PUBLIC, SENDER, opened
from tests.js.host import Host
from tests.js.lantern import Lantern
from tests.js.neighbour import TITLE, move_in
from tests.js.reader import COMPLETES
from tests.seal.small_site import secret_of

pytestmark = pytest.mark.long

# A page is asked as a new worker asks it.
HOLDS_KEY = """return new Promise(resolve => {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data}) => resolve(Boolean(data));
  navigator.serviceWorker.dispatchEvent(new MessageEvent('message', {ports: [port2]}));
})"""


@dataclass
class Engine:
    """A browser that opens addresses and runs scripts."""

    open: Callable[[str], None]
    run: Callable[[str], object]

    def wait(self, script: str, expected: object, seconds: float = 30) -> None:
        """Wait until a script gives what is expected."""
        end, found = time.monotonic() + seconds, None
        while time.monotonic() < end:
            try:
                found = self.run(script)
            except Exception as error:  # noqa: BLE001 - the page may be on its way elsewhere
                found = repr(error)
            if found == expected:
                return
            time.sleep(0.1)
        raise AssertionError(f"expected {expected!r}, found {found!r}")

    def reads(self, title: str) -> None:
        """Wait until a page of this title is shown and its scripts have run."""
        ready = "document.readyState == 'complete' && document.querySelector('h1').textContent"
        self.wait(f"return {ready}", title)

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.run(f"document.querySelector({selector!r}).click()")

    def is_told(self, text: str) -> None:
        """Wait until the sign-in page says something."""
        self.wait("return document.querySelector('[data-portal=message]').textContent", text)

    def sign_in(self, code: str, remember: bool = True) -> None:
        """Fill the form in and send it."""
        self.run(
            f"const f = document.querySelector('form'); f.elements.code.value = '{code}';"
            f"f.elements.remember.checked = {str(remember).lower()}; f.querySelector('[type=submit]').click()"
        )

    def enter(self, root: str, code: str, remember: bool = True) -> None:
        """Sign a gold member in at the front page."""
        self.open(root)
        self.reads("Lantern")
        self.sign_in(code, remember)
        self.reads("gold home")


@pytest.fixture(params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start a browser with an empty profile."""
    start = {"firefox": start_firefox, "webkit": start_webkit}[request.param]
    yield from start(tmp_path_factory.mktemp("profile"))


def start_firefox(profile: Path) -> Iterator[Engine]:
    """Drive Debian's Firefox, headless."""
    from marionette_driver.marionette import Marionette

    client = Marionette(
        bin="/usr/bin/firefox-esr", headless=True, profile=str(profile), gecko_log="-", startup_timeout=120
    )
    try:
        client.start_session()
        yield Engine(client.navigate, lambda script: client.execute_script(script, sandbox=None))
    finally:
        client.cleanup()


def start_webkit(profile: Path) -> Iterator[Engine]:
    """Drive Debian's WebKitGTK on a display of its own."""
    from selenium import webdriver

    ready, told = os.pipe()
    command = [shutil.which("Xvfb") or "Xvfb", "-displayfd", str(told), "-screen", "0", "1280x900x24"]
    screen = subprocess.Popen(command, pass_fds=[told])
    os.close(told)
    options = webdriver.WebKitGTKOptions()
    options.binary_location = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService("/usr/bin/WebKitWebDriver")
    driver = None
    with open(ready) as display, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", f":{display.readline().strip()}")  # a free one, once it is there
        patch.setenv("XDG_DATA_HOME", str(profile))
        patch.setenv("XDG_CACHE_HOME", str(profile))
        patch.setenv("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")  # containers have no user namespaces
        try:
            driver = webdriver.WebKitGTK(options=options, service=service)
            yield Engine(driver.get, driver.execute_script)
        finally:
            if driver:
                driver.quit()
            screen.terminate()
            screen.wait()


@pytest.fixture
def club(tmp_path: Path) -> Iterator[tuple[Lantern, Host]]:
    """Publish a portal and serve it below /club/."""
    from tests.js.lantern import lantern

    portal = lantern(tmp_path, "/club/")
    portal.publish()
    host = Host(portal.release, "/club/")
    yield portal, host
    host.close()


def test_a_member_signs_in_reads_and_signs_out(engine: Engine, club: tuple[Lantern, Host]) -> None:
    portal, host = club
    print(engine.run("return navigator.userAgent"))
    engine.open(host.root)
    engine.reads("Lantern")
    assert engine.run("return document.querySelector('[name=code]').type") == "password"
    engine.sign_in(portal.code("M-1")[:-1] + "!")
    engine.wait("return /slip/.test(document.querySelector('[data-portal=message]').textContent)", True)
    engine.sign_in(portal.secret_code("M-9"))
    engine.is_told("The message: unknown.")
    engine.sign_in(portal.code("M-1"))
    engine.reads("gold home")
    engine.wait("return /Good evening, \\$& Maya/.test(document.body.textContent)", True)
    engine.click("[href^=reports]")
    engine.reads("Beans for gold")
    engine.wait("return document.querySelector('img').naturalWidth", 9)
    assert engine.run("return location.href") == host.root + "reports/beans/"
    engine.run("location.reload()")
    engine.reads("Beans for gold")
    engine.open(host.root + "no/such/page/")
    engine.reads("Not in gold")
    engine.open(host.root + "imprint/")
    engine.reads("Imprint")
    engine.open(host.root + "offers/tasting")
    engine.reads("A tasting")
    assert engine.run("return location.href") == host.root + "offers/tasting/"
    engine.click("[data-portal=sign-out]")
    engine.reads("Lantern")
    engine.is_told("The message: signed-out.")
    engine.open(host.root + "reports/beans/")
    engine.reads("For members")
    engine.sign_in(portal.code("M-2"), remember=False)
    engine.reads("Beans for silver")
    engine.open(host.root)
    engine.reads("silver home")
    host.publish(portal, without="M-2")
    engine.run("location.reload()")
    engine.reads("Lantern")
    engine.is_told("The message: revoked.")


def test_pages_give_the_key_to_a_new_worker_on_a_device_that_does_not_remember(
    engine: Engine, club: tuple[Lantern, Host]
) -> None:
    portal, host = club
    engine.enter(host.root, portal.code("M-1"), remember=False)
    engine.wait(HOLDS_KEY, True)
    replaced = (
        "window.replaced = false; navigator.serviceWorker.oncontrollerchange = () => { window.replaced = true; };"
        "navigator.serviceWorker.getRegistration().then(registration => registration.update());"
    )
    with (host.site / "sw.js").open("ab") as script:
        script.write(b"\n// another version")
    engine.run(replaced)
    engine.wait("return window.replaced", True)
    engine.click("[href^=reports]")
    engine.reads("Beans for gold")
    engine.run("location.reload()")
    engine.reads("Beans for gold")
    engine.open(host.root)
    engine.reads("gold home")
    engine.click("[data-portal=sign-out]")
    engine.reads("Lantern")
    engine.open(host.root + "reports/beans/")
    engine.reads("For members")


def test_the_address_from_the_letter_signs_in_and_pages_open_offline(
    engine: Engine, club: tuple[Lantern, Host]
) -> None:
    portal, host = club
    code = portal.code("M-1")
    engine.open(host.root + "#" + code)
    engine.reads("gold home")
    assert engine.run("return location.href") == host.root
    assert not [request for request in host.requests if code in request]
    ranged = (
        "return fetch('sheets/beans.pdf', {headers: {range: 'bytes=0-7'}})"
        ".then(answer => answer.text().then(text => answer.status + text))"
    )
    assert engine.run(ranged) == "206%PDF-1.4"
    engine.wait(f"return ({COMPLETES})(1)", True)
    host.away = True
    engine.open(host.root + "reports/beans/")
    engine.reads("Beans for gold")
    engine.wait("return !!document.querySelector('[data-notice=away]')", True)
    engine.wait("return getComputedStyle(document.body).fontFamily", "serif")


def test_a_script_that_a_neighbour_replaced_never_runs(engine: Engine, club: tuple[Lantern, Host]) -> None:
    portal, host = club
    move_in(host)
    neighbour = host.root.replace("/club/", "/other/")
    engine.open(host.root)
    engine.sign_in(portal.code("M-1"))
    engine.reads("gold home")
    for signed_in in (True, False):
        engine.open(neighbour + "replace.html")
        engine.wait("return document.title.startsWith('replaced')", True)
        engine.open(host.root + "imprint/")
        engine.reads("Imprint")
        engine.open(host.root)
        if signed_in:
            engine.reads("gold home")
            engine.click("[data-portal=sign-out]")
        engine.reads("Lantern")
    engine.sign_in(portal.code("M-2"))  # a newly typed code
    engine.reads("silver home")
    engine.open(neighbour + "caught.html")
    engine.reads(TITLE)
    engine.wait("return document.title", "null")


def test_a_forged_or_older_release_is_refused_and_signs_nobody_out(engine: Engine, club: tuple[Lantern, Host]) -> None:
    portal, host = club
    old = host.site
    host.publish(portal)
    engine.enter(host.root, portal.code("M-1"))
    engine.wait("return caches.open('portal /club/ sealed').then(cache => cache.keys()).then(k => k.length > 5)", True)
    genuine = (host.site / "portal.json").read_bytes()
    forged = encode_bootstrap(replace(decode_bootstrap(genuine), publish="0" * 32), secret_of("another"))
    (host.site / "portal.json").write_bytes(forged)
    engine.open(host.root)
    engine.reads("gold home")
    engine.wait("return document.querySelector('[data-notice]').dataset.notice", "damaged")
    (host.site / "portal.json").write_bytes(genuine)
    host.site = old
    engine.open(host.root)
    engine.reads("gold home")
    engine.wait("return document.querySelector('[data-notice]').dataset.notice", "older")
    engine.click("[data-portal=sign-out]")
    engine.reads("Lantern")
    engine.sign_in(portal.code("M-1"))
    engine.is_told("The message: older.")


def test_scripts_styles_and_pictures_of_a_members_page_are_loaded(engine: Engine, club: tuple[Lantern, Host]) -> None:
    portal, host = club
    engine.enter(host.root, portal.code("M-1"))
    loaded = [
        ("script", "src", "theme/js/coupon.js"),
        ("link", "href", "theme/css/site.css"),
        ("link", "href", "assets/colours.css"),
        ("img", "src", "images/square.svg"),
    ]
    for tag, attribute, path in loaded:
        engine.run(
            "window.outcome = '';"
            f"const element = document.createElement('{tag}');"
            f"Object.assign(element, {{rel: 'stylesheet', {attribute}: '{host.root}{path}'}});"
            "element.onload = element.onerror = ({type}) => { window.outcome = type; };"
            "document.body.append(element);"
        )
        engine.wait("return window.outcome", "load")
    engine.click("[data-portal=sign-out]")
    engine.reads("Lantern")


def test_content_of_a_members_page_loads_no_script_and_no_frame(engine: Engine, club: tuple[Lantern, Host]) -> None:
    portal, host = club
    engine.enter(host.root, portal.code("M-1"))
    for tag, attribute, address, directive in (
        ("script", "src", "sheets/beans.pdf", "script-src"),
        ("iframe", "src", "imprint/", "frame-src"),
        ("img", "src", "../outside.png", "img-src"),
    ):
        engine.run(
            "window.refused = ''; document.addEventListener('securitypolicyviolation', event => {"
            "window.refused = event.effectiveDirective; }, {once: true});"
            f"document.body.append(Object.assign(document.createElement('{tag}'),"
            f" {{{attribute}: '{host.root}{address}'}}));"
        )
        engine.wait(f"return window.refused.startsWith('{directive}')", True)


def test_python_opens_what_a_page_sealed(engine: Engine, club: tuple[Lantern, Host]) -> None:
    _, host = club
    engine.open(host.root + "imprint/")
    for name, function in (("outbox", "readOutbox"), ("sealed-answer", "sealAnswer"), ("draft", "sealDraft")):
        script = f"{{src: '{host.root}theme/js/{name}.js'}}"
        engine.run(f"document.body.append(Object.assign(document.createElement('script'), {script}))")
        engine.wait(f"return typeof {function}", "function")
    for answer, keys in ((OF_MEMBER, SENDER), (FIELDS, OF_PUBLIC)):
        letter = engine.run(f"return sealAnswer({json.dumps(answer)}, {json.dumps(keys)})")
        assert isinstance(letter, dict)
        found = opened(letter)
        assert (found.member, found.values) == (answer.get("member"), answer["values"])
    draft, key = json.dumps(FIELDS), SENDER["memberKey"]
    kept = f"sealDraft({draft}, '{key}').then(text => openDraft(text, '{key}'))"
    assert engine.run(f"return {kept}") == FIELDS
