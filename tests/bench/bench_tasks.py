"""How long what members come for takes on a phone: a slow processor and a slow network, from the first tap on.

The taps are counted in tests/site/test_tasks.py. Seconds of different machines do not compare.
"""

import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.bench_pages import Far, phone, published, serve
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.js.reader import COMPLETES
from tests.site.thumb import Thumb

ROUNDS = 5


def show_card(thumb: Thumb) -> None:
    """Show the member's card at the till."""
    thumb.tab("Card")
    thumb.page.get_by_role("dialog").wait_for()


def show_code(thumb: Thumb) -> None:
    """Show the code of an offer at the till."""
    thumb.tap(thumb.page.locator(".strip .code-button").first)
    thumb.page.get_by_role("dialog").wait_for()


def see_rewards(thumb: Thumb) -> None:
    """See what the points buy."""
    thumb.tab("Wallet")
    thumb.page.get_by_role("heading", name="For beans").wait_for()


def read_report(thumb: Thumb) -> None:
    """Find a report."""
    thumb.link("Insider reports")
    thumb.link("Water is most of it")
    thumb.page.get_by_role("heading", name="Water is most of it").wait_for()


def open_offer(thumb: Thumb) -> None:
    """Open an offer to print it."""
    thumb.tap(thumb.page.locator(".strip h3 a").first)
    thumb.page.get_by_role("button", name="Print").wait_for()


TASKS = (show_card, show_code, see_rewards, read_report, open_offer)


def seconds(page: Page, root: str, task: Callable[[Thumb], None]) -> float:
    """Do a task from the front page; return the seconds from its first tap on."""
    page.goto(root, wait_until="load")
    start = time.perf_counter()
    task(Thumb(page))
    return time.perf_counter() - start


def measure(browser: Browser, root: str, code: str) -> None:
    """Print the seconds of the first day and of each task, with a connection and without."""
    page = phone(browser)
    start = time.perf_counter()
    page.goto(f"{root}#{code}")
    page.locator(".badge").wait_for()
    print(f"task=first_day seconds={time.perf_counter() - start:.2f}")
    assert page.evaluate(COMPLETES, 600)
    for state in ("online", "offline"):
        page.context.set_offline(state == "offline")
        for task in TASKS:
            taken = statistics.median(seconds(page, root, task) for _ in range(ROUNDS))
            print(f"task={task.__name__} {state}_seconds={taken:.2f}")


def main() -> None:
    """Publish the sample, and print medians."""
    with published() as (project, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        measure(browser, serve(project / "output", Far), code)
        browser.close()


if __name__ == "__main__":
    main()
