/* Reading offline: which files are fetched ahead, kept and removed. */
'use strict';

const BUDGET = 6e6; // bytes: pages, styles, images
const TABLE = /^application\/json/; // packed to less than an eighth
const ORDER = [/^text\/(html|css)/, TABLE, /^image\/[as]/, /^image\/[^as]/];
const PDF = /^application\/pdf/;
const WORKERS = 3; // downloads at a time
const QUIET = 500; // ms without a request before a file is fetched ahead: a page that the member opens comes first

/**
 * Complete the copy on this device, once a publish; remove what earlier publishes left.
 * @param {Session} session
 * @param {boolean} [isAsked]
 */
async function complete(session, isAsked) {
  if (session !== current) return;
  await keepShell(); // first: a browser may remove public files alone
  if (await isComplete(session)) return;
  if (isAsked || !navigator.connection?.saveData) await fetchAhead(session);
  await prune(session);
  if (session !== current) return;
  await keep('held', (await session.cache.keys()).length);
  await keep('complete', session.publish);
}

/**
 * Tell whether the copy was completed, and no file of it was evicted since.
 * @param {Session} session
 * @returns {Promise<boolean>}
 */
async function isComplete({publish, cache}) {
  if (await recall('complete') !== publish) return false;
  return (await cache.keys()).length >= (await recall('held') ?? 0);
}

/**
 * Fetch the files to read offline.
 * @param {Session} session
 */
async function fetchAhead(session) {
  const queue = [...wanted(session), ...await recall('pdfs') ? ofType(session, PDF) : []];
  await Promise.all(Array.from({length: WORKERS}, () => work(session, queue)));
}

/**
 * List the files to fetch, within the budget.
 * @param {Session} session
 * @returns {SealedFile[]}
 */
function wanted(session) {
  const files = ORDER.flatMap(type => ofType(session, type));
  let left = BUDGET;
  return files.filter(([, type, size]) => {
    const weight = TABLE.test(type) ? size / 8 : size;
    if (weight > left) return false;
    left -= weight;
    return true;
  });
}

/**
 * List the files of a media type.
 * @param {Session} session
 * @param {RegExp} type
 * @returns {SealedFile[]}
 */
function ofType({files}, type) {
  return [...files.values()].filter(file => type.test(file[1]));
}

/**
 * Tell how many bytes the PDFs have that the device could keep and does not; keep them if asked to.
 * @param {{keeps?: boolean}} question
 * @returns {Promise<Partial<Reply>>}
 */
async function pdfs({keeps}) {
  const session = await openSession(false);
  if (!session || await recall('pdfs')) return {size: 0};
  const size = ofType(session, PDF).reduce((sum, [, , bytes]) => sum + bytes, 0);
  const {quota = 0, usage = 0} = await navigator.storage.estimate();
  if (quota - usage < 2 * size) return {size: 0};
  if (keeps) {
    await keep('pdfs', true);
    await forget('complete');
    await complete(session, true);
  }
  return {size};
}

/**
 * Fetch files off a queue while the session lasts.
 * @param {Session} session
 * @param {SealedFile[]} queue
 */
async function work(session, queue) {
  for (;;) {
    await quiet();
    const file = queue.shift();
    if (!file || session !== current) return;
    if (!await session.cache.match(await nameOf(file))) await unsealFile(file, session);
  }
}

/**
 * Wait.
 * @param {number} ms
 * @returns {Promise<void>}
 */
function pause(ms) {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
  });
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
  const {cache} = session;
  const names = await Promise.all(Array.from(session.files.values(), nameOf));
  const held = new Set([...session.parts, ...names]);
  const requests = await cache.keys();
  const left = requests.filter(({url}) => !held.has(url.slice(SCOPE.length)));
  if (session === current) await Promise.all(left.map(request => cache.delete(request)));
}

/**
 * Keep the sign-in page with the files of the theme that it needs; give it if all are there.
 * @returns {Promise<Bytes | null>}
 */
async function keepShell() {
  const page = await fromPublic(new Request('404.html'));
  const bytes = new Uint8Array(await page.arrayBuffer());
  const assets = new TextDecoder().decode(bytes).matchAll(/(?:href|src)="([^"]*theme\/[^"]*)"/g);
  const parts = await Promise.all(Array.from(assets, ([, address]) => fromPublic(new Request(address))));
  return [page, ...parts].every(({ok}) => ok) ? bytes : null;
}
