"""The negative vectors in JavaScript: the reader opens the base, and refuses each failure."""

from __future__ import annotations

from base64 import b64encode

import pytest
from playwright.sync_api import Error, Page

from tests.seal.vector_files import NAMES, Vector, base, vector

# The steps of FORMAT.md, section Opening a release, with the functions of the theme and files from memory.
OPEN = """async ({code, path, files}) => {
  const read = name => unb64(files[name].replaceAll('+', '-').replaceAll('/', '_'));
  const root = await memberRoot(readCode(code));
  const portal = readPortal(read('portal.json'));
  const {site, publish} = portal;
  const tag = await cardTag(root, publish);
  const place = bucketPath(portal, tag);
  const card = await openCard(read(place), tag, await cardKey(root, publish), site);
  await verifyBucket(read(place), place, card.publicKey);
  await verifyPortal(portal, card.publicKey);
  const manifest = await openManifest(read(manifestPath(publish, card.slot)), card, portal);
  const {key, offset, length} = card.record;
  const pack = read(packPath(card.record.publish, 0));
  const record = readJson(await openBlob(pack.slice(offset, offset + length), key, 'record', site));
  const file = manifest.files[path];
  const blobKey = unb64(file[0]);
  const bytes = await checkFile(await openBlob(read(await blobPath(blobKey)), blobKey, 'blob', site), file);
  return [bytes.length, Object.keys(record.slots)];
}"""


def opened(page: Page, wanted: Vector) -> object:
    """Open a release in the page; raise playwright's Error when it is refused."""
    files = {path: b64encode(data).decode() for path, data in wanted.files.items()}
    return page.evaluate(OPEN, {"code": wanted.code, "path": wanted.path, "files": files})


def test_the_reader_opens_the_base(seal_page: Page) -> None:
    assert opened(seal_page, base()) == [35_064, ["greeting"]]


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_refuses(name: str, seal_page: Page) -> None:
    with pytest.raises(Error):
        opened(seal_page, vector(name))
