/* Offers that end for this member on a day of their own: days are counted, and the first to end is first. */
'use strict';

/**
 * Give the last day of an offer in a list.
 * @param {Element} one
 * @returns {string}
 */
function endOf(one) {
  return one.querySelector('time')?.dateTime ?? '';
}

for (const place of document.querySelectorAll('[data-portal="by-end"]')) {
  place.append(...[...place.children].sort((one, other) => endOf(one).localeCompare(endOf(other))));
}
for (const place of document.querySelectorAll('.own-end')) {
  const day = document.body.dataset.today ?? new Date().toLocaleDateString('sv');
  const left = (Date.parse(endOf(place)) - Date.parse(day)) / 864e5;
  const days = new Intl.RelativeTimeFormat(document.documentElement.lang, {numeric: 'auto'});
  if (left >= 0 && left < 15) place.querySelector('time')?.after(`, ${days.format(left, 'day')}`);
}
