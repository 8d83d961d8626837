/* What a browser does not check in a form by itself. */
'use strict';

/**
 * Ask for a tick among several where one is needed, in words of the page; a browser knows that of a single box only.
 * @param {HTMLFormElement} form
 */
function requireTicks(form) {
  for (const set of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-required]'))) {
    const boxes = set.querySelectorAll('input');
    boxes[0].setCustomValidity([...boxes].some(box => box.checked) ? '' : set.dataset.required ?? '');
  }
}

/**
 * Ask those who come, and nobody else, what only they can answer.
 * @param {HTMLFormElement} form
 */
function askGuests(form) {
  const guests = /** @type {HTMLFieldSetElement?} */ (form.querySelector('[data-with]'));
  if (!guests) return;
  const coming = /** @type {HTMLInputElement?} */ (form.querySelector('[name="q-coming"]:checked'));
  guests.disabled = coming?.value !== guests.dataset.with;
  guests.hidden = guests.disabled;
}

/**
 * Tell whether nothing is missing, a text of spaces counts as none; the browser shows what is missing.
 * @param {HTMLFormElement} form
 * @returns {boolean}
 */
function isComplete(form) {
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[required]'))) {
    if (!field.value.trim()) field.value = '';
  }
  requireTicks(form);
  return form.reportValidity();
}
