/* The member's session. Variables are only a memory: a worker that was stopped starts from store, caches and pages. */
'use strict';

/** @type {Session | null | undefined} */
let current; // the open session; null: nobody is signed in; undefined: not looked for yet
/** @type {Promise<Session | null | undefined> | null} */
let opening = null; // the attempt under way
/** @type {Promise<Session | null | undefined> | null} */
let renewing = null; // the look for a newer publish under way
let farewells = 0; // counts sign-outs: what began before one is void after it

/**
 * Give the open session or null; opening a page counts as a use of the session.
 * @param {boolean} isPage
 * @returns {Promise<Session | null | undefined>}
 */
async function openSession(isPage) {
  if (current !== undefined && !isPage) return current;
  opening ??= reopen(isPage).finally(() => {
    opening = null;
  });
  return opening;
}

/**
 * Open the publish kept on this device, else the newest.
 * @param {boolean} isPage
 * @returns {Promise<Session | null | undefined>}
 */
async function reopen(isPage) {
  const turn = farewells;
  const member = await recall('member');
  if (!member) {
    current = null;
    return null;
  }
  const root = await rootOf(member, isPage);
  if (turn !== farewells) return current;
  if (!root) return isPage ? lose(member) : null;
  if (isPage) await noteUse(member);
  if (current) return current;
  const kept = await recall('portal');
  const opened = kept && await adopt(root, kept, turn).catch(() => null);
  return opened || turn !== farewells ? current : openNewest(root, turn);
}

/**
 * Look for a newer publish, and open it.
 * @returns {Promise<Session | null | undefined>}
 */
function renew() {
  renewing ??= reopenNewest().finally(() => {
    renewing = null;
  });
  return renewing;
}

/**
 * Open the newest publish of the member who is signed in.
 * @returns {Promise<Session | null | undefined>}
 */
async function reopenNewest() {
  const turn = farewells;
  const member = await recall('member');
  const root = member && await rootOf(member, false);
  return root && turn === farewells ? openNewest(root, turn) : current;
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
 * Make a publish, perhaps one that is open, the open session, unless the member left since the turn.
 * @param {CryptoKey} root
 * @param {Portal} portal
 * @param {number} turn
 * @param {Session} [entered]
 * @returns {Promise<Session | null | undefined>}
 */
async function adopt(root, portal, turn, entered) {
  if (turn !== farewells || current?.publish === portal.publish) return current;
  const session = entered ?? await enter(root, portal);
  if (turn !== farewells) return current;
  current = session;
  await note('portal', portal);
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
  if (reason) await note('ended', reason);
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
