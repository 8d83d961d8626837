/* The service worker: it answers a member's natural addresses from sealed files. */
'use strict';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Record<string, string>} */
const DIGESTS = {}; // SHA-256 of the files below theme/ and of 404.html; the build writes them here
/** @type {string[]} */
const PATHS = []; // of all other public files; the build writes them here
const PUBLIC_KEY = ''; // of the site, Ed25519 in base64url; a publish writes it here
const ENDPOINT = ''; // of answers, if there is one; the build writes it here
importScripts( // the build writes these files here: a browser then asks for one script, not for each in turn
  'theme/js/seal.js', 'theme/js/container.js', 'theme/js/code.js', 'theme/js/bootstrap.js', 'theme/js/release.js',
  'theme/js/store.js', 'theme/js/host.js', 'theme/js/unseal.js', 'theme/js/edition.js', 'theme/js/member-key.js',
  'theme/js/session.js', 'theme/js/slots.js', 'theme/js/opened.js', 'theme/js/answer.js', 'theme/js/public.js',
  'theme/js/offline.js', 'theme/js/duties.js',
);

let asked = 0; // ms, of the last request
// Without a route, Chromium also asks the host for a page while it starts the worker (ServiceWorkerAutoPreload).
const ALWAYS_ASKED = {condition: {requestMethod: 'GET'}, source: 'fetch-event'};
const PASSED = /^(portal\.json|sw\.js|release\.json(\.sig)?|_\/.*)$/; // the host answers

worker.addEventListener('install', event => {
  event.addRoutes?.(ALWAYS_ASKED);
  event.waitUntil(worker.skipWaiting());
  keepShell().catch(() => {}); // not awaited: a member is signing in
});
worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', event => event.waitUntil(reply(event)));
worker.addEventListener('fetch', event => {
  const path = pathOf(event.request);
  if (path === null || PASSED.test(path)) return;
  asked = performance.now();
  event.respondWith(path.startsWith('theme/') ? fromPublic(event.request) : answer(event, path));
});

/**
 * Give the path of a request below the root; null if it is for another place or not for reading.
 * @param {{method: string, url: string}} request
 * @returns {string | null}
 */
function pathOf({method, url}) {
  const [address] = url.split(/[?#]/);
  const isOurs = /^(GET|HEAD)$/.test(method) && address.startsWith(SCOPE);
  return isOurs ? decoded(address.slice(SCOPE.length)) : null;
}

/**
 * Decode a path if possible.
 * @param {string} path
 * @returns {string}
 */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Answer from the edition, else from the host; where a member is signed in, only public paths go to the host.
 * @param {FetchEvent} event
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function answer(event, path) {
  const {request} = event;
  const turn = farewells;
  let failure = '';
  if (request.mode === 'navigate') prepare(path); // while the store is read
  const session = await openSession(request.mode === 'navigate').catch(error => {
    failure = reasonOf(error);
  }) ?? null;
  const found = session && await fromSession(event, session, path);
  const here = turn === farewells ? session : null; // the member may have left meanwhile
  if (found && here) return found;
  return await isForHost(path, turn, failure) ? fromHost(here, request) : fromNowhere(here, request, failure);
}

/**
 * Answer from a session, if it has the path; one that cannot be loaded is explained.
 * @param {FetchEvent} event
 * @param {Session} session
 * @param {string} path
 * @returns {Promise<Response | null>}
 */
function fromSession(event, session, path) {
  const {request} = event;
  if (request.mode === 'navigate') event.waitUntil(completed(session));
  return fromNewest(session, request, path).catch(error => fromNowhere(session, request, reasonOf(error)));
}

/**
 * Complete the copy for reading offline, once a session.
 * @param {Session} session
 * @returns {Promise<void>}
 */
function completed(session) {
  session.ahead ??= complete(session).catch(() => {});
  return session.ahead;
}

/**
 * Answer from the edition, or once from a newer publish.
 * @param {Session} session
 * @param {Request} request
 * @param {string} path
 * @returns {Promise<Response | null>}
 */
async function fromNewest(session, request, path) {
  try {
    return await fromEdition(session, request, path);
  } catch (error) {
    if (/unreachable|offline/.test(/** @type {Trouble} */ (error).reason)) throw error; // nor is there a newer one
    const newer = await renew();
    if (!newer || newer.publish === session.publish) throw error;
    return fromEdition(newer, request, path);
  }
}
