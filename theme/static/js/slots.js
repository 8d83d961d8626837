/* Slots: places in a page of the edition that are filled with the member's own fragments. */
'use strict';

const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

// For the slot `notice`. The names of all slots end in a nonce of the site.
const NOTICE = /^notice-[0-9a-f]{16}$/;
const STALE = '<p data-notice="stale">We can’t be reached. This is the copy kept on your device.</p>';
const OLDER = '<p data-notice="older">These pages are older than some you have seen. Please tell us if this lasts.</p>';

/**
 * Fill the slots of a page; a slot inside a fragment is not filled.
 * @param {string} page
 * @param {Session} session
 * @returns {string}
 */
function fill(page, session) {
  const {slots} = session;
  const notices = noticesOf(session);
  return page.replace(SLOT, (_, name, fallback) => {
    if (NOTICE.test(name)) return joined(notices);
    return Object.hasOwn(slots, name) ? joined(slots[name]) : fallback;
  });
}

/**
 * List the notices on the state of a session.
 * @param {Session} session
 * @returns {Fragment[]}
 */
function noticesOf(session) {
  const notices = [];
  if (session.stale) notices.push({html: STALE});
  if (session.older) notices.push({html: OLDER});
  return notices;
}

/**
 * Join the fragments for today on this device.
 * @param {Fragment[]} fragments
 * @returns {string}
 */
function joined(fragments) {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
  const today = local.toISOString().slice(0, 10);
  const shown = fragments.filter(({from, until}) => (from ?? today) <= today && today <= (until ?? today));
  return shown.map(({html}) => html).join('');
}
