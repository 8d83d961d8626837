'use strict';
/* The worker at the site's root: once a member has signed in, it answers natural addresses from sealed files. */

importScripts(...['seal', 'release', 'store', 'session', 'answer', 'offline'].map(name => `theme/js/${name}.js`));

const PASSED = /^(portal\.json|sw\.js|release\.json(\.sig)?|_\/.*)$/;
const DUTIES = {'sign-in': signIn, 'sign-out': () => leave('signed-out'), status};

self.addEventListener('install', event => event.waitUntil(keepShell().catch(() => {}).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('message', event => event.waitUntil(reply(event)));
self.addEventListener('fetch', event => {
  const path = pathOf(event.request);
  if (path === null || PASSED.test(path)) return;
  event.respondWith(path.startsWith('theme/') ? fromPublic(event.request) : answer(event, path));
});

/** Give the path of a request below the site's root, or null if it is none of ours. */
function pathOf({method, url}) {
  const [address] = url.split(/[?#]/);
  if (!/^(GET|HEAD)$/.test(method) || !address.startsWith(SCOPE)) return null;
  try {
    return decodeURIComponent(address.slice(SCOPE.length));
  } catch {
    return null;
  }
}

/** Answer an address: from the member's files, else from the host, whose sign-in page asks for `status` to explain. */
async function answer(event, path) {
  const {request} = event, page = request.mode === 'navigate';
  try {
    const session = await openSession(page);
    if (!session) return await fromHost(request);
    if (page) event.waitUntil(complete(session).catch(() => {})); // what is missing is fetched when it is asked for
    return await fromNewest(session, request, path) ?? await fromHostOrMissing(session, request);
  } catch (error) {
    reasonOf(error);
    return fromHost(request);
  }
}

/** Answer from the edition; if its files are gone from the host, look once whether a newer publish replaced it. */
async function fromNewest(session, request, path) {
  try {
    return await fromEdition(session, request, path);
  } catch (error) {
    const newer = await openSession(true);
    if (!newer || newer.publish === session.publish) throw error;
    return fromEdition(newer, request, path);
  }
}

/** Answer from the host; without one, a page becomes the sign-in page kept here. */
const fromHost = request => fetch(request).then(secured,
  () => (request.mode === 'navigate' ? fromPublic(new Request('404.html')) : Response.error()));

/** Answer with a public file, else with the edition's own page for addresses it doesn't have. */
async function fromHostOrMissing(session, request) {
  const response = await fetch(request).then(secured, Response.error), missing = session.files.get('404.html');
  const found = response.status && response.status !== 404;
  return found || !missing || request.mode !== 'navigate' ? response : answerFile(session, request, missing, 404);
}

/** Do what a page asks for, and answer it. */
async function reply({data, ports: [port]}) {
  const done = DUTIES[data.do](data).then(more => ({ok: true, ...more}));
  port.postMessage(await done.catch(error => ({ok: false, reason: reasonOf(error)})));
}

/** Give the reason of an error; one without is a mistake of ours, to be seen by us. */
function reasonOf(error) {
  if (!error.reason) console.error(error);
  return error.reason ?? 'damaged';
}

/** Sign a member in; who was signed in before has to leave. */
async function signIn({code, remember}) {
  const root = await memberRoot(readCode(code)), portal = await fetchPortal();
  await enter(root, portal);
  if (await recall('member')) await leave();
  await keep('member', {root, remember}).catch(() => { throw trouble('unsupported'); });
  await keep('used', Date.now());
  await forget('ended');
  await adopt(root, portal);
}

/** Tell why an address can't be shown to the member, if so; or how the last session ended, a sign-out only once. */
async function status({path}) {
  const session = await openSession(false), file = session && (find(session, path) ?? find(session, `${path}/`));
  if (file) return readFile(session, file).then(() => null, error => ({reason: reasonOf(error)}));
  if (session) return {reason: 'missing'};
  const reason = await recall('ended');
  if (reason === 'signed-out') await forget('ended');
  return {ok: false, reason};
}
