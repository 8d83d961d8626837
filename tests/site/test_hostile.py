"""Script payloads in members' data, items and file names never run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.site.hostile import MEMBERS, write_hostile
from tests.site.payloads import CALL, VECTORS, Payloads
from tests.site.sample import Sample
from tests.site.tour import LOOK, is_page, told

Visit = Callable[..., Reader]

TRAP = f"self.{CALL} = self.alert = self.prompt = number => {{ (self.ran ??= []).push(number ?? '?'); }};"
STRANGE = """() => {
  const ADDRESS = /^(href|src|srcset|action|formaction|data|background|poster|xlink:href)$/i;
  const FOREIGN = 'iframe, object, embed, base, style, math, animate, set, marquee, video, audio, x, slot, frame';
  const runs = (one, name) => /^on/i.test(name) ||
    ADDRESS.test(name) && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(one.getAttribute(name));
  const strange = [...document.querySelectorAll('*')].filter(one =>
    one.matches(FOREIGN) || one.getAttributeNames().some(name => runs(one, name)) ||
    one.tagName === 'SCRIPT' && !one.src.startsWith(`${ROOT}theme/js/`) ||
    one.tagName === 'LINK' && !one.href.startsWith(ROOT) ||
    one.tagName === 'META' && /refresh/i.test(one.httpEquiv));
  return [strange.map(one => one.outerHTML), self.ran ?? []];
}"""
TRY = """() => new Promise(resolve => {
  document.addEventListener('securitypolicyviolation', () => resolve(self.ran ?? []));
  document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="__xss(0)">');
  document.body.lastChild.addEventListener('error', () => resolve(self.ran ?? []));
})"""

GOLD = {True: "M-1", False: "M-13"}  # with and without the policy: members of the upper tier, with a formal name


@pytest.fixture(scope="module")
def hostile(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sample, Payloads]]:
    """Publish the hostile project. It is shared: tests only read it."""
    sample = portal.again(tmp_path_factory.mktemp("hostile") / "portal")
    payloads = write_hostile(sample.folder)
    sample.publish("--accept-changes")  # other members, without a ledger
    yield sample, payloads
    sample.close()


@pytest.fixture(scope="module")
def trapped(browser: Browser, hostile: tuple[Sample, Payloads]) -> Iterator[Callable[[bool], Reader]]:
    """Sign in M-1 with the policy or M-13 without it, each once, at the front page."""
    readers: dict[bool, Reader] = {}

    def make(policy: bool) -> Reader:
        if policy not in readers:
            readers[policy] = Reader(browser, hostile[0], bypass_csp=not policy)
            set_trap(readers[policy], GOLD[policy])
        return readers[policy]

    yield make
    for reader in readers.values():
        reader.close()
    for reader in readers.values():
        assert reader.troubles == []


def visitor(visit: Visit, portal: Sample, member: str, *, policy: bool) -> Reader:
    """Sign a member in on a new device, and record every script payload that runs."""
    reader = visit(portal, bypass_csp=not policy)
    set_trap(reader, member)
    return reader


def set_trap(reader: Reader, member: str) -> None:
    """Record every script payload that runs, and sign a member in."""
    reader.context.add_init_script(TRAP)
    reader.page.on("dialog", lambda dialog: reader.troubles.append(f"a dialog: {dialog.message}"))
    reader.page.goto(reader.host.link(member))
    told(reader)


def assert_nothing_runs(reader: Reader, address: str) -> None:
    """Open a page; check that no payload runs, on load or on interaction."""
    response = reader.go(address)
    assert response
    assert response.status == 200
    assert reader.page.evaluate(LOOK)["broken"] == [], address
    assert reader.page.evaluate(STRANGE.replace("ROOT", json.dumps(reader.host.root))) == [[], []], address
    assert reader.troubles == [], address


# Those in a browser are long: portal/test_generator.py and rendering/test_slot.py have quick tests of hostile texts.


@pytest.mark.long
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
def test_the_trap_works(trapped: Callable[[bool], Reader], policy: bool) -> None:
    reader = trapped(policy)
    assert reader.page.evaluate(TRY) == ([] if policy else [0])
    assert bool(reader.troubles) == policy  # the browser reports what the policy blocked
    reader.troubles.clear()


def test_there_are_payloads_enough(hostile: tuple[Sample, Payloads]) -> None:
    _, payloads = hostile
    print(f"vectors={len(VECTORS)} payloads={len(payloads.given)}")
    assert len(payloads.given) == len(set(payloads.given)) >= 300


@pytest.mark.parametrize("policy", quick_and_long([True, False], quick=(False,)), ids=["policy", "no policy"])
def test_nothing_an_editor_writes_runs(trapped: Callable[[bool], Reader], policy: bool) -> None:
    reader = trapped(policy)
    addresses = sorted(reader.host.addresses(GOLD[policy]))
    lists = [address for address in addresses if "item" not in address]
    items = [address for address in addresses if "item" in address]
    for address in lists[policy::4] + items[policy::32]:
        assert_nothing_runs(reader, address)


@pytest.mark.long
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
@pytest.mark.parametrize("member", ["M-0", "M-1"])
def test_nothing_an_editor_writes_runs_on_any_page(
    visit: Visit, hostile: tuple[Sample, Payloads], policy: bool, member: str
) -> None:
    portal, _ = hostile
    reader = visitor(visit, portal, member, policy=policy)
    for address in sorted(portal.addresses(member)):
        assert_nothing_runs(reader, address)


def assert_member_is_harmless(reader: Reader, member: str) -> None:
    record = reader.host.members[member]
    called = record["formal name"] if record["salutation"] == "formal" else record["given name"]
    assert_nothing_runs(reader, "")
    assert reader.page.locator("h1 bdi").inner_text() == " ".join(str(called).split())
    assert_nothing_runs(reader, "account/")


@pytest.mark.long
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
def test_no_formal_name_of_a_member_runs(trapped: Callable[[bool], Reader], policy: bool) -> None:
    assert_member_is_harmless(trapped(policy), GOLD[policy])


@pytest.mark.long
def test_no_given_name_of_a_member_runs(visit: Visit, hostile: tuple[Sample, Payloads]) -> None:
    assert_member_is_harmless(visitor(visit, hostile[0], "M-0", policy=False), "M-0")


@pytest.mark.long
@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
@pytest.mark.parametrize("number", range(MEMBERS))
def test_no_name_of_any_member_runs(visit: Visit, hostile: tuple[Sample, Payloads], policy: bool, number: int) -> None:
    member = f"M-{number}"
    assert_member_is_harmless(visitor(visit, hostile[0], member, policy=policy), member)


# File names

TEXT = "---\nTitle: A title\nSummary: A summary\nAudience: members\nPublish: 2026-11-01\n{more}---\nText.\n"


def file_names() -> list[str]:
    """Return the payloads that are valid file names."""
    payloads = Payloads()
    return [name for _ in VECTORS if "/" not in (name := payloads.next())]


@pytest.mark.long
def test_a_hostile_name_of_an_item_is_refused(own_portal: Sample) -> None:
    names = file_names()
    for name in names:
        (own_portal.folder / f"content/reports/{name}.md").write_text(TEXT.format(more=""), "utf-8")
    run = own_portal.run("check")
    print(f"names={len(names)}")
    assert run.code == 3
    assert run.text.count("the file name becomes the address, expected lower-case letters, digits") == len(names)


@pytest.mark.long
def test_a_hostile_name_of_an_image_is_only_a_name(visit: Visit, own_portal: Sample) -> None:
    # Refused are a backslash, and a dot without a space after it.
    names = [name.replace(".", ". ") for name in file_names() if "\\" not in name]
    names += ["two words", "50% off", "100%25", "a#b", "a?b=c", "a&amp;b", "ä ö", "a+b", "a;b", "a'b", "コーヒー"]
    picture = (own_portal.folder / "content/images/lantern.svg").read_bytes()
    for number, name in enumerate(names):
        (own_portal.folder / f"content/images/{name}.svg").write_bytes(picture)
        image = json.dumps(f"images/{name}.svg", ensure_ascii=False)
        more = f"Image: {image}\nImage alt: A picture\n"
        (own_portal.folder / f"content/reports/picture-{number}.md").write_text(TEXT.format(more=more), "utf-8")
    own_portal.publish()
    reader = visitor(visit, own_portal, "M-1001", policy=False)
    pages = [address for address in own_portal.addresses("M-1001") if is_page(address) and "picture" in address]
    print(f"names={len(names)}")
    assert len(pages) == len(names)
    assert_nothing_runs(reader, "reports/")
