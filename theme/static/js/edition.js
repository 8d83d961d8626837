/* What a member has at a publish: the files of the edition, and the member's own files and slots. */
'use strict';

/**
 * Open card, manifest and record of a member at a publish.
 * @param {CryptoKey} root
 * @param {Portal} portal
 * @returns {Promise<Session>}
 */
async function enter(root, portal) {
  const {site, publish} = portal;
  const tag = await cardTag(root, publish);
  const key = await cardKey(root, publish);
  const bucket = bucketPath(portal, tag);
  const card = await unseal(bucket, cards => openCard(cards, tag, key, site));
  const contents = manifestPath(publish, card.slot);
  const manifest = await unseal(contents, message => openManifest(message, card, portal));
  const record = await openRecord(card.record, site);
  const files = new Map(Object.entries({...manifest.files, ...record.files}));
  const parts = [bucket, contents];
  if (card.record) parts.push(await blobPath(card.record));
  return {site, publish, parts, files, slots: record.slots, older: await isOlder(site, manifest.sequence)};
}

/**
 * Open the record of a member; a member without one has no slots and no own files.
 * @param {Bytes | null} key
 * @param {string} site
 * @returns {Promise<MemberRecord>}
 */
async function openRecord(key, site) {
  if (!key) return {slots: {}};
  return readJson(await unsealBlob(key, 'record', site));
}

/**
 * Tell whether a higher sequence of this site was seen; remember the highest.
 * @param {string} site
 * @param {number} sequence
 * @returns {Promise<boolean>}
 */
async function isOlder(site, sequence) {
  const seen = await recall('seen');
  if (seen?.site === site && seen.sequence > sequence) return true;
  await keep('seen', {site, sequence});
  return false;
}

/**
 * Find the file of a path, or the index of a folder.
 * @param {Session} session
 * @param {string} path
 * @returns {SealedFile | undefined}
 */
function find(session, path) {
  const isFolder = path === '' || path.endsWith('/');
  return session.files.get(isFolder ? `${path}index.html` : path);
}

/**
 * Open a file; the last one stays in memory, since players and PDF viewers ask for range after range.
 * @param {Session} session
 * @param {SealedFile} file
 * @returns {Promise<Bytes>}
 */
async function readFile(session, [key, , size]) {
  if (session.last?.key !== key) session.last = {key, bytes: await unsealBlob(unb64(key), 'blob', session.site)};
  const {bytes} = session.last;
  if (bytes.length !== size) throw trouble('damaged');
  return bytes;
}
