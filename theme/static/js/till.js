/* The till: judges a coupon code at once, without a network, and notes what is redeemed on this device. */
'use strict';

const isTouched = matchMedia('(pointer: coarse)').matches;
const codeField = /** @type {HTMLInputElement} */ (element('code'));
let asked = 0; // counts questions: answers to any but the last are dropped

/** Place the cursor in the field, unless that opens a keyboard on the screen. */
function focusField() {
  if (!isTouched) codeField.focus();
}

/**
 * Judge the code in the field.
 * @param {Till} till
 */
async function judgeField(till) {
  asked += 1;
  const turn = asked;
  const verdict = await readCoupon(codeField.value, till.offers, today(), noted());
  if (turn !== asked) return;
  if (verdict.outcome === 'access-code') codeField.value = '';
  if (verdict.outcome === 'mistyped' && await tellMember(codeField.value)) return;
  answer(verdict.outcome, verdict);
  if (isTouched && verdict.outcome !== 'mistyped') codeField.blur(); // its keyboard would hide the answer
  const button = document.querySelector('[data-till="redeem"]');
  button?.addEventListener('click', () => redeem(till, verdict));
  button?.scrollIntoView({block: 'center'}); // not below the navigation of a phone
}

/**
 * Show an answer.
 * @param {string} outcome
 * @param {Partial<Verdict>} verdict
 */
function answer(outcome, verdict) {
  show(outcome, factsOf(outcome, verdict));
}

/**
 * Show the words of an answer, with facts in them.
 * @param {string} outcome
 * @param {Record<string, unknown>} facts
 */
function show(outcome, facts) {
  element('answer').dataset.outcome = outcome;
  element('answer').replaceChildren(worded(outcome, facts));
}

/**
 * List the facts that the words of an answer may name.
 * @param {string} outcome
 * @param {Partial<Verdict>} verdict
 * @returns {Record<string, unknown>}
 */
function factsOf(outcome, {offer, days = [], group, letters}) {
  const code = letters && written(letters);
  const last = days.length && longDay([...days].sort()[days.length - 1]);
  if (!offer) return {group, code, last};
  const used = days.length + Number(outcome === 'valid'); // with this use, if it is made
  const count = offer.limit > 1 ? `${used} / ${offer.limit}` : '';
  return {...offer, group, code, last, count, starts: longDay(offer.starts), ends: longDay(offer.ends)};
}

/**
 * Write a day in the language of the page.
 * @param {string} day
 * @returns {string}
 */
function longDay(day) {
  return new Date(day).toLocaleDateString(document.documentElement.lang, {dateStyle: 'long', timeZone: 'UTC'});
}

/** Take the answer away: a code is being typed. */
function rest() {
  asked += 1;
  answer('rest', {});
}

/**
 * Note a use, if it is still allowed: another tab may have noted one meanwhile.
 * @param {Till} till
 * @param {Verdict} judged
 */
async function redeem(till, {letters = ''}) {
  const uses = noted();
  const verdict = await readCoupon(letters, till.offers, today(), uses);
  const {outcome, offer} = verdict;
  if (outcome !== 'valid' || !offer) {
    answer(outcome, verdict);
    return;
  }
  const {id, title, points} = offer;
  try {
    note([...uses, {offer: id, title, points, letters, day: today(), time: nowHere().slice(11, 16)}]);
  } catch {
    answer('full', verdict);
    return;
  }
  answer('redeemed', verdict);
  codeField.value = '';
  focusField();
  list();
}

const data = document.querySelector('[data-page="till"] > main > script[data-till="data"]'); // not in any content

/** Set the till up; uses that were downloaded are deleted when their offer is gone. */
function begin() {
  const till = JSON.parse(data?.textContent ?? '');
  const known = new Set(till.offers.map((/** @type {CouponOffer} */ {id}) => id));
  try {
    note(noted().filter(({offer, file}) => !file || known.has(offer)));
  } catch { /* no room: they stay */ }
  element('form').addEventListener('submit', event => {
    event.preventDefault();
    if (codeField.value) judgeField(till);
    codeField.select();
  });
  codeField.addEventListener('input', () => {
    if ([COUPON, LENGTH].includes(normalise(codeField.value).length)) judgeField(till);
    else rest();
  });
  element('download').addEventListener('click', download);
  rest();
  list();
  focusField();
}

if (data) begin();
