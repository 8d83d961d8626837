/* Forms: what is said above and below them. */
'use strict';

/**
 * Show a message below a form, with the number and the ways of an answer; only one that was sent is thanked for.
 * @param {HTMLFormElement} form
 * @param {string} key
 * @param {{number?: string, text?: string}} [letter]
 */
function tell(form, key, {number = '', text = ''} = {}) {
  const place = /** @type {HTMLElement} */ (form.querySelector('[data-portal="sent"]'));
  const message = /** @type {HTMLTemplateElement} */ (document.querySelector(`template[data-message="${key}"]`));
  const thanks = /** @type {HTMLTemplateElement?} */ (key === 'sent' ? form.querySelector('template') : null);
  place.replaceChildren(...thanks ? [thanks.content.cloneNode(true)] : [], message.content.cloneNode(true));
  place.dataset.number = number;
  place.querySelector('[data-part="number"]')?.replaceChildren(number);
  const mail = `mailto:${document.body.dataset.answers}?subject=${number}&body=${encodeURIComponent(text)}`;
  place.querySelector('[data-part="mail"]')?.setAttribute('href', mail);
  const file = place.querySelector('[data-part="file"]');
  file?.setAttribute('href', URL.createObjectURL(new Blob([text], {type: 'text/plain'})));
  file?.setAttribute('download', `${number}.txt`);
  place.focus();
}

/**
 * Show what became of the last answer to a form instead of its questions, until the publisher has confirmed it.
 * @param {HTMLFormElement} form
 */
async function tellLast(form) {
  const mark = await ownMark();
  const last = readOutbox().filter(letter => letter.form === form.dataset.form && letter.mark === mark).at(-1);
  const unsent = endpoint ? 'waiting' : 'by-hand';
  if (!last) return;
  form.toggleAttribute('data-sent', true);
  tell(form, last.sent ? 'sent' : unsent, last);
}

/**
 * Show the questions of a form again, to somebody who wants to change or add something.
 * @param {HTMLFormElement} form
 */
function reopen(form) {
  form.removeAttribute('data-sent');
  form.querySelector('[data-portal="sent"]')?.replaceChildren();
  form.querySelector('input, textarea, button')?.scrollIntoView({block: 'center'});
}

/**
 * Name the page that "Tell us" is about.
 * @param {HTMLFormElement} form
 */
function nameSubject(form) {
  const page = clues.get('page');
  const about = form.querySelector('[data-portal="about"]');
  about?.querySelector('b')?.replaceChildren(clues.get('title') || page || '');
  about?.toggleAttribute('hidden', !page);
}
