'use strict';
/* Coupon codes, as COUPON.md says: the twin of members_portal.coupon, after seal.js. Staff load it, members don't. */

const COUPON = 16, GROUP = 4, NUMBER = 8, SIGNATURE = 6; // letters

/** Judge a code as people write it, on a day; `uses` are those of this device. */
async function readCoupon(text, offers, on, uses) {
  let letters;
  try {
    letters = readCode(text, COUPON, GROUP);
  } catch ({group}) {
    return isAccessCode(text) ? {outcome: 'access-code'} : {outcome: 'mistyped', group};
  }
  const offer = await findOffer(letters, offers);
  if (!offer) return {outcome: 'unknown'};
  const known = usesOf(offer, uses), number = letters.slice(0, NUMBER);
  const days = known.filter(use => use.startsWith(number)).map(use => use.slice(NUMBER + 1));
  return {outcome: judge(offer, on, days.length, known.length), offer, days, letters};
}

function isAccessCode(text) {
  try { return Boolean(readCode(text)); } catch { return false; }
}

/** Find the offer whose key made the signature. */
async function findOffer(letters, offers) {
  const number = letters.slice(0, NUMBER), signed = letters.slice(NUMBER, NUMBER + SIGNATURE);
  const made = await Promise.all(offers.map(({key}) => couponSignature(key, number)));
  return offers[made.indexOf(signed)];
}

/** Sign a number with an offer's key, given in hexadecimal. */
async function couponSignature(key, number) {
  const mac = await D(Uint8Array.from(key.match(/../g), pair => parseInt(pair, 16)), 'coupon', number);
  const letter = (_, i) => ALPHABET[(mac[5 * i >> 3] << 8 | mac[(5 * i >> 3) + 1]) >> 11 - 5 * i % 8 & 31];
  return Array.from({length: SIGNATURE}, letter).join('');
}

/** List the uses of an offer: the ledger's, and those of this device that it doesn't hold yet. */
function usesOf(offer, uses) {
  const own = uses.filter(use => use.offer === offer.id).map(({letters, day}) => `${letters.slice(0, NUMBER)} ${day}`);
  return [...offer.used, ...own.filter(use => !offer.used.includes(use))];
}

/** Judge a genuine code that was used so often, of an offer that was given so often. */
function judge(offer, on, often, given) {
  if (on < offer.starts) return 'early';
  if (on > offer.ends) return 'over';
  if (often >= offer.limit) return 'used';
  return offer.capacity && given >= offer.capacity ? 'gone' : 'valid';
}
