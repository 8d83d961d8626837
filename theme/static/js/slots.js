/* Slots, own parts, dated parts and days in a page. */
'use strict';

const DATED = /<!--days:([\d-]*):([\d-]*)-->([^]*?)<!--\/days-->/g;
const DAY = /<!--published:([\w-]+)-->/g;
const DAYS_UNTIL = /<!--days-until:([\d-]{10}):([\w-]+)-->/g;
const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

const OWN = /<!--own:([a-z][a-z0-9-]*)-->([^]*?)<!--\/own-->/g;
const OURS_ONLY = /^(news|missing|not-loaded)-[0-9a-f]{16}$/; // slots that no record fills

/**
 * Choose the dated parts of a page, and fill its slots; with a reason, it stands for a page that is not loaded.
 * @param {string} page
 * @param {Session} session
 * @param {string} [reason]
 * @returns {string}
 */
function fill(page, session, reason) {
  const {slots, publish, date} = session;
  const ofToday = page.replace(DATED, (_, from, until, part) => (isToday({from, until}) ? part : ''));
  const published = new Date(`${date}T12:00`);
  const stated = ofToday.replace(DAY, (_, tag) => published.toLocaleDateString(tag, {dateStyle: 'long'}));
  const counted = stated.replace(DAYS_UNTIL, (_, day, tag) => daysUntil(day, tag));
  const own = counted.replace(OWN, (_, name, part) => (joined(slots, name) === undefined ? '' : part));
  return own.replace(SLOT, (_, name, fallback) => {
    const [, ours] = OURS_ONLY.exec(name) ?? [];
    if (ours === 'news') return `<data value="${publish}" hidden></data>`;
    if (ours) return (ours === 'missing') === !reason ? fallback : '';
    return joined(slots, name) ?? (Object.hasOwn(slots, name) ? '' : fallback);
  });
}

/**
 * Join the fragments of a slot for today, if there are any.
 * @param {Record<string, Fragment[]>} slots
 * @param {string} name
 * @returns {string | undefined}
 */
function joined(slots, name) {
  const fragments = Object.hasOwn(slots, name) ? slots[name].filter(isToday) : [];
  return fragments.length ? fragments.map(({html}) => html).join('') : undefined;
}

/**
 * Tell in words of a language how many days it is until a day, for two weeks.
 * @param {string} day
 * @param {string} tag
 * @returns {string}
 */
function daysUntil(day, tag) {
  const days = (Date.parse(day) - Date.parse(localDay())) / 86400000;
  if (!(days >= 0 && days <= 14)) return '';
  return new Intl.RelativeTimeFormat(tag, {numeric: 'auto'}).format(days, 'day');
}

/**
 * Tell whether today lies within two days.
 * @param {{from?: string | null, until?: string | null}} days
 * @returns {boolean}
 */
function isToday({from, until}) {
  const today = localDay();
  return (from || today) <= today && today <= (until || today);
}

/**
 * Write today as YYYY-MM-DD.
 * @returns {string}
 */
function localDay() {
  const now = new Date();
  return new Date(Number(now) - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}
