/* The desk: the list of members, and the sheet of one of them. All of it is in sealed files on this device. */
'use strict';

const SHEETS_PER_FILE = 128; // as in desk_file.py
const deskRoot = document.body.dataset.root ?? '';
const desk = {
  /** @type {Map<string, Promise<DeskList>>} */ lists: new Map(),
  /** @type {Promise<OwnDesk>} */ own: Promise.resolve({contacts: [], lists: ''}),
  /** @type {Map<DeskList, DeskEntry[]>} */ entries: new Map(),
  turn: 0,
};

/**
 * Find an element of the desk by its name.
 * @param {string} name
 * @returns {HTMLElement}
 */
function deskPart(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-desk="${name}"]`));
}

/**
 * Read a sealed JSON file of this edition or of this member of staff; a missing one gives the fallback.
 * @template T
 * @param {string} name
 * @param {T} fallback
 * @returns {Promise<T>}
 */
async function readDesk(name, fallback) {
  const response = await fetch(`${deskRoot}desk/${name}.json`);
  if (response.status === 404) return fallback;
  if (!response.ok) throw new Error(`desk/${name}.json: ${response.status}`);
  return response.json();
}

/**
 * Give the list that has the members of a search: all, or those with its first letter.
 * @param {string} typed
 * @returns {Promise<DeskList>}
 */
function listFor(typed) {
  const first = folded(typed).codePointAt(0)?.toString(16);
  const name = 'split' in deskPart('found').dataset ? `members-${first}` : 'members';
  /** @type {DeskList} */
  const none = {tiers: [], offers: [], rows: []};
  const list = desk.lists.get(name) ?? readDesk(name, none);
  desk.lists.set(name, list);
  return list;
}

/**
 * Copy a template of the page's words, with facts in it; a part whose fact is missing is left out.
 * @param {string} name
 * @param {Record<string, string>} facts
 * @returns {DocumentFragment}
 */
function deskWords(name, facts) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(`template[data-desk-words="${name}"]`));
  const words = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const part of words.querySelectorAll('[data-if]')) {
    if (!facts[String(part.getAttribute('data-if'))]) part.remove();
  }
  for (const part of words.querySelectorAll('[data-fact]')) {
    part.textContent = facts[String(part.getAttribute('data-fact'))] ?? '';
  }
  return words;
}

/**
 * Give what the short sheet tells about a member.
 * @param {DeskRow} row
 * @param {DeskList} list
 * @returns {Record<string, string>}
 */
function shortFacts([id, name, tier, active, pending, offers, birthday], list) {
  const {lang} = document.documentElement;
  return {
    id,
    name,
    tier: list.tiers[tier] ?? '',
    active: active.toLocaleString(lang),
    pending: pending ? pending.toLocaleString(lang) : '',
    offers: offers.map(at => list.offers[at]).join(', '),
    birthday: birthday ? 'yes' : '',
  };
}

// The publish made the HTML in sealed files: all texts of members are escaped, and the policy lets no script run.
/**
 * Take HTML out of a sealed file.
 * @param {string} html
 * @returns {Node[]}
 */
function sealedNodes(html) {
  return [...new DOMParser().parseFromString(html, 'text/html').body.childNodes];
}

/**
 * Give the full sheet of a member, if this member of staff may read it; empty otherwise.
 * @param {string} id
 * @returns {Promise<string>}
 */
async function fullSheet(id) {
  const at = (await desk.own).contacts.findIndex(([each]) => each === id);
  if (at < 0) return '';
  /** @type {Record<string, string>} */
  const none = {};
  const sheets = await readDesk(`sheets-${Math.floor(at / SHEETS_PER_FILE)}`, none);
  return sheets[id] ?? '';
}
