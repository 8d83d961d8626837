"""The negative vectors in JavaScript: the reader opens the base, and refuses each failure."""

from __future__ import annotations

from base64 import b64encode

import pytest
from playwright.sync_api import Error, Page

from tests.long_cases import quick_and_long, quick_first
from tests.seal.vector_files import NAMES, Vector, base, vector

# The steps of FORMAT.md, section Opening a release, with the functions of the theme and files from memory.
OPEN = """async ({code, path, files, known}) => {
  const publicKey = known && Uint8Array.fromHex(known);
  const read = name => unb64(files[name].replaceAll('+', '-').replaceAll('/', '_'));
  const root = await memberRoot(readCode(code));
  const portal = readPortal(read('portal.json'));
  if (publicKey) await verifyPortal(portal, publicKey);
  const {site, publish} = portal;
  const tag = await cardTag(root, publish);
  const place = bucketPath(portal, tag);
  const wanted = {path: place, tag, key: await cardKey(root, publish), site, publicKey};
  const card = await openCard(read(place), wanted);
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
REASON = f"question => ({OPEN})(question).then(() => 'opened', error => error.reason ?? 'damaged')"


def question(wanted: Vector, *, known: bool) -> dict[str, object]:
    """Return what the page is asked: `known` hands it the site's public key."""
    files = {path: b64encode(data).decode() for path, data in wanted.files.items()}
    key = wanted.public_key.hex() if known else None
    return {"code": wanted.code, "path": wanted.path, "files": files, "known": key}


@pytest.mark.parametrize("known", [False, True])
def test_the_reader_opens_the_base(seal_page: Page, known: bool) -> None:
    assert seal_page.evaluate(OPEN, question(base(), known=known)) == [35_064, ["greeting"]]


@pytest.mark.parametrize("name", quick_first(NAMES, 6))
def test_the_reader_refuses(name: str, seal_page: Page) -> None:
    with pytest.raises(Error):
        seal_page.evaluate(OPEN, question(vector(name), known=False))


@pytest.mark.parametrize("name", quick_and_long(NAMES, NAMES[::3]))
def test_the_reader_that_knows_the_public_key_refuses_for_the_stated_reason(name: str, seal_page: Page) -> None:
    wanted = vector(name)
    assert seal_page.evaluate(REASON, question(wanted, known=True)) == wanted.reason
