/* Drafts: what is written into forms stays on the device, sealed under a key of the member's record. */
'use strict';

const DRAFTS = `${OUTBOX} drafts`; // in localStorage
/** @type {Promise<unknown>} */
let drafting = Promise.resolve(); // one change after the other

/**
 * Derive the key of a member's drafts.
 * @param {string} key
 * @returns {Promise<CryptoKey>}
 */
async function draftKey(key) {
  const bytes = await hmac256(readBase64(key), 'draft');
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * Seal the drafts of a member as text.
 * @param {Record<string, unknown>} drafts
 * @param {string} key
 * @returns {Promise<string>}
 */
async function sealDraft(drafts, key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plaintext = await joined(JSON.stringify(drafts));
  return base64(await joined(iv, await crypto.subtle.encrypt({name: 'AES-GCM', iv}, await draftKey(key), plaintext)));
}

/**
 * Open the drafts of a member; those of another member, or under a former code, count as none.
 * @param {string?} text
 * @param {string} key
 * @returns {Promise<Record<string, any>>}
 */
async function openDraft(text, key) {
  try {
    const sealed = readBase64(text ?? '');
    const [iv, rest] = [sealed.slice(0, 12), sealed.slice(12)];
    const plaintext = await crypto.subtle.decrypt({name: 'AES-GCM', iv}, await draftKey(key), rest);
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch {
    return {};
  }
}

/**
 * Change the draft of a form; `undefined` removes it.
 * @param {HTMLFormElement} form
 * @param {object} [values]
 */
function changeDraft({dataset: {form: path = ''}}, values) {
  drafting = drafting.then(async () => {
    const drafts = await openDraft(localStorage.getItem(DRAFTS), memberKey);
    localStorage.setItem(DRAFTS, await sealDraft({...drafts, [path]: values}, memberKey));
  }).catch(() => {}); // without storage, nothing is kept
}

/**
 * Remove the draft of a form that was sent.
 * @param {HTMLFormElement} form
 */
function forgetDraft(form) {
  if (memberKey) changeDraft(form);
}

/**
 * Show the draft of a form, and keep what is written into it; without a member there is no key to keep it under.
 * @param {HTMLFormElement} form
 */
async function keepDraft(form) {
  if (!memberKey) return;
  form.addEventListener('input', () => changeDraft(form, valuesOf(form)));
  const values = (await openDraft(localStorage.getItem(DRAFTS), memberKey))[form.dataset.form ?? ''] ?? {};
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    const value = values[field.name.slice(2)];
    if (value && /radio|checkbox/.test(field.type)) field.checked = [value].flat().includes(field.value);
    else if (value) field.value = value;
  }
  form.dispatchEvent(new Event('change'));
}

/**
 * Sign an entry of the outbox for its member; the next one on this device must not see it as their own.
 * @returns {Promise<string>}
 */
async function ownMark() {
  return memberKey && base64(await hmac256(readBase64(memberKey), 'outbox')).slice(0, 8);
}
