/* The parts of a release, opened as FORMAT.md says. */
'use strict';

const CARD = 256; // bytes
const BUCKET_SIGNATURE = 64; // bytes, after the cards of a bucket
const PACK = 262144; // bytes
const DIGEST = 16; // bytes of a file's SHA-256 that a manifest holds

/**
 * Give the path of the bucket of a tag; the first bits of the tag are its number.
 * @param {Portal} portal
 * @param {Bytes} tag
 * @returns {string}
 */
function bucketPath({publish, bucket_bits: bits}, tag) {
  const number = (tag[0] << 8 | tag[1]) >> 16 - bits;
  return `_/c/${publish}/${number.toString(16).padStart(4, '0')}`;
}

/**
 * Give the path of the manifest in a slot.
 * @param {string} publish
 * @param {number} slot
 * @returns {string}
 */
function manifestPath(publish, slot) {
  return `_/m/${publish}/${slot}`;
}

/**
 * Give the path of a blob.
 * @param {Bytes} key
 * @returns {Promise<string>}
 */
async function blobPath(key) {
  const id = await blobId(key);
  return `_/b/${id.slice(0, 2)}/${id}`;
}

/**
 * Find the sealed card of a tag in a bucket; without one the code is unknown at this publish.
 * @param {Bytes} bucket
 * @param {Bytes} tag
 * @returns {Bytes}
 */
function findCard(bucket, tag) {
  if (bucket.length % CARD !== BUCKET_SIGNATURE) throw trouble('damaged');
  const name = hex(tag);
  for (let start = 0; start < bucket.length - BUCKET_SIGNATURE; start += CARD) {
    const card = bucket.subarray(start, start + CARD);
    if (hex(card.subarray(0, tag.length)) === name) return card.subarray(tag.length);
  }
  throw trouble('unknown');
}

/**
 * Refuse a bucket that is not signed with the site's key.
 * @param {Bytes} bucket
 * @param {string} path
 * @param {Bytes} publicKey
 */
async function verifyBucket(bucket, path, publicKey) {
  const [publish, number] = path.split('/').slice(-2);
  const end = bucket.length - BUCKET_SIGNATURE;
  const digest = hex(await sha256(bucket.slice(0, end)));
  await verify(publicKey, bucket.slice(end), 'bucket', publish, number, digest);
}

/**
 * Verify a bucket, where the site's public key is known; then open the card of a tag.
 * @param {Bytes} bucket
 * @param {{path: string, tag: Bytes, key: Bytes, site: string, publicKey?: Bytes}} wanted
 * @returns {Promise<Card>}
 */
async function openCard(bucket, {path, tag, key, site, publicKey}) {
  if (publicKey) await verifyBucket(bucket, path, publicKey);
  const card = await openMessage(key, context(site, 'card', hex(tag)), findCard(bucket, tag));
  await verifyBucket(bucket, path, card.slice(91, 123));
  return {
    slot: card[0],
    edition: card.slice(1, 33),
    record: placeOf(card.slice(33, 91)),
    publicKey: card.slice(91, 123),
    digest: card.slice(123, 155),
  };
}

/**
 * Read the key and the place of a record; a key of zeros means that there is none.
 * @param {Bytes} bytes
 * @returns {Place | null}
 */
function placeOf(bytes) {
  const key = bytes.slice(0, 32);
  if (!key.some(Boolean)) return null;
  const view = new DataView(bytes.buffer, 48);
  const offset = view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  return {key, publish: hex(bytes.slice(32, 48)), offset, length: view.getUint32(6)};
}

/**
 * Give the path of a pack of records.
 * @param {string} publish
 * @param {number} number
 * @returns {string}
 */
function packPath(publish, number) {
  return `_/r/${publish}/${number.toString(16).padStart(4, '0')}`;
}

/**
 * Open the manifest of a card's slot; refuse another digest than the card's, and the manifest of another publish.
 * @param {Bytes} message
 * @param {Card} card
 * @param {Portal} portal
 * @returns {Promise<Manifest>}
 */
async function openManifest(message, {slot, edition, digest}, {site, publish, sequence}) {
  if (hex(await sha256(message)) !== hex(digest)) throw trouble('damaged');
  const frame = await openMessage(edition, context(site, 'manifest', `${publish}/${slot}`), message);
  const manifest = readJson(await decodeFrame(frame));
  if (manifest.publish !== publish || manifest.sequence !== sequence) throw trouble('damaged');
  return manifest;
}

/**
 * Open a blob or a record.
 * @param {Bytes} message
 * @param {Bytes} key
 * @param {string} role
 * @param {string} site
 * @returns {Promise<Bytes>}
 */
async function openBlob(message, key, role, site) {
  return decodeFrame(await openMessage(key, context(site, role, await blobId(key)), message));
}

/**
 * Refuse a file of another size or digest than the manifest or record says.
 * @param {Bytes} bytes
 * @param {SealedFile} file
 * @returns {Promise<Bytes>}
 */
async function checkFile(bytes, [, , size, digest]) {
  const found = (await sha256(bytes)).subarray(0, DIGEST);
  if (bytes.length !== size || hex(found) !== hex(unb64(digest))) throw trouble('damaged');
  return bytes;
}
