'use strict';
/* The worker: it answers a member's natural addresses from sealed files. */

importScripts(...['seal', 'release', 'store', 'session', 'answer', 'offline'].map(name => `theme/js/${name}.js`));

const PASSED = /^(portal\.json|sw\.js|release\.json|_\/)/;
const DUTIES = {'sign-in': signIn, 'sign-out': () => leave('signed-out'), status};

self.addEventListener('install', event => event.waitUntil(Promise.allSettled([keepShell(), self.skipWaiting()])));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('message', event => event.waitUntil(reply(event)));
self.addEventListener('fetch', event => {
  const path = pathOf(event.request);
  if (path === null || PASSED.test(path)) return;
  event.respondWith(path.startsWith('theme/') ? fromPublic(event.request) : answer(event, path));
});

/** Decode if possible. */
const decoded = path => { try { return decodeURIComponent(path); } catch { return path; } };

/** Give a path below the root, or null. */
function pathOf({method, url}) {
  const [address] = url.split(/[?#]/), ours = /^(GET|HEAD)$/.test(method) && address.startsWith(SCOPE);
  return ours ? decoded(address.slice(SCOPE.length)) : null;
}

/** Answer from the edition, else from the host. */
async function answer(event, path) {
  const {request} = event, page = request.mode === 'navigate';
  const turn = farewells;
  let session = null;
  try {
    session = await openSession(page);
    if (page && session) event.waitUntil(session.ahead ??= complete(session).catch(() => {}));
    const found = session && await fromNewest(session, request, path);
    if (found && turn === farewells) return found; // nobody left meanwhile
  } catch (error) {
    reasonOf(error);
    session = null;
  }
  return fromHost(session, request);
}

/** Answer from the edition, or once from a newer publish. */
async function fromNewest(session, request, path) {
  try {
    return await fromEdition(session, request, path);
  } catch (error) {
    const newer = await openSession(true);
    if (!newer || newer.publish === session.publish) throw error;
    return fromEdition(newer, request, path);
  }
}

/** Answer from the host; a page it lacks is the edition's own 404 or, offline, the sign-in page. */
async function fromHost(session, request) {
  const response = await fetch(request).then(secured, () => Response.error());
  const lost = response.type === 'error';
  if (request.mode !== 'navigate' || !lost && response.status !== 404) return response;
  const missing = session?.files.get('404.html');
  if (missing) return answerFile(session, request, missing, 404).catch(() => response);
  return lost ? fromPublic(new Request('404.html')) : response;
}

/** Do what a page asks for. */
async function reply({data, ports: [port]}) {
  const done = DUTIES[data.do](data).then(more => ({ok: true, ...more}));
  port?.postMessage(await done.catch(error => ({ok: false, reason: reasonOf(error)})));
}

function reasonOf(error) {
  if (!error.reason) console.warn(error); // a damaged file, or a mistake of ours
  return error.reason ?? 'damaged';
}

/** Sign in; whoever was signed in leaves. */
async function signIn({code, remember}) {
  const root = await memberRoot(readCode(code)), portal = await fetchPortal();
  await enter(root, portal);
  if (await recall('member')) await leave();
  await keep('member', {root, remember}).catch(() => { throw trouble('unsupported'); });
  await keep('used', Date.now());
  await forget('ended');
  await adopt(root, portal, farewells);
}

/** Tell why an address can't be shown or, without a session, how the last one ended (a sign-out once). */
async function status(asked) {
  const path = decoded(asked.path), session = await openSession(false);
  const file = session && (find(session, path) ?? find(session, `${path}/`));
  if (file) return readFile(session, file).then(() => null, error => ({reason: reasonOf(error)}));
  if (session) return {reason: 'missing'};
  const reason = await recall('ended');
  if (reason === 'signed-out') await forget('ended');
  return {ok: false, reason};
}
