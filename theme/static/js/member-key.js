/* The key of the session: the member's root. Only a device that remembers without a passkey stores it. Else it lies in
   the memory of this worker and of open pages, which give it back when the browser has stopped the worker. */
'use strict';

const PATIENT = 3000; // ms that the worker waits for the pages' answers: a PDF in a tab gives none
const IDLE = 12 * 3600 * 1000; // ms after which a key that is not stored is forgotten

/** @type {SessionKey | null} */
let memberKey = null;

/**
 * Give the member's root: the stored one, or the one in memory, here or in a page.
 * @param {Member} member
 * @param {boolean} isFresh
 * @returns {Promise<CryptoKey | null>}
 */
async function rootOf(member, isFresh) {
  if (member.root) return member.root;
  if (isFresh && await isOver()) return null;
  if (memberKey?.id !== member.id) memberKey = await keyOfPages(member.id);
  return memberKey && memberKey.root;
}

/**
 * Ask all pages for the key of a session: the browser has stopped the worker that held it.
 * @param {string} id
 * @returns {Promise<SessionKey | null>}
 */
async function keyOfPages(id) {
  const late = new Promise((_, reject) => {
    setTimeout(reject, PATIENT);
  });
  const keys = (await ourPages()).map(page => keyOfPage(page, id));
  return Promise.race([Promise.any(keys), late]).catch(() => null);
}

/**
 * Ask a page for the key of a session; fail without one.
 * @param {Client} page
 * @param {string} id
 * @returns {Promise<SessionKey>}
 */
function keyOfPage(page, id) {
  const {port1, port2} = new MessageChannel();
  page.postMessage(null, [port2]);
  return new Promise((resolve, reject) => {
    port1.onmessage = ({data}) => (data?.id === id ? resolve(data) : reject());
  });
}

/** List the open pages of the portal. */
async function ourPages() {
  const tabs = await worker.clients.matchAll({type: 'window', includeUncontrolled: true});
  return tabs.filter(tab => tab.url.startsWith(SCOPE));
}

/**
 * Tell whether a key that is not stored is forgotten: no page is open, or none was used for long.
 * @returns {Promise<boolean>}
 */
async function isOver() {
  if (!(await ourPages()).length) return true;
  const used = await recall('used');
  return used !== undefined && Date.now() - used > IDLE;
}

/**
 * Note when a page was opened, for a key that is not stored.
 * @param {Member} member
 */
async function noteUse({root}) {
  if (!root) await note('used', Date.now());
}

/** Give a page the key, unless it is stored. */
async function share() {
  const member = await recall('member');
  return member && !member.root && memberKey?.id === member.id ? {key: memberKey} : {};
}

/**
 * Take the key from a page that closes: the next page may load without a worker, and no page is left to ask.
 * @param {{key: SessionKey}} question
 */
async function take({key}) {
  const member = await recall('member');
  if (member?.id === key.id) memberKey = key;
}

/**
 * Take the root that a passkey opened.
 * @param {{root: CryptoKey}} question
 */
async function unlock({root}) {
  const turn = farewells;
  const member = await recall('member');
  if (!member?.lock || turn !== farewells) throw trouble('unknown');
  memberKey = {id: member.id, root};
  await note('used', Date.now());
}
