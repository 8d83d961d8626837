/* What is written into a form of a member stays on the device until it is sent, sealed under a key of the record. */
'use strict';

const DRAFT = `draft ${location.pathname}`; // in localStorage

/**
 * Restore a draft of a form, and keep what is written from now on; only for members, whose record has the key.
 * @param {HTMLFormElement} form
 */
async function keepDraft(form) {
  if (!memberKey) return;
  const data = await openDraft(localStorage.getItem(DRAFT) ?? '', memberKey).catch(() => '');
  for (const [name, value] of data ? JSON.parse(data) : []) restore(form, name, value);
  form.addEventListener('change', () => writeDraft(form));
  document.addEventListener('visibilitychange', () => document.hidden && writeDraft(form));
}

/**
 * Give a field of a form the value of a draft.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function restore(form, name, value) {
  for (const field of form.querySelectorAll(`[name="${name}"]`)) {
    if (field instanceof HTMLTextAreaElement) field.value = value;
    else if (field instanceof HTMLInputElement && /radio|checkbox/.test(field.type)) field.checked ||= field.value === value;
    else if (field instanceof HTMLInputElement) field.value = value;
  }
}

/**
 * Write the draft of a form, sealed; a full or locked storage loses it.
 * @param {HTMLFormElement} form
 */
async function writeDraft(form) {
  if (form.hasAttribute('data-sent')) return;
  const values = JSON.stringify([...new FormData(form)]);
  const sealed = await sealDraft(values, memberKey);
  try {
    localStorage.setItem(DRAFT, sealed);
  } catch { /* the draft lives as long as the page */ }
}

/** Remove the draft. */
function forgetDraft() {
  localStorage.removeItem(DRAFT);
}
