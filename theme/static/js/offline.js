'use strict';
/* Reading offline: what is fetched ahead, let go, kept. */

const BUDGET = 6e6; // bytes: pages and styles, then images
const ORDER = [/^text\/(html|css)$/, /^image\//];

/** Complete the copy on this device, once a publish; let go of what earlier ones left. */
async function complete(session) {
  if (session !== current || await recall('complete') === session.publish) return;
  await keepShell();
  if (!navigator.connection?.saveData) {
    const queue = wanted(session);
    await Promise.all([1, 2, 3].map(() => work(session, queue)));
  }
  await prune(session);
  if (session === current) await keep('complete', session.publish);
}

/** List the files to fetch, within the budget. */
function wanted(session) {
  const files = ORDER.flatMap(type => [...session.files.values()].filter(file => type.test(file[1])));
  let left = BUDGET;
  return files.filter(([, , size]) => size <= left && (left -= size) >= 0);
}

/** Fetch files off a queue while the session lasts. */
async function work(session, queue) {
  const cache = await caches.open(SEALED);
  while (session === current && queue.length) {
    const key = unb64(queue.shift()[0]);
    if (!await cache.match(await blobPath(key))) await unsealBlob(key, 'blob', session.site);
  }
}

/** Remove sealed files that this publish doesn't hold. */
async function prune(session) {
  const cache = await caches.open(SEALED);
  const blobs = await Promise.all([...session.files.values()].map(([key]) => blobPath(unb64(key))));
  const held = new Set([...session.parts, ...blobs]);
  const left = (await cache.keys()).filter(({url}) => !held.has(url.slice(SCOPE.length)));
  if (session === current) await Promise.all(left.map(request => cache.delete(request)));
}

/** Keep the sign-in page and what it needs. */
async function keepShell() {
  const page = await fromPublic(new Request('404.html', {cache: 'no-cache'}));
  const assets = (await page.text()).matchAll(/(?:href|src)="([^"]*theme\/[^"]*)"/g);
  await Promise.all(Array.from(assets, ([, address]) => fromPublic(new Request(address))));
}

/** Answer with a public file and keep it; an address with a version never changes. */
async function fromPublic(request) {
  const cache = await caches.open(PUBLIC), kept = await cache.match(request);
  if (kept && request.url.includes('?')) return kept;
  const response = await fetch(request).then(secured, () => kept ?? Response.error());
  if (response.status === 200 && response !== kept) {
    await cache.delete(request, {ignoreSearch: true}); // its other versions
    await cache.put(request, response.clone());
  }
  return response;
}
