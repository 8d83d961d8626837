/* What is new since the last visit, and a hint, once, to install the portal. The days of two visits are kept on the
   device until the sign-out. */
'use strict';

const latest = /** @type {HTMLElement?} */ (document.querySelector('[data-portal="latest"]'));

/**
 * Note a visit, and return the day of the one before; a full or locked storage throws.
 * @returns {string}
 */
function noteVisit() {
  const now = new Date();
  const today = new Date(Number(now) - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const [before = '', last = '', hinted = ''] = (localStorage.getItem(VISITS) ?? '').split(' ');
  const earlier = last === today ? before : last;
  localStorage.setItem(VISITS, [earlier, today, hinted || (earlier && hint())].join(' ').trimEnd());
  return earlier;
}

/**
 * Show how to install the portal, on the front page of a browser; return what notes it.
 * @returns {string}
 */
function hint() {
  const place = document.querySelector('[data-portal="install"]');
  if (!place || matchMedia('(display-mode: standalone)').matches) return '';
  place.toggleAttribute('hidden', false);
  return 'hinted';
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
  const pointer = document.querySelector('.new-here');
  pointer?.querySelector('b')?.replaceChildren(String(lines.length - old.length));
  pointer?.toggleAttribute('hidden', false);
}

try {
  showNew();
} catch {
  // Without storage, the list stays that of the latest.
}
