/* What a member can open at a publish. */
'use strict';

/**
 * Open card, manifest and record of a member at a publish; refuse one that the site did not sign, or an old one.
 * @param {CryptoKey} root
 * @param {Portal} portal
 * @param {string} [next]
 * @returns {Promise<Session>}
 */
async function enter(root, portal, next) {
  const cache = await caches.open(SEALED); // first: a sign-out meanwhile deletes it
  const {site, publish, date} = portal;
  const tag = await cardTag(root, publish);
  const key = await cardKey(root, publish);
  const path = bucketPath(portal, tag);
  const publicKey = await siteKey();
  const card = await unseal(cache, path, bucket => openCard(bucket, {path, tag, key, site, publicKey}));
  await verifyPortal(portal, card.publicKey);
  await refuseOlder(portal);
  const contents = manifestPath(publish, card.slot);
  const opening = unseal(cache, contents, message => openManifest(message, card, portal));
  if (next !== undefined) opening.then(({files}) => readAhead(files, next, {cache, site}), () => {});
  const [manifest, record] = await Promise.all([opening, openRecord(cache, card.record, site)]);
  const files = new Map(Object.entries({...manifest.files, ...record.files}));
  const parts = [path, contents];
  if (card.record) parts.push(recordName(card.record));
  await note('seen', {site, sequence: portal.sequence, publicKey: card.publicKey});
  return {site, publish, date, cache, parts, files, slots: record.slots, opened: new Map()};
}

/**
 * Begin to read the page that is asked for next and the colours of its edition, while the record comes.
 * @param {Record<string, SealedFile>} files
 * @param {string} path
 * @param {Pick<Session, 'cache' | 'site'>} session
 */
function readAhead(files, path, session) {
  for (const name of ['assets/tiers.css', fileOf(path)]) {
    if (Object.hasOwn(files, name)) unsealFile(files[name], session).catch(() => {});
  }
}

/**
 * Give the public key in the script of the worker, else that of an earlier card.
 * @returns {Promise<Bytes | undefined>}
 */
async function siteKey() {
  return PUBLIC_KEY ? unb64(PUBLIC_KEY) : (await recall('seen'))?.publicKey;
}

/**
 * Open the record of a member, and place the files that follow it; without one, there are no slots.
 * @param {Cache} cache
 * @param {Place | null} place
 * @param {string} site
 * @returns {Promise<MemberRecord>}
 */
async function openRecord(cache, place, site) {
  if (!place) return {slots: {}};
  const {key, offset, length} = place;
  const record = readJson(await unseal(
    cache, recordName(place), message => openBlob(message, key, 'record', site), () => fetchRecord(place),
  ));
  for (const file of Object.values(record.files)) {
    if (file[4]) file[4] = {...place, offset: offset + length, length: file[4]};
  }
  return record;
}

/**
 * Refuse a publish with a lower sequence than one of this site that was opened on this device.
 * @param {Portal} portal
 */
async function refuseOlder({site, sequence}) {
  const seen = await recall('seen');
  if (seen?.site === site && seen.sequence > sequence) throw trouble('older');
}

/**
 * Fetch portal.json, unless a page has just fetched it; refuse one that the site did not sign, or an old one.
 * @param {Bytes} [fetched]
 * @returns {Promise<Portal>}
 */
async function fetchTrusted(fetched) {
  const portal = fetched ? readPortal(fetched) : await fetchPortal();
  const publicKey = await siteKey();
  if (publicKey) await verifyPortal(portal, publicKey);
  await refuseOlder(portal);
  return portal;
}
