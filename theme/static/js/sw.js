/* The service worker: it answers a member's natural addresses from sealed files. */
'use strict';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Record<string, string>} */
const DIGESTS = {}; // SHA-256 of the files below theme/ and of 404.html; the build writes them here
const PUBLIC_KEY = ''; // of the site, Ed25519 in base64url; a publish writes it here
importScripts( // the build writes these files here: a browser then asks for one script, not for each in turn
  'theme/js/seal.js', 'theme/js/container.js', 'theme/js/code.js', 'theme/js/bootstrap.js', 'theme/js/release.js',
  'theme/js/store.js', 'theme/js/unseal.js', 'theme/js/edition.js', 'theme/js/member-key.js', 'theme/js/session.js',
  'theme/js/slots.js', 'theme/js/answer.js', 'theme/js/offline.js', 'theme/js/duties.js',
);

const PASSED = /^(portal\.json|sw\.js|release\.json|_\/)/; // the host answers
let asked = 0; // ms, of the last request

worker.addEventListener('install', event => event.waitUntil(Promise.allSettled([keepShell(), worker.skipWaiting()])));
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
 * @param {Request} request
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
 * Answer from the edition, else from the host.
 * @param {FetchEvent} event
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function answer(event, path) {
  const {request} = event;
  const isPage = request.mode === 'navigate';
  const turn = farewells;
  let session = null;
  try {
    session = await openSession(isPage);
    if (session) {
      if (isPage) event.waitUntil(completed(session));
      const found = await fromNewest(session, request, path);
      if (found && turn === farewells) return found; // the member did not leave meanwhile
    }
  } catch (error) {
    reasonOf(error);
    session = null;
  }
  return fromHost(session, request);
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
    const newer = await openSession(true);
    if (!newer || newer.publish === session.publish) throw error;
    return fromEdition(newer, request, path);
  }
}

/**
 * Answer from the host; a page it lacks is the edition's own 404 or, offline, the sign-in page.
 * @param {Session | null | undefined} session
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function fromHost(session, request) {
  const response = await fetch(request).then(secured, () => Response.error());
  const isLost = response.type === 'error';
  const isMissingPage = request.mode === 'navigate' && (isLost || response.status === 404);
  if (!isMissingPage) return response;
  const page = session?.files.get('404.html');
  if (session && page) return answerFile(session, request, page, 404).catch(() => response);
  return isLost ? fromPublic(new Request('404.html')) : response;
}
