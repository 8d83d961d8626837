/* What pages ask the worker to do: sign in, unlock, sign out, tell the status of an address or a code, look for news,
   keep PDFs, exchange its key. */
'use strict';

/** @type {Record<string, (question: any) => Promise<Partial<Reply> | null | void>>} */
const DUTIES = {
  news, pdfs, share, status, take, unlock, whose,
  check: checkCode,
  ahead: async ({path}) => prepare(decoded(path)),
  lock: () => recall('member').then(member => ({lock: member?.lock, isTaken: Boolean(member)})),
  'sign-in': signIn,
  'sign-out': () => leave('signed-out'),
};

/**
 * Do what a page asks for, and reply.
 * @param {ExtendableMessageEvent} event
 */
async function reply({data, ports: [port]}) {
  const doing = DUTIES[data.do](data).then(more => ({ok: true, ...more}));
  port?.postMessage(await doing.catch(error => ({ok: false, reason: reasonOf(error), fault: error.fault})));
}

/**
 * Give the reason of an error.
 * @param {any} error
 * @returns {string}
 */
function reasonOf(error) {
  if (!error.reason) console.warn(error); // a damaged file, or a mistake of ours
  return error.reason ?? 'damaged';
}

/**
 * Check that a code opens the newest publish.
 * @param {{code: string}} question
 * @returns {Promise<void>}
 */
async function checkCode({code}) {
  await enter(await memberRoot(readCode(code)), await fetchTrusted());
}

/**
 * Tell whether a code is that of the member who is signed in; another one has to open the newest publish.
 * @param {{code: string}} question
 * @returns {Promise<Partial<Reply>>}
 */
async function whose({code}) {
  const {publish} = await openSession(false) ?? await fetchTrusted();
  const member = await recall('member');
  const roots = [await memberRoot(readCode(code)), member && await rootOf(member, false)];
  const [tag, own] = await Promise.all(roots.map(async root => root && hex(await cardTag(root, publish))));
  if (tag !== own) await checkCode({code});
  return {isOwn: tag === own};
}

/**
 * Look for a newer publish than that of a page; fail with the reason for which there is no news.
 * @param {{publish: string}} question
 * @returns {Promise<Partial<Reply>>}
 */
async function news({publish}) {
  const newest = await renew();
  return {isNew: Boolean(newest && newest.publish !== publish)};
}

/**
 * Sign a member in, and open the page that is asked for next; a member who is signed in leaves.
 * @param {{code: string, remember: boolean, lock?: SealedRoot, portal?: Bytes, path: string}} question
 */
async function signIn({code, remember, lock, portal: fetched, path}) {
  const root = await memberRoot(readCode(code));
  const portal = await fetchTrusted(fetched);
  const entered = await enter(root, portal, decoded(path));
  const isTaken = await recall('member');
  if (isTaken) await leave();
  const id = crypto.randomUUID();
  await keep('member', lock ? {id, lock} : {id, root: remember ? root : undefined}).catch(error => {
    throw trouble(error?.name === 'QuotaExceededError' ? 'full' : 'unsupported');
  });
  memberKey = {id, root};
  await note('used', Date.now());
  await forget('ended');
  await adopt(root, portal, farewells, isTaken ? undefined : entered);
}

/**
 * Tell why an address cannot be shown or, without a session, how the last one ended (a sign-out once).
 * @param {{path: string}} question
 * @returns {Promise<Partial<Reply> | null>}
 */
async function status(question) {
  const path = decoded(question.path);
  const session = await openSession(false).catch(error => ({reason: reasonOf(error), fault: error.fault}));
  if (session) return {isIn: true, ...await ('reason' in session ? {ok: false, ...session} : statusOf(session, path))};
  const reason = await recall('ended');
  if (reason === 'signed-out') await forget('ended');
  return {ok: false, reason: reason ?? (await isCleared() ? 'cleared' : undefined)};
}

/**
 * Tell whether a browser has cleared the store alone: opened pages are left, and no trace of a session.
 * @returns {Promise<boolean>}
 */
async function isCleared() {
  if (await recall('seen') || !await caches.has(SEALED)) return false;
  return (await (await caches.open(SEALED)).keys()).length > 0;
}

/**
 * Tell why a path of the edition cannot be shown.
 * @param {Session} session
 * @param {string} path
 * @returns {Promise<Partial<Reply> | null>}
 */
async function statusOf(session, path) {
  const file = find(session, path) ?? find(session, `${path}/`);
  if (!file) return {reason: 'missing'};
  return readFile(session, file).then(() => null, error => ({reason: reasonOf(error)}));
}
