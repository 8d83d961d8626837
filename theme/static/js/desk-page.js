/* The desk's page: what is typed, chosen and closed. */
'use strict';

/** @type {HTMLElement | null} */
let opener = null; // the button that opened the sheet: the focus returns to it

/** List the members that fit what is typed. */
async function showFound() {
  desk.turn += 1;
  const {turn} = desk;
  const typed = /** @type {HTMLInputElement} */ (deskPart('search')).value;
  try {
    const found = folded(typed) ? findMembers(await entriesFor(typed), typed) : [];
    if (turn === desk.turn) await listFound(typed, found);
  } catch {
    tellCount('failed', 0);
  }
}

/**
 * Give the members to search: those of the list, and with e-mail and telephone those whose sheets are read in full.
 * @param {string} typed
 * @returns {Promise<DeskEntry[]>}
 */
async function entriesFor(typed) {
  const [list, own] = await Promise.all([listFor(typed), desk.own]);
  const contacts = new Map(own.contacts.map(([id, email, phone]) => [id, /** @type {[string, string]} */ ([email, phone])]));
  return list.rows.map(row => entryOf(row, contacts.get(row[0])));
}

/**
 * Show the members that were found.
 * @param {string} typed
 * @param {DeskEntry[]} found
 */
async function listFound(typed, found) {
  const list = await listFor(typed);
  const rows = found.slice(0, MOST_SHOWN).map(({row}) => {
    const words = deskWords('row', shortFacts(row, list));
    /** @type {HTMLElement} */ (words.querySelector('button')).dataset.member = row[0];
    return words;
  });
  deskPart('found').replaceChildren(...rows);
  tellCount(found.length > MOST_SHOWN ? 'more' : found.length ? 'some' : 'none', found.length, !folded(typed));
}

/**
 * Say how many were found.
 * @param {string} name
 * @param {number} count
 * @param {boolean} [isAtRest]
 */
function tellCount(name, count, isAtRest) {
  const words = deskWords('counts', {}).querySelector(`[data-count="${name}"]`)?.textContent ?? '';
  const number = name === 'more' ? `${MOST_SHOWN} / ${count}` : name === 'some' ? String(count) : '';
  deskPart('count').textContent = isAtRest ? '' : number + words;
}

/**
 * Open the sheet of a member: the full one, or the short one that all staff may read.
 * @param {string} id
 */
async function openSheet(id) {
  const sheet = deskPart('sheet');
  const html = await fullSheet(id);
  if (html) {
    sheet.replaceChildren(...sealedNodes(html));
  } else {
    const list = await listFor(id);
    const row = list.rows.find(([each]) => each === id);
    if (!row) return;
    sheet.replaceChildren(deskWords('sheet', shortFacts(row, list)));
  }
  sheet.hidden = false;
  sheet.focus();
  sheet.scrollIntoView({block: 'start'});
}

/** Close the sheet. */
function closeSheet() {
  deskPart('sheet').hidden = true;
  deskPart('sheet').replaceChildren();
  (opener?.isConnected ? opener : deskPart('search')).focus();
}

/**
 * Open or close a sheet by a button.
 * @param {MouseEvent} event
 */
function deskClick({target}) {
  const button = /** @type {Element} */ (target).closest('button');
  if (button?.dataset.desk === 'close') closeSheet();
  if (!button?.dataset.member) return;
  opener = button;
  openSheet(button.dataset.member).catch(() => tellCount('failed', 0));
}

/** Set the desk up. */
async function beginDesk() {
  desk.own = readDesk('own', {contacts: [], lists: ''});
  document.addEventListener('click', deskClick);
  document.addEventListener('keydown', ({key}) => {
    if (key === 'Escape' && !deskPart('sheet').hidden) closeSheet();
  });
  deskPart('form').addEventListener('submit', event => event.preventDefault());
  deskPart('search').addEventListener('input', showFound);
  deskPart('lists').replaceChildren(...sealedNodes((await desk.own).lists));
}

if (document.body.dataset.page === 'desk') beginDesk();
