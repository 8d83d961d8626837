/* What a browser does not check in a form by itself. */
'use strict';

/**
 * Ask for a tick among several where one is needed; a browser knows that of a single box only.
 * @param {HTMLFormElement} form
 */
function requireTicks(form) {
  for (const set of form.querySelectorAll('[data-required]')) {
    const boxes = set.querySelectorAll('input');
    boxes[0].required = ![...boxes].some(box => box.checked);
  }
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
