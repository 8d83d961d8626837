'use strict';
/* The member's session in the worker. Its variables are only a memory: a worker that was stopped derives all of it
   again from the store and the cache. */

const PATIENCE = 1000; // ms that a page waits for news of a publish before the kept one answers
const DEADLINE = 20000; // ms that a sign-in waits for portal.json
const IDLE = 12 * 3600 * 1000; // ms after which a device that isn't to remember forgets

let current; // the open session; null: nobody is signed in; undefined: not looked yet
let opening = null; // the one attempt under way
let farewells = 0; // how often somebody left, so that an attempt under way notices

/** Fetch a file of the release; tell a host that can't be reached from a device that is offline. */
async function fetchBytes(path, options) {
  try {
    const response = await fetch(path, options);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch {
    if (!navigator.onLine) throw trouble('offline');
  }
  throw trouble('unreachable');
}

const fetchPortal = async () =>
  readPortal(await fetchBytes('portal.json', {cache: 'no-cache', signal: AbortSignal.timeout(DEADLINE)}));

/** Open a sealed file from the copy kept here, else from the host; keep only what opened. */
async function unseal(path, open) {
  const cache = await caches.open(SEALED); // before the fetch: after a sign-out this cache is gone for good
  const kept = await cache.match(path);
  try {
    if (kept) return await open(new Uint8Array(await kept.arrayBuffer()));
  } catch {
    await cache.delete(path);
  }
  const message = await fetchBytes(path, {cache: 'no-store'});
  const plain = await open(message);
  await cache.put(path, new Response(message)).catch(() => {}); // a full device reads on without a copy
  return plain;
}

const unsealBlob = async (key, role, site) => unseal(await blobPath(key), message => openBlob(message, key, role, site));

/** Open what a member has at a publish: card, manifest, record. */
async function enter(root, portal) {
  const {site, publish} = portal, tag = await cardTag(root, publish), key = await cardKey(root, publish);
  const bucket = bucketPath(portal, tag);
  const card = await unseal(bucket, cards => openCard(cards, tag, key, site));
  const contents = manifestPath(portal, card.slot);
  const manifest = await unseal(contents, message => openManifest(message, card, portal));
  const record = card.record ? readJson(await unsealBlob(card.record, 'record', site)) : {slots: {}};
  const files = new Map(Object.entries({...manifest.files, ...record.files}));
  const parts = [bucket, contents, card.record && await blobPath(card.record)];
  return {site, publish, parts, files, slots: record.slots, older: await isOlder(site, manifest.sequence)};
}

/** Tell whether a higher sequence of this site was seen before; remember the highest. */
async function isOlder(site, sequence) {
  const seen = await recall('seen'), older = seen?.site === site && seen.sequence > sequence;
  if (!older) await keep('seen', {site, sequence});
  return older;
}

/** Open a file; the last one stays at hand, as a PDF viewer asks for many ranges of it. */
async function readFile(session, [key, , size]) {
  if (session.last?.key !== key) session.last = {key, bytes: await unsealBlob(unb64(key), 'blob', session.site)};
  if (session.last.bytes.length !== size) throw trouble('damaged');
  return session.last.bytes;
}

/** Give the open session or null; `fresh` (a page was asked for) looks for a new publish first. */
async function openSession(fresh) {
  if (current !== undefined && !fresh) return current;
  opening ??= reopen(fresh).finally(() => { opening = null; });
  return opening;
}

/** Open the newest publish within reach, else the one kept on this device. */
async function reopen(fresh) {
  const member = await recall('member');
  if (!member) return current = null;
  if (fresh && !member.remember && await isOver()) return leave();
  const old = await recall('portal'), kept = () => adopt(member.root, old);
  if (old && !fresh) return kept();
  await keep('used', Date.now());
  const newest = fetchPortal().then(portal => adopt(member.root, portal)).catch(leaveIfRevoked);
  if (!old) return newest;
  const stale = newest.catch(async () => ({...await kept(), stale: true}));
  const patience = new Promise(resolve => { setTimeout(resolve, PATIENCE); }).then(kept);
  return Promise.any([stale, patience]).catch(({errors}) => { throw errors[0]; });
}

/** Make a member's edition at a publish the open session, unless somebody left meanwhile. */
async function adopt(root, portal) {
  if (current?.publish === portal.publish) return current;
  const before = farewells, session = await enter(root, portal);
  if (before !== farewells) return current;
  await keep('portal', portal);
  return current = session;
}

/** Tell whether a device that isn't to remember has to forget: all tabs were closed, or nobody came for long. */
async function isOver() {
  const tabs = await self.clients.matchAll({type: 'window', includeUncontrolled: true});
  return !tabs.some(tab => tab.url.startsWith(SCOPE)) || Date.now() - await recall('used') > IDLE;
}

/** End the session of a member who has no card any more; pass any other trouble on. */
function leaveIfRevoked(error) {
  if (error.reason === 'unknown') return leave('revoked');
  throw error;
}

/** End the session: key, sealed files, open tabs; a reason is kept for the page that asks next. */
async function leave(reason) {
  farewells += 1;
  current = null;
  await wipe();
  if (reason) await keep('ended', reason);
  const tabs = new BroadcastChannel(NAME);
  tabs.postMessage('left');
  tabs.close();
  return null;
}
