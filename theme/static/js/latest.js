/* The list of what is new since the last visit; the days of two visits are kept on the device until the sign-out. */
'use strict';

const latest = /** @type {HTMLElement?} */ (document.querySelector('[data-portal="latest"]'));

/**
 * Note a visit, and return the day of the one before; a full or locked storage throws.
 * @returns {string}
 */
function noteVisit() {
  const now = new Date();
  const today = new Date(Number(now) - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const [before = '', last = ''] = (localStorage.getItem(VISITS) ?? '').split(' ');
  if (last === today) return before;
  localStorage.setItem(VISITS, `${last} ${today}`);
  return last;
}

/** Show what came since the visit before, if anything did. */
function showNew() {
  const before = noteVisit();
  if (!latest || !before) return;
  const lines = [...latest.querySelectorAll('li')];
  const old = lines.filter(line => (line.querySelector('time')?.dateTime ?? '') <= before);
  if (old.length === lines.length) return;
  for (const line of lines) line.hidden = old.includes(line);
  latest.querySelector('h2')?.replaceChildren(latest.dataset.new ?? '');
}

try {
  showNew();
} catch {
  // Without storage, the list stays that of the latest.
}
