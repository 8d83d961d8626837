/* The till's answer to a member's number: whose it is, by the list on this device. Loaded with `desk.js`. */
'use strict';

const MEMBER_NUMBER = /^[A-Z]{0,4}-?\d+$/; // as most numbers are written

/**
 * Find a member by number in the list of this device.
 * @param {string} number
 * @returns {Promise<Record<string, string> | null | undefined>}
 */
async function memberFacts(number) {
  const first = number.toLowerCase().codePointAt(0)?.toString(16);
  const none = /** @type {DeskList?} */ (null);
  const list = await readDesk('members', none) ?? await readDesk(`members-${first}`, none);
  const row = list?.rows.find(([id]) => id.toUpperCase() === number);
  return list && row && shortFacts(row, list);
}

/**
 * Answer a text that may be a member's number; return whether it is one.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function tellMember(text) {
  const number = text.trim().toUpperCase();
  const isNumber = MEMBER_NUMBER.test(number);
  const facts = await memberFacts(number).catch(() => undefined);
  if (facts) show('member', facts);
  else if (isNumber) show('number', {id: number});
  if (facts) element('answer').scrollIntoView({block: 'center'});
  return Boolean(facts) || isNumber;
}
