/* Coupon codes, as COUPON.md says. The twin of the Python package `coupon`; members do not load it. */
'use strict';

// Numbers of letters.
const COUPON = 16;
const GROUP = 4;
const NUMBER = 8;
const SIGNATURE = 6;
const MARK = 5;
/** @type {Record<string, number>} */
const PERIODS = {ever: 0, year: 4, month: 7, day: 10}; // letters of YYYY-MM-DD

/**
 * Judge a code as people write it, on a day; `uses` are those of this device.
 * @param {string} text
 * @param {CouponOffer[]} offers
 * @param {string} on
 * @param {Pick<Use, 'offer' | 'letters' | 'day'>[]} uses
 * @returns {Promise<Verdict>}
 */
async function readCoupon(text, offers, on, uses) {
  let letters;
  try {
    letters = readCode(text, COUPON, GROUP);
  } catch (error) {
    const {group} = /** @type {Trouble} */ (error);
    return isAccessCode(text) ? {outcome: 'access-code'} : {outcome: 'mistyped', group};
  }
  const offer = await findOffer(letters, offers);
  if (!offer) return {outcome: 'unknown'};
  const known = usesOf(offer, uses);
  const number = numberOf(offer, letters);
  const own = known.filter(use => use.startsWith(number)).map(use => use.slice(NUMBER + 1));
  const days = own.filter(day => usePeriod(day, offer.per) === usePeriod(on, offer.per));
  const isTheirs = !offer.marks || offer.marks.includes(await signed(offer.key, 'coupon mark', number, MARK));
  return {outcome: judge(offer, on, days.length, known.length, isTheirs), offer, days, letters};
}

/**
 * Name the calendar period of a day.
 * @param {string} day
 * @param {string} per
 * @returns {string}
 */
function usePeriod(day, per) {
  if (per === 'quarter') return day.slice(0, 4) + Math.ceil(Number(day.slice(5, 7)) / 3);
  return day.slice(0, PERIODS[per]);
}

/**
 * Tell whether a text is an access code.
 * @param {string} text
 * @returns {boolean}
 */
function isAccessCode(text) {
  try {
    return Boolean(readCode(text));
  } catch {
    return false;
  }
}

/**
 * Find the offer whose key made the signature.
 * @param {string} letters
 * @param {CouponOffer[]} offers
 * @returns {Promise<CouponOffer | undefined>}
 */
async function findOffer(letters, offers) {
  const number = letters.slice(0, NUMBER);
  const signature = letters.slice(NUMBER, NUMBER + SIGNATURE);
  const made = await Promise.all(offers.map(({key}) => signed(key, 'coupon', number, SIGNATURE)));
  return offers[made.indexOf(signature)];
}

/**
 * Sign a number with an offer's key, given in hexadecimal.
 * @param {string} key
 * @param {string} purpose
 * @param {string} number
 * @param {number} length
 * @returns {Promise<string>}
 */
async function signed(key, purpose, number, length) {
  const pairs = key.match(/../g) ?? [];
  const mac = await D(Uint8Array.from(pairs, pair => parseInt(pair, 16)), purpose, number);
  return Array.from({length}, (_, i) => letterAt(mac, 5 * i)).join('');
}

/**
 * Write the 5 bits of bytes that begin at a bit as a letter.
 * @param {Bytes} bytes
 * @param {number} bit
 * @returns {string}
 */
function letterAt(bytes, bit) {
  const start = bit >> 3;
  const two = bytes[start] << 8 | bytes[start + 1];
  return ALPHABET[two >> 11 - bit % 8 & 31];
}

/**
 * Return the number of a code; for a former code the member's own number.
 * @param {CouponOffer} offer
 * @param {string} letters
 * @returns {string}
 */
function numberOf(offer, letters) {
  const number = letters.slice(0, NUMBER);
  return offer.renumbered[number] ?? number;
}

/**
 * List the uses of an offer: the ledger's, and those of this device that the ledger does not hold yet.
 * @param {CouponOffer} offer
 * @param {Pick<Use, 'offer' | 'letters' | 'day'>[]} uses
 * @returns {string[]}
 */
function usesOf(offer, uses) {
  const here = uses.filter(use => use.offer === offer.id);
  const own = here.map(({letters, day}) => `${numberOf(offer, letters)} ${day}`);
  return [...offer.used, ...own.filter(use => !offer.used.includes(use))];
}

/**
 * Judge a genuine code that was used so often, of an offer that was given so often.
 * @param {CouponOffer} offer
 * @param {string} on
 * @param {number} often
 * @param {number} given
 * @param {boolean} isTheirs
 * @returns {Outcome}
 */
function judge(offer, on, often, given, isTheirs) {
  if (on < offer.starts) return 'early';
  if (on > offer.ends) return 'over';
  if (!isTheirs) return 'not-theirs';
  if (often >= offer.limit) return 'used';
  return offer.capacity && given >= offer.capacity ? 'gone' : 'valid';
}
