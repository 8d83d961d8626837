/* Places in a page of the edition: slots, filled with the member's own fragments, and parts for certain days. */
'use strict';

const DATED = /<!--days:([\d-]*):([\d-]*)-->([^]*?)<!--\/days-->/g;
const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

// The slot for notices. The names of all slots end in a nonce of the site.
const NOTICE = /^notice-[0-9a-f]{16}$/;
const COPY = 'This is the copy kept on your device.';
const AWAY = `We can’t be reached. ${COPY}`;
/** @type {Record<string, string>} */
const STALE = {
  older: `The pages on our site are older than some you have seen. ${COPY} Please tell us if this lasts.`,
  damaged: `The pages on our site are not as we signed them. ${COPY} Please tell us if this lasts.`,
};

/**
 * Choose the dated parts of a page, and fill its slots; a slot inside a fragment is not filled.
 * @param {string} page
 * @param {Session} session
 * @returns {string}
 */
function fill(page, session) {
  const {slots, stale} = session;
  const ofToday = page.replace(DATED, (_, from, until, part) => (isToday({from, until}) ? part : ''));
  return ofToday.replace(SLOT, (_, name, fallback) => {
    if (NOTICE.test(name)) return stale ? noticeOf(stale) : '';
    return Object.hasOwn(slots, name) ? joined(slots[name]) : fallback;
  });
}

/**
 * Say why the kept copy is shown.
 * @param {string} reason
 * @returns {string}
 */
function noticeOf(reason) {
  return `<p data-notice="${reason in STALE ? reason : 'stale'}">${STALE[reason] ?? AWAY}</p>`;
}

/**
 * Join the fragments for today on this device.
 * @param {Fragment[]} fragments
 * @returns {string}
 */
function joined(fragments) {
  return fragments.filter(isToday).map(({html}) => html).join('');
}

/**
 * Tell whether today, on this device, lies within two days; each may be missing.
 * @param {{from?: string | null, until?: string | null}} days
 * @returns {boolean}
 */
function isToday({from, until}) {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
  const today = local.toISOString().slice(0, 10);
  return (from || today) <= today && today <= (until || today);
}
