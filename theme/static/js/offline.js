/* Reading offline: which files are fetched ahead, kept and removed. */
'use strict';

const BUDGET = 6e6; // bytes: pages and styles, then images
const ORDER = [/^text\/(html|css)$/, /^image\//];
const WORKERS = 3; // downloads at a time
const QUIET = 500; // ms without a request before a file is fetched ahead: a page that the member opens comes first
let digests = DIGESTS; // of the newest publish that was seen

/**
 * Complete the copy on this device, once a publish; remove what earlier publishes left.
 * @param {Session} session
 */
async function complete(session) {
  if (session !== current || await recall('complete') === session.publish) return;
  await keepShell();
  if (!navigator.connection?.saveData) await fetchAhead(session);
  await prune(session);
  if (session === current) await keep('complete', session.publish);
}

/**
 * Fetch the files to read offline.
 * @param {Session} session
 */
async function fetchAhead(session) {
  const queue = wanted(session);
  await Promise.all(Array.from({length: WORKERS}, () => work(session, queue)));
}

/**
 * List the files to fetch, within the budget.
 * @param {Session} session
 * @returns {SealedFile[]}
 */
function wanted(session) {
  const files = ORDER.flatMap(type => [...session.files.values()].filter(file => type.test(file[1])));
  let left = BUDGET;
  return files.filter(([, , size]) => {
    if (size > left) return false;
    left -= size;
    return true;
  });
}

/**
 * Fetch files off a queue while the session lasts.
 * @param {Session} session
 * @param {SealedFile[]} queue
 */
async function work(session, queue) {
  const cache = await caches.open(SEALED);
  for (;;) {
    await quiet();
    const file = queue.shift();
    if (!file || session !== current) return;
    if (!await cache.match(await blobPath(unb64(file[0])))) await unsealFile(file, session.site);
  }
}

/** Wait until nothing was asked for during QUIET. */
async function quiet() {
  const left = asked + QUIET - performance.now();
  if (left > 0) await pause(left).then(quiet);
}

/**
 * Remove the sealed files that this publish does not hold.
 * @param {Session} session
 */
async function prune(session) {
  const cache = await caches.open(SEALED);
  const blobs = await Promise.all(Array.from(session.files.values(), ([key]) => blobPath(unb64(key))));
  const held = new Set([...session.parts, ...blobs]);
  const requests = await cache.keys();
  const left = requests.filter(({url}) => !held.has(url.slice(SCOPE.length)));
  if (session === current) await Promise.all(left.map(request => cache.delete(request)));
}

/** Keep the sign-in page and the files of the theme that it needs. */
async function keepShell() {
  const page = await fromPublic(new Request('404.html'));
  const assets = (await page.text()).matchAll(/(?:href|src)="([^"]*theme\/[^"]*)"/g);
  await Promise.all(Array.from(assets, ([, address]) => fromPublic(new Request(address))));
}

/**
 * Answer with a public file, from the copy on this device or from the host; one with a wrong digest is an error.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function fromPublic(request) {
  const {url} = request;
  const path = pathOf(request) ?? '';
  const cache = await caches.open(PUBLIC);
  const copy = await genuine(path, cache.match(url));
  if (copy) return copy;
  await cache.delete(url); // another site of this origin may have replaced it
  const found = await genuine(path, fetch(url)) ?? await genuine(path, fetchNewer(url));
  if (!found) return Response.error();
  await cache.delete(url, {ignoreSearch: true}); // its other versions
  await cache.put(url, found.clone()).catch(() => {}); // a full device keeps no copy
  return found;
}

/**
 * Give a public file without foreign headers; null if its digest is wrong.
 * @param {string} path
 * @param {Promise<Response | undefined>} finding
 * @returns {Promise<Response | null>}
 */
async function genuine(path, finding) {
  const response = await finding.catch(() => null);
  if (!response) return null;
  const body = new Uint8Array(await response.arrayBuffer());
  if (hex(new Uint8Array(await crypto.subtle.digest('SHA-256', body))) !== digests[path]) return null;
  const type = response.headers.get('content-type') ?? '';
  const headers = new Headers({'content-type': type, 'cache-control': 'max-age=600'}); // spares next pages the worker
  return secured({body, status: 200, headers});
}

/**
 * Fetch a public file of a newer publish, with its digests: its pages may come before its worker.
 * @param {string} url
 * @returns {Promise<Response>}
 */
async function fetchNewer(url) {
  const script = await fetch('sw.js', {cache: 'no-cache'});
  const [, json] = /^const DIGESTS = (\{.*?\});/m.exec(await script.text()) ?? [];
  digests = JSON.parse(json);
  return fetch(url, {cache: 'no-cache'});
}
