"""Files that the worker keeps in memory: pages are read ahead, and come again without the copy on the device."""

from __future__ import annotations

import shutil

import pytest

from tests.js.lantern import Lantern as Site
from tests.js.reader import PATIENCE, Reader

OPENED = "async () => (await Promise.all([...current.opened.values()].map(({bytes}) => bytes))).length"
FORGET = "caches.keys().then(names => Promise.all(names.filter(n => /sealed/.test(n)).map(n => caches.delete(n))))"


def opened(reader: Reader) -> int:
    """Count the files in the worker's memory."""
    return int(reader.context.service_workers[-1].evaluate(OPENED))


def lose_copies(reader: Reader) -> None:
    """Lose the sealed files of the device and of the host, but not what the worker has in memory."""
    reader.waits_until_complete()
    reader.page.evaluate(FORGET)
    shutil.rmtree(reader.host.site / "_")


@pytest.mark.long
def test_a_page_is_opened_while_the_finger_is_on_its_link(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    before = opened(reader)
    link = reader.page.get_by_role("link", name="Beans")
    link.dispatch_event("pointerdown")
    for _ in range(PATIENCE // 50):
        if opened(reader) > before:
            break
        reader.page.wait_for_timeout(50)
    lose_copies(reader)
    link.click()
    reader.reads("Beans for gold")


def test_a_page_that_was_read_lately_comes_from_memory(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    reader.go()
    reader.reads("gold home")
    lose_copies(reader)
    reader.go("reports/beans/")
    reader.reads("Beans for gold")


@pytest.mark.long
def test_the_memory_of_files_is_bounded(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    worker = reader.context.service_workers[-1]
    sizes = worker.evaluate(
        """() => {
          const opened = new Map();
          for (const size of [3e6, 2e6, 1e6, 9e6]) {
            opened.set(`${size}`, {bytes: Promise.resolve(), size});
            readFile({opened}, [`${size}`, '', size, '']);
            if (size === 1e6) readFile({opened}, ['2000000', '', 2e6, '']);
          }
          return [...opened.keys()].map(Number);
        }"""
    )
    assert sizes == [9e6]
