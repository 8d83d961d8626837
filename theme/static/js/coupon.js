/* Coupon codes, as COUPON.md says. The twin of the Python package `coupon`; members do not load it. */
'use strict';

// Numbers of letters.
const COUPON = 16;
const GROUP = 4;
const NUMBER = 8;
const SIGNATURE = 6;

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
  const number = letters.slice(0, NUMBER);
  const days = known.filter(use => use.startsWith(number)).map(use => use.slice(NUMBER + 1));
  return {outcome: judge(offer, on, days.length, known.length), offer, days, letters};
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
  const signed = letters.slice(NUMBER, NUMBER + SIGNATURE);
  const made = await Promise.all(offers.map(({key}) => couponSignature(key, number)));
  return offers[made.indexOf(signed)];
}

/**
 * Sign a number with an offer's key, given in hexadecimal.
 * @param {string} key
 * @param {string} number
 * @returns {Promise<string>}
 */
async function couponSignature(key, number) {
  const pairs = key.match(/../g) ?? [];
  const mac = await D(Uint8Array.from(pairs, pair => parseInt(pair, 16)), 'coupon', number);
  return Array.from({length: SIGNATURE}, (_, i) => letterAt(mac, 5 * i)).join('');
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
 * List the uses of an offer: the ledger's, and those of this device that the ledger does not hold yet.
 * @param {CouponOffer} offer
 * @param {Pick<Use, 'offer' | 'letters' | 'day'>[]} uses
 * @returns {string[]}
 */
function usesOf(offer, uses) {
  const here = uses.filter(use => use.offer === offer.id);
  const own = here.map(({letters, day}) => `${letters.slice(0, NUMBER)} ${day}`);
  return [...offer.used, ...own.filter(use => !offer.used.includes(use))];
}

/**
 * Judge a genuine code that was used so often, of an offer that was given so often.
 * @param {CouponOffer} offer
 * @param {string} on
 * @param {number} often
 * @param {number} given
 * @returns {Outcome}
 */
function judge(offer, on, often, given) {
  if (on < offer.starts) return 'early';
  if (on > offer.ends) return 'over';
  if (often >= offer.limit) return 'used';
  return offer.capacity && given >= offer.capacity ? 'gone' : 'valid';
}
