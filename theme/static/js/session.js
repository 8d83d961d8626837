'use strict';
/* The member's session. Variables are only a memory: a worker that was stopped starts from store and cache. */

const PATIENCE = 1000; // ms a page waits for news of a publish
const DEADLINE = 20000; // ms a sign-in waits
const IDLE = 12 * 3600 * 1000; // ms until a device that isn't to remember forgets

let current; // the open session; null: nobody's; undefined: not looked yet
let opening = null; // the attempt under way
let farewells = 0; // how often somebody left: what began before is void

/** Fetch a file of the release; tell an absent host from an offline device. */
async function fetchBytes(path, options) {
  const body = await fetch(path, options).then(response => response.ok && response.arrayBuffer()).catch(() => null);
  if (!body) throw trouble(navigator.onLine ? 'unreachable' : 'offline');
  return new Uint8Array(body);
}

const fetchPortal = async () =>
  readPortal(await fetchBytes('portal.json', {cache: 'no-cache', signal: AbortSignal.timeout(DEADLINE)}));

/** Open a sealed file, from the copy kept here or the host; keep only what opened. */
async function unseal(path, open) {
  const cache = await caches.open(SEALED); // first: a sign-out meanwhile makes it vanish
  const kept = await cache.match(path);
  try {
    if (kept) return await open(new Uint8Array(await kept.arrayBuffer()));
  } catch {
    await cache.delete(path);
  }
  const message = await fetchBytes(path, {cache: 'no-store'});
  const plain = await open(message);
  await cache.put(path, new Response(message)).catch(() => {}); // a full device does without
  return plain;
}

const unsealBlob = async (key, role, site) =>
  unseal(await blobPath(key), message => openBlob(message, key, role, site));

/** Open what a member has at a publish: card, manifest, record. */
async function enter(root, portal) {
  const {site, publish} = portal, tag = await cardTag(root, publish), key = await cardKey(root, publish);
  const bucket = bucketPath(portal, tag);
  const card = await unseal(bucket, cards => openCard(cards, tag, key, site));
  const contents = `_/m/${publish}/${card.slot}`;
  const manifest = await unseal(contents, message => openManifest(message, card, portal));
  const record = card.record ? readJson(await unsealBlob(card.record, 'record', site)) : {slots: {}};
  const files = new Map(Object.entries({...manifest.files, ...record.files}));
  const parts = [bucket, contents, card.record && await blobPath(card.record)];
  return {site, publish, parts, files, slots: record.slots, older: await isOlder(site, manifest.sequence)};
}

/** Tell whether a higher sequence of this site was seen; remember the highest. */
async function isOlder(site, sequence) {
  const seen = await recall('seen'), older = seen?.site === site && seen.sequence > sequence;
  if (!older) await keep('seen', {site, sequence});
  return older;
}

/** Open a file; the last stays at hand for range after range. */
async function readFile(session, [key, , size]) {
  if (session.last?.key !== key) session.last = {key, bytes: await unsealBlob(unb64(key), 'blob', session.site)};
  if (session.last.bytes.length !== size) throw trouble('damaged');
  return session.last.bytes;
}

/** Give the open session or null; `fresh` looks for a new publish first. */
async function openSession(fresh) {
  if (current !== undefined && !fresh) return current;
  opening ??= reopen(fresh).finally(() => { opening = null; });
  return opening;
}

/** Open the newest publish within reach, else the one kept here. */
async function reopen(fresh) {
  const turn = farewells, member = await recall('member');
  if (!member) return current = null;
  if (fresh && !member.remember && await isOver()) return leave();
  const old = await recall('portal'), kept = () => adopt(member.root, old, turn);
  if (old && !fresh) return kept();
  await keep('used', Date.now());
  const newest = fetchPortal().then(portal => adopt(member.root, portal, turn)).catch(error => {
    if (error.reason !== 'unknown' || turn !== farewells) throw error;
    return leave('revoked');
  });
  if (!old) return newest;
  const stale = newest.catch(async () => ({...await kept(), stale: true}));
  const patience = new Promise(resolve => { setTimeout(resolve, PATIENCE); }).then(kept);
  return Promise.any([stale, patience]).catch(({errors}) => { throw errors[0]; });
}

/** Make a publish the open session, unless somebody left since the turn. */
async function adopt(root, portal, turn) {
  if (turn !== farewells || current?.publish === portal.publish) return current;
  const session = await enter(root, portal);
  if (turn !== farewells) return current;
  current = session;
  await keep('portal', portal);
  return session;
}

/** Tell whether a device that isn't to remember forgets: no tab is open, or nobody came for long. */
async function isOver() {
  const tabs = await self.clients.matchAll({type: 'window', includeUncontrolled: true});
  return !tabs.some(tab => tab.url.startsWith(SCOPE)) || Date.now() - await recall('used') > IDLE;
}

/** End the session, in all tabs; the reason waits for the page that asks. */
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
