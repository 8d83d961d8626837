/* Access codes: 25 letters of key and 2 check letters, as FORMAT.md says. The twin of code.py. */
'use strict';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base32
const LENGTH = 27;
const POWERS = powers();

/**
 * List a^0 … a^30 in GF(32) with x^5 + x^2 + 1 and a = 2.
 * @returns {number[]}
 */
function powers() {
  const found = [1];
  while (found.length < 31) {
    const doubled = found[found.length - 1] * 2;
    found.push(doubled > 31 ? doubled ^ 0b100101 : doubled);
  }
  return found;
}

/**
 * Multiply in the field.
 * @param {number} left
 * @param {number} right
 * @returns {number}
 */
function times(left, right) {
  if (!left || !right) return 0;
  return POWERS[(POWERS.indexOf(left) + POWERS.indexOf(right)) % 31];
}

/**
 * Read a code as people write it into its letters; refuse a mistyped one and number its wrong group (0: unsure).
 * @param {string} text
 * @param {number} [length]
 * @param {number} [groupSize]
 * @returns {string}
 */
function readCode(text, length = LENGTH, groupSize = 3) {
  const letters = normalise(text);
  check(letters, length, groupSize);
  return letters;
}

/**
 * Remove spaces and hyphens, raise case, and read O as 0, I and L as 1.
 * @param {string} text
 * @returns {string}
 */
function normalise(text) {
  // Only ASCII is raised: toUpperCase() would also turn letters of other scripts into ours.
  const raised = text.replace(/[\s-]/g, '').replace(/[a-z]/g, letter => letter.toUpperCase());
  return raised.replace(/O/g, '0').replace(/[IL]/g, '1');
}

/**
 * Refuse letters that are no code.
 * @param {string} letters
 * @param {number} length
 * @param {number} groupSize
 */
function check(letters, length, groupSize) {
  const values = Array.from(letters, letter => ALPHABET.indexOf(letter));
  let wrong = values.indexOf(-1);
  if (wrong < 0 && values.length === length) {
    const first = values.reduce((sum, value) => sum ^ value, 0);
    const second = values.reduce((sum, value, i) => sum ^ times(POWERS[i], value), 0);
    if (!first && !second) return;
    wrong = wrongLetter(first, second);
  }
  const group = wrong < length ? Math.floor(wrong / groupSize) + 1 : 0;
  throw Object.assign(trouble('mistyped'), {group});
}

/**
 * Solve for the index of a single wrong letter, a^i = second / first; -1 if there is none.
 * @param {number} first
 * @param {number} second
 * @returns {number}
 */
function wrongLetter(first, second) {
  if (!first || !second) return -1;
  return (POWERS.indexOf(second) - POWERS.indexOf(first) + 31) % 31;
}
