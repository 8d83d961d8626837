/* Reading offline: which files are fetched ahead, kept and removed. */
'use strict';

const BUDGET = 6e6; // bytes: pages and styles, then images
const ORDER = [/^text\/(html|css)$/, /^image\//];
const WORKERS = 3; // downloads at a time

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
  while (session === current) {
    const file = queue.shift();
    if (!file) return;
    const key = unb64(file[0]);
    if (!await cache.match(await blobPath(key))) await unsealBlob(key, session.site);
  }
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
  const page = await fromPublic(new Request('404.html', {cache: 'no-cache'}));
  const assets = (await page.text()).matchAll(/(?:href|src)="([^"]*theme\/[^"]*)"/g);
  await Promise.all(Array.from(assets, ([, address]) => fromPublic(new Request(address))));
}

/**
 * Answer with a public file and keep a copy; an address with a version never changes.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function fromPublic(request) {
  const cache = await caches.open(PUBLIC);
  const copy = await cache.match(request);
  if (copy && request.url.includes('?')) return copy;
  const response = await fetch(request).then(secured, () => copy ?? Response.error());
  if (response.status === 200 && response !== copy) {
    await cache.delete(request, {ignoreSearch: true}); // its other versions
    await cache.put(request, response.clone());
  }
  return response;
}
