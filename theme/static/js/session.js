/* The member's session. Variables are only a memory: a worker that was stopped starts from store, caches and pages. */
'use strict';

const PATIENCE = 1000; // ms that a page waits for news of a publish

/** @type {Session | null | undefined} */
let current; // the open session; null: nobody is signed in; undefined: not looked for yet
/** @type {Promise<Session | null | undefined> | null} */
let opening = null; // the attempt under way
let farewells = 0; // counts sign-outs: what began before one is void after it

/**
 * Give the open session or null; a fresh one looks for a new publish first.
 * @param {boolean} isFresh
 * @returns {Promise<Session | null | undefined>}
 */
async function openSession(isFresh) {
  if (current !== undefined && !isFresh) return current;
  opening ??= reopen(isFresh).finally(() => {
    opening = null;
  });
  return opening;
}

/**
 * Open the newest publish within reach, else the one kept on this device.
 * @param {boolean} isFresh
 * @returns {Promise<Session | null | undefined>}
 */
async function reopen(isFresh) {
  const turn = farewells;
  const member = await recall('member');
  if (!member) {
    current = null;
    return null;
  }
  const root = await rootOf(member, isFresh);
  if (turn !== farewells) return current;
  if (!root) return isFresh ? lose(member) : null;
  const kept = await recall('portal');
  if (kept && !isFresh) return adopt(root, kept, turn);
  await keep('used', Date.now());
  const newest = openNewest(root, turn);
  return kept ? newestOrKept(newest, () => adopt(root, kept, turn)) : newest;
}

/**
 * End a session whose key is lost; a passkey can open it again.
 * @param {Member} member
 * @returns {Promise<null>}
 */
async function lose(member) {
  if (!member.lock) return leave();
  current = null;
  memberKey = null;
  return null;
}

/**
 * Open the publish that the host serves; a member whose code it no longer knows is signed out.
 * @param {CryptoKey} root
 * @param {number} turn
 * @returns {Promise<Session | null | undefined>}
 */
async function openNewest(root, turn) {
  try {
    return await adopt(root, await fetchTrusted(), turn);
  } catch (error) {
    if (/** @type {Trouble} */ (error).reason !== 'unknown' || turn !== farewells) throw error;
    return leave('revoked');
  }
}

/**
 * Wait for the newest publish, but not for long; open the one kept on this device if the newest is late or fails.
 * @param {Promise<Session | null | undefined>} newest
 * @param {() => Promise<Session | null | undefined>} openKept
 * @returns {Promise<Session | null | undefined>}
 */
function newestOrKept(newest, openKept) {
  const stale = newest.catch(async error => {
    const session = await openKept();
    return session && {...session, stale: reasonOf(error)};
  });
  return Promise.any([stale, pause(PATIENCE).then(openKept)]).catch(({errors}) => {
    throw errors[0];
  });
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

/**
 * Make a publish the open session, unless the member left since the turn.
 * @param {CryptoKey} root
 * @param {Portal} portal
 * @param {number} turn
 * @returns {Promise<Session | null | undefined>}
 */
async function adopt(root, portal, turn) {
  if (turn !== farewells || current?.publish === portal.publish) return current;
  const session = await enter(root, portal);
  if (turn !== farewells) return current;
  current = session;
  await keep('portal', portal);
  return session;
}

/**
 * End the session in all tabs; the reason is kept for the page that asks next.
 * @param {string} [reason]
 * @returns {Promise<null>}
 */
async function leave(reason) {
  farewells += 1;
  current = null;
  memberKey = null;
  await wipe();
  if (reason) await keep('ended', reason);
  for (const tab of await ourPages()) {
    tab.postMessage(null); // pages forget the key
    if (isOwnFile(tab)) tab.navigate(SCOPE).catch(() => {}); // not awaited: this worker answers it
  }
  const tabs = new BroadcastChannel(NAME);
  tabs.postMessage('left');
  tabs.close();
  return null;
}

/**
 * Tell whether a tab shows a file of the member: a file has no script that closes it.
 * @param {WindowClient} tab
 * @returns {boolean}
 */
function isOwnFile({url}) {
  const path = pathOf({method: 'GET', url}) ?? '';
  return /\.(?!html$)\w+$/.test(path) && !isListed(path);
}
