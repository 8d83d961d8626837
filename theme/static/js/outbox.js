/* On every page: sealed answers wait on the device until they are posted, and until a publish has confirmed them. */
'use strict';

/** @typedef {{number: string, text: string, form: string, sent: string, tries: number, mark: string}} SealedLetter */

const OUTBOX = `answers ${new URL(document.body.dataset.root || './', document.baseURI).pathname}`; // in localStorage
const endpoint = document.body.dataset.endpoint ?? '';
const REPEATED_AFTER = 21; // days without a confirmation
const MOST_TRIES = 5; // what is never confirmed was refused
const HALF_A_MINUTE = 30_000; // ms
let untilNextTry = 5_000; // ms, doubled by each failure
let nextTry = 0; // of a timer

/**
 * Read the answers that are not confirmed yet.
 * @returns {SealedLetter[]}
 */
function readOutbox() {
  try {
    return JSON.parse(localStorage.getItem(OUTBOX) ?? '[]');
  } catch {
    return [];
  }
}

/**
 * Write them; a full or locked storage throws.
 * @param {SealedLetter[]} letters
 */
function writeOutbox(letters) {
  if (letters.length) localStorage.setItem(OUTBOX, JSON.stringify(letters));
  else localStorage.removeItem(OUTBOX);
}

/**
 * Add one; tell whether the device could keep it.
 * @param {SealedLetter} letter
 * @returns {boolean}
 */
function keepLetter(letter) {
  try {
    writeOutbox([...readOutbox(), letter]);
  } catch {
    return false;
  }
  return true;
}

/**
 * Change one of them, if it is still there; another tab may have changed the others.
 * @param {string} number
 * @param {Partial<SealedLetter>} change
 */
function changeLetter(number, change) {
  writeOutbox(readOutbox().map(letter => (letter.number === number ? {...letter, ...change} : letter)));
}

/** Remove what the publisher has confirmed; what was posted long ago without that is posted again. */
function tidyOutbox() {
  const confirmed = document.getElementById('received')?.getAttribute('value')?.split(' ') ?? [];
  const due = new Date(Date.now() - REPEATED_AFTER * 86_400_000).toISOString();
  const open = readOutbox().filter(({number, tries}) => !confirmed.includes(number) && tries < MOST_TRIES);
  writeOutbox(open.map(letter => (letter.sent && letter.sent < due ? {...letter, sent: ''} : letter)));
}

/**
 * Post a sealed answer; any answer of the endpoint but a success leaves it in the outbox.
 * @param {SealedLetter} letter
 * @returns {Promise<boolean>}
 */
async function postLetter({number, text, tries}) {
  try {
    const {ok} = await fetch(endpoint, {
      method: 'POST', body: new URLSearchParams({answer: text}), headers: {accept: 'application/json'},
      credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(HALF_A_MINUTE),
    });
    if (ok) changeLetter(number, {sent: new Date().toISOString(), tries: tries + 1});
    return ok;
  } catch {
    return false;
  }
}

/** Post what waits, one after the other; try again later where the endpoint can't be reached. */
async function sendWaiting() {
  if (!endpoint) return;
  clearTimeout(nextTry);
  showWaiting();
  for (const letter of readOutbox().filter(({sent}) => !sent)) {
    if (!await postLetter(letter)) {
      untilNextTry *= 2;
      nextTry = Number(setTimeout(sendWaiting, untilNextTry));
      return;
    }
    showWaiting();
    document.dispatchEvent(new CustomEvent('posted', {detail: letter.number}));
  }
}

/** Forget what the sign-out must not leave: drafts, which forms were answered, and what has been posted. */
function emptyOutbox() {
  localStorage.removeItem(`${OUTBOX} drafts`);
  writeOutbox(readOutbox().filter(({sent}) => !sent).map(letter => ({...letter, form: '', mark: ''})));
}

/** Say on every page whether an answer waits to be posted. */
function showWaiting() {
  const isWaiting = endpoint !== '' && readOutbox().some(({sent}) => !sent);
  document.querySelector('[data-portal="waiting"]')?.toggleAttribute('hidden', !isWaiting);
}

try {
  tidyOutbox();
} catch {
  // Without storage, nothing waits.
}
addEventListener('online', sendWaiting);
sendWaiting();
