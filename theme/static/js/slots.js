/* Slots, dated parts and the day of the publish in a page. */
'use strict';

const DATED = /<!--days:([\d-]*):([\d-]*)-->([^]*?)<!--\/days-->/g;
const DAY = /<!--published:([\w-]+)-->/g;
const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

// The slot for notices.
const NOTICE = /^notice-[0-9a-f]{16}$/;
const COPY = 'This is the copy kept on your device.';
const AWAY = `We can’t be reached. ${COPY}`;
/** @type {Record<string, string>} */
const STALE = {
  older: `The pages on our site are older than some you have seen. ${COPY} Please tell us if this lasts.`,
  damaged: `The pages on our site are not as we signed them. ${COPY} Please tell us if this lasts.`,
};

/**
 * Choose the dated parts of a page, and fill its slots; no slot inside a fragment is filled.
 * @param {string} page
 * @param {Session} session
 * @returns {string}
 */
function fill(page, session) {
  const {slots, stale, date} = session;
  const ofToday = page.replace(DATED, (_, from, until, part) => (isToday({from, until}) ? part : ''));
  const published = new Date(`${date}T12:00`);
  const stated = ofToday.replace(DAY, (_, tag) => published.toLocaleDateString(tag, {dateStyle: 'long'}));
  return stated.replace(SLOT, (_, name, fallback) => {
    if (NOTICE.test(name)) return stale ? noticeOf(stale) : '';
    return Object.hasOwn(slots, name) ? joined(slots[name]) : fallback;
  });
}

/**
 * Say why the copy is shown.
 * @param {string} reason
 * @returns {string}
 */
function noticeOf(reason) {
  return `<p data-notice="${reason in STALE ? reason : 'stale'}">${STALE[reason] ?? AWAY}</p>`;
}

/**
 * Join the fragments for today.
 * @param {Fragment[]} fragments
 * @returns {string}
 */
function joined(fragments) {
  return fragments.filter(isToday).map(({html}) => html).join('');
}

/**
 * Tell whether today lies within two days.
 * @param {{from?: string | null, until?: string | null}} days
 * @returns {boolean}
 */
function isToday({from, until}) {
  const now = new Date();
  const today = new Date(Number(now) - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  return (from || today) <= today && today <= (until || today);
}
