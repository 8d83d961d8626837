"""Make the pictures of the documentation anew: `python -m tests.site.pictures`."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.bench.bench_pages import Plain, published, serve
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.publish.project import ROOT

FOLDER = ROOT / "docs" / "pictures"
PHONE, TABLET = ViewportSize(width=360, height=740), ViewportSize(width=768, height=740)
PAGES = {  # the file, the address, the screen, the colours
    "home": ("", PHONE, "light"),
    "wallet": ("wallet/", PHONE, "dark"),
    "code": ("wallet/", PHONE, "dark"),
    "issue": ("newsletters/winter-2026/", TABLET, "light"),
}
QUALITY = 70


def main() -> None:
    """Publish the sample, and write a picture of each page."""
    FOLDER.mkdir(exist_ok=True)
    with published() as (project, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        root = serve(project / "output", Plain)
        for name in PAGES:
            write(FOLDER / f"{name}.webp", picture(browser, root, code, name))
        browser.close()


def picture(browser: Browser, root: str, code: str, name: str) -> bytes:
    """Take a picture of a page of a member, as PNG."""
    address, size, scheme = PAGES[name]
    context = browser.new_context(viewport=size, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{root}#{code}")
    page.locator(".badge").wait_for()
    page.goto(root + address, wait_until="networkidle")
    if name == "code":
        show_code(page)
    taken = page.screenshot()
    context.close()
    return taken


def show_code(page: Page) -> None:
    """Show the code of an offer on the whole screen."""
    page.locator("main .code-button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def write(file: Path, taken: bytes) -> None:
    """Write a picture as WebP; say how large it is."""
    Image.open(io.BytesIO(taken)).save(file, quality=QUALITY, method=6)
    print(f"{file.relative_to(ROOT)} bytes={file.stat().st_size}")


if __name__ == "__main__":
    main()
