/* Slots, own parts, dated parts and days in a page. */
'use strict';

const DATED = /<!--days:([\d-]*):([\d-]*)-->([^]*?)<!--\/days-->/g;
const DAY = /<!--(published|today):([\w-]+)-->/g;
const DAYS_UNTIL = /<!--days-until:([\d-]{10}):([\w-]+)-->/g;
const SLOT = /<!--slot:([a-z][a-z0-9-]*)-->([^]*?)<!--\/slot-->/g;

const OWN = /<!--own:([a-z][a-z0-9-]*)-->([^]*?)<!--\/own-->/g;
const OURS_ONLY = /^(news|missing|not-loaded|wrong-day)-[0-9a-f]{16}$/; // slots that no record fills

/**
 * Choose the dated parts of a page, and fill its slots; with a reason, it stands for a page that is not loaded.
 * @param {string} page
 * @param {Session} session
 * @param {string} [reason]
 * @returns {string}
 */
function fill(page, session, reason) {
  const {slots, publish, date} = session;
  const today = dayFor(date);
  const ofToday = page.replace(DATED, (_, from, until, part) => (isWithin({from, until}, today) ? part : ''));
  const days = {published: new Date(`${date}T12:00`), today: new Date()};
  const stated = ofToday.replace(DAY, (_, /** @type {keyof typeof days} */ which, tag) =>
    days[which].toLocaleDateString(tag, {dateStyle: 'long'}));
  const counted = stated.replace(DAYS_UNTIL, (_, day, tag) => daysUntil(today, day, tag));
  const own = counted.replace(OWN, (_, name, part) => (joined(slots, name, today) === undefined ? '' : part));
  /** @type {Record<string, boolean>} */
  const shown = {missing: !reason, 'not-loaded': Boolean(reason), 'wrong-day': today !== localDay()};
  return own.replace(SLOT, (_, name, fallback) => {
    const [, ours] = OURS_ONLY.exec(name) ?? [];
    if (ours === 'news') return `<data value="${publish}" hidden></data>`;
    if (ours) return shown[ours] ? fallback : '';
    return joined(slots, name, today) ?? (Object.hasOwn(slots, name) ? '' : fallback);
  });
}

/**
 * Join the fragments of a slot for today, if there are any.
 * @param {Record<string, Fragment[]>} slots
 * @param {string} name
 * @param {string} today
 * @returns {string | undefined}
 */
function joined(slots, name, today) {
  const fragments = Object.hasOwn(slots, name) ? slots[name].filter(days => isWithin(days, today)) : [];
  return fragments.length ? fragments.map(({html}) => html).join('') : undefined;
}

/**
 * Count the days between two days.
 * @param {string} from
 * @param {string} to
 * @returns {number}
 */
function daysBetween(from, to) {
  return (Date.parse(to) - Date.parse(from)) / 86400000;
}

/**
 * Tell in words of a language how many days it is until a day, for two weeks.
 * @param {string} today
 * @param {string} day
 * @param {string} tag
 * @returns {string}
 */
function daysUntil(today, day, tag) {
  const days = daysBetween(today, day);
  if (!(days >= 0 && days <= 14)) return '';
  return new Intl.RelativeTimeFormat(tag, {numeric: 'auto'}).format(days, 'day');
}

/**
 * Tell whether today lies within two days.
 * @param {{from?: string | null, until?: string | null}} days
 * @param {string} today
 * @returns {boolean}
 */
function isWithin({from, until}, today) {
  return (from || today) <= today && today <= (until || today);
}

/**
 * Give the day of the device, or that of the publish where the device's is before it or more than a year after it.
 * @param {string} published
 * @returns {string}
 */
function dayFor(published) {
  const today = localDay();
  const age = daysBetween(published, today);
  return age >= -1 && age <= 366 ? today : published;
}

/**
 * Write today as YYYY-MM-DD.
 * @returns {string}
 */
function localDay() {
  const now = new Date();
  return new Date(Number(now) - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}
