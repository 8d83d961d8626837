'use strict';
/* The parts of a release, opened as FORMAT.md says. */

const CARD = 256; // bytes

const readJson = bytes => JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
const unb64 = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), byte => byte.charCodeAt());

/** Read portal.json; refuse another format or container. */
function readPortal(bytes) {
  const portal = readJson(bytes);
  if (portal.format !== FORMAT || portal.container !== CONTAINER) throw trouble('damaged');
  return portal;
}

/** Find the bucket of a tag by its first bits. */
function bucketPath({publish, bucket_bits: bits}, tag) {
  return `_/c/${publish}/${((tag[0] << 8 | tag[1]) >> 16 - bits).toString(16).padStart(4, '0')}`;
}

const blobPath = async key => blobId(key).then(id => `_/b/${id.slice(0, 2)}/${id}`);

/** Open the card of a tag; without one the code is nobody's at this publish. */
async function openCard(bucket, tag, key, site) {
  if (!bucket.length || bucket.length % CARD) throw trouble('damaged');
  const name = hex(tag);
  let at = 0;
  while (hex(bucket.subarray(at, at + 16)) !== name) if ((at += CARD) >= bucket.length) throw trouble('unknown');
  const card = await openMessage(key, context(site, 'card', name), bucket.subarray(at + 16, at + CARD));
  const record = card.slice(33, 65);
  return {slot: card[0], edition: card.slice(1, 33), record: record.some(Boolean) && record};
}

/** Open the manifest of a card's slot; refuse one of another publish. */
async function openManifest(message, {slot, edition}, {site, publish}) {
  const frame = await openMessage(edition, context(site, 'manifest', `${publish}/${slot}`), message);
  const manifest = readJson(await decodeFrame(frame));
  if (manifest.publish !== publish) throw trouble('damaged');
  return manifest;
}

/** Open a blob or a record. */
async function openBlob(message, key, role, site) {
  return decodeFrame(await openMessage(key, context(site, role, await blobId(key)), message));
}
