/* Forms: an answer is sealed to the publisher, and put into the outbox. */
'use strict';

const answering = document.getElementById('answering')?.getAttribute('value') ?? ''; // from the member's record
const [answerMember, memberKey = ''] = answering.split(' ');
const clues = new URLSearchParams(location.hash.slice(1)); // `page` and `title` of "Tell us", `by` of a referral

/**
 * Read the values of a form, and of the button that sends it; a question of several choices gives a list.
 * @param {HTMLFormElement} form
 * @param {HTMLElement?} [button]
 * @returns {Record<string, string | string[]>}
 */
function valuesOf(form, button) {
  /** @type {Record<string, string | string[]>} */
  const values = {};
  const data = new FormData(form, button);
  for (const name of new Set(data.keys())) {
    const {type} = /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`));
    const given = data.getAll(name).map(value => String(value).trim()).filter(Boolean);
    const one = type === 'number' ? String(Number(given[0])) : given[0]; // 1e2 is 100
    if (given.length) values[name.slice(2)] = type === 'checkbox' ? given : one;
  }
  return values;
}

/**
 * Give what is sealed, without the random id.
 * @param {HTMLFormElement} form
 * @param {HTMLElement?} button
 * @returns {{values: object} & Record<string, unknown>}
 */
function payloadOf(form, button) {
  const now = new Date();
  const written = new Date(Number(now) - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  const {form: path = '', page = '', about} = form.dataset;
  const named = {member: answerMember || undefined, about, by: clues.get('by') ?? undefined};
  return {form: path, page: clues.get('page') ?? page, written, ...named, values: valuesOf(form, button)};
}

/**
 * Send a form, once for two clicks.
 * @param {HTMLFormElement} form
 * @param {HTMLElement?} button
 */
async function sendOnce(form, button) {
  if (form.ariaBusy || !isComplete(form)) return;
  form.ariaBusy = 'true';
  await send(form, button).finally(() => {
    form.ariaBusy = null;
  });
}

/**
 * Seal what is written; say why not, where it can't be.
 * @param {HTMLFormElement} form
 * @param {HTMLElement?} button
 * @returns {Promise<{number: string, text: string} | null>}
 */
async function sealed(form, button) {
  const {key = '', site = ''} = form.dataset;
  const payload = payloadOf(form, button);
  if (!Object.keys(payload.values).length) {
    tell(form, 'empty');
    return null;
  }
  const letter = await sealAnswer(payload, {key, site, memberKey}).catch(() => null);
  if (letter?.text) return letter;
  tell(form, letter ? 'too-long' : 'unsealed');
  return null;
}

/**
 * Seal an answer, keep it, and post it where there is an endpoint; without room on the device it is posted at once.
 * @param {HTMLFormElement} form
 * @param {HTMLElement?} button
 */
async function send(form, button) {
  const found = await sealed(form, button);
  if (!found) return;
  const letter = {...found, form: form.dataset.form ?? '', sent: '', tries: 0, mark: await ownMark()};
  const isKept = keepLetter(letter);
  form.toggleAttribute('data-sent', true);
  forgetDraft(form);
  if (form.dataset.again === 'yes') form.reset(); // the next one is another
  tell(form, endpoint && isKept ? 'waiting' : 'by-hand', letter);
  if (!isKept && endpoint && await postLetter(letter)) tell(form, 'sent', letter);
  await sendWaiting();
}

/**
 * Make a form ready: its page, its draft, its last answer.
 * @param {HTMLFormElement} form
 */
function prepare(form) {
  nameSubject(form);
  form.querySelector('[data-portal="again"]')?.addEventListener('click', () => reopen(form));
  form.addEventListener('submit', event => {
    event.preventDefault();
    sendOnce(form, event.submitter);
  });
  document.addEventListener('posted', event => {
    const number = String(/** @type {CustomEvent} */ (event).detail);
    const shown = form.querySelector('[data-portal="sent"]')?.getAttribute('data-number');
    if (shown === number) tell(form, 'sent', {number});
  });
  form.addEventListener('change', () => {
    requireTicks(form);
    askGuests(form);
  });
  askGuests(form);
  keepDraft(form);
  tellLast(form);
}

/** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-form]')).forEach(prepare);
