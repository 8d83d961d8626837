/* Public files: their digests, the paths that the host may be asked for, and answers in place of the host. */
'use strict';

let digests = DIGESTS; // of the newest publish that was seen
let publicPaths = new Set(PATHS);

// Shown when neither the device nor the host has the sign-in page with its styles and scripts.
const LAST_PAGE = '<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width">' +
  '<title>Not now</title><h1>This page can’t be shown just now</h1><a href="">Try again</a>';

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
  const found = await genuine(path, fetchWatched(url)) ?? await genuine(path, fetchNewer(url));
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
  await readNewer();
  return fetchWatched(url, {cache: 'no-cache'});
}

/** Read the digests and public paths of a newer publish in the worker's script on the host. */
async function readNewer() {
  const script = await fetchWatched('sw.js', {cache: 'no-cache'});
  const text = await script.text();
  const [, table] = /^const DIGESTS = (\{.*?\});/m.exec(text) ?? [];
  const [, list] = /^const PATHS = (\[.*\]);/m.exec(text) ?? [];
  digests = JSON.parse(table);
  publicPaths = new Set(JSON.parse(list));
}

/**
 * Tell whether a path is that of a public page or file, perhaps of a newer publish.
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function isPublic(path) {
  if (isListed(path)) return true;
  await readNewer().catch(() => {}); // names no path to the host
  return isListed(path);
}

/**
 * Tell whether a path is that of a known public page or file; a folder may lack its last slash.
 * @param {string} path
 * @returns {boolean}
 */
function isListed(path) {
  return publicPaths.has(fileOf(path)) || publicPaths.has(fileOf(`${path}/`));
}

/**
 * Tell whether the host may be asked: this device has no member, or the path is public and no member's session failed.
 * @param {string} path
 * @param {number} turn
 * @param {string} failure
 * @returns {Promise<boolean>}
 */
async function isForHost(path, turn, failure) {
  const member = await recall('member').catch(() => null); // no session opens without the store
  return !member && turn === farewells || !failure && isPublic(path);
}

/**
 * Answer from the host.
 * @param {Session | null} session
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function fromHost(session, request) {
  const response = await fetch(request).then(secured, () => Response.error());
  const isLost = response.type === 'error';
  const isReplaced = isLost || (session && response.status === 404);
  return isReplaced && request.mode === 'navigate' ? fromNowhere(session, request) : response;
}

/**
 * Answer what is not there, or not now: a page by the edition's own 404, the sign-in page, or what needs no file.
 * @param {Session | null} session
 * @param {Request} request
 * @param {string} [reason]
 * @returns {Promise<Response>}
 */
async function fromNowhere(session, request, reason) {
  const headers = new Headers({'cache-control': 'no-store'});
  const status = reason ? 503 : 404;
  if (request.mode !== 'navigate') return secured({body: null, status, headers});
  const page = session?.files.get('404.html');
  const own = session && page && await answerFile(session, request, page, status, reason).catch(() => null);
  if (own) return own;
  const shell = await keepShell();
  headers.set('content-type', 'text/html; charset=utf-8');
  return secured({body: shell ?? encode(LAST_PAGE), status: shell ? status : 503, headers});
}
