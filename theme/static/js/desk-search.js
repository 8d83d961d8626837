/* The desk: finds members in the lists of this device, as their names are typed. The twin of search_word.py. */
'use strict';

const MOST_SHOWN = 30;
const FEWEST_DIGITS = 4; // of a telephone number
const LETTERS = new Map(Object.entries({
  ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h',
}));

/**
 * Give a text without accents, capitals, apostrophes and signs.
 * @param {string} text
 * @returns {string}
 */
function folded(text) {
  const lower = text.toLowerCase().normalize('NFKD').toLowerCase();
  const plain = lower.replace(/[øłđðþßæœıħ]/g, letter => LETTERS.get(letter) ?? '');
  return plain.replace(/\p{M}|['’ʼ`]/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/**
 * Make a member ready to be found.
 * @param {DeskRow} row
 * @param {DeskContact} [contact]
 * @returns {DeskEntry}
 */
function entryOf(row, [, email, phone] = ['', '', '']) {
  const text = folded(`${row[1]} ${row[0]} ${email}`);
  return {row, words: text.split(' '), text, phone: phone.replace(/\D/g, '')};
}

/**
 * Rank a member for a search: 0 is best, -1 does not fit.
 * @param {DeskEntry} entry
 * @param {string[]} asked
 * @param {string} digits
 * @returns {number}
 */
function rankOf({words, text, phone}, asked, digits) {
  if (digits.length >= FEWEST_DIGITS && phone.includes(digits)) return 0;
  if (!asked.every(part => words.some(word => word.startsWith(part)))) {
    return asked.join('').length > 3 && text.replaceAll(' ', '').includes(asked.join('')) ? 2 : -1;
  }
  return text.startsWith(asked.join(' ')) ? 0 : 1;
}

/**
 * Find the members that fit a search, the best first.
 * @param {DeskEntry[]} entries
 * @param {string} typed
 * @returns {DeskEntry[]}
 */
function findMembers(entries, typed) {
  const asked = folded(typed).split(' ').filter(Boolean);
  if (!asked.length) return [];
  const digits = /^[\d\s+()/.-]+$/.test(typed) ? typed.replace(/\D/g, '').replace(/^0+/, '') : '';
  const ranked = entries.map(entry => ({entry, rank: rankOf(entry, asked, digits)})).filter(({rank}) => rank >= 0);
  return ranked.sort((one, other) => one.rank - other.rank).map(({entry}) => entry);
}
