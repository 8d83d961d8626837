/* The desk's page: what is typed, chosen and closed. */
'use strict';

/** @type {HTMLElement | null} */
let openedBy = null; // the button that opened the sheet: the focus returns to it

/** List the members that fit what is typed. */
async function showFound() {
  desk.turn += 1;
  const {turn} = desk;
  const typed = /** @type {HTMLInputElement} */ (deskPart('search')).value;
  try {
    const found = folded(typed) ? findMembers(await entriesFor(typed), typed) : [];
    if (turn === desk.turn) await listFound(typed, found);
  } catch {
    tellSearch('failed');
  }
}

/**
 * Give the members to search: those of the list, and with e-mail and telephone those whose sheets are read in full.
 * @param {string} typed
 * @returns {Promise<DeskEntry[]>}
 */
async function entriesFor(typed) {
  const [list, own] = await Promise.all([listFor(typed), desk.own]);
  const known = desk.entries.get(list);
  if (known) return known;
  const contacts = new Map(own.contacts.map(contact => [contact[0], contact]));
  const entries = list.rows.map(row => entryOf(row, contacts.get(row[0])));
  desk.entries.set(list, entries);
  return entries;
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
  if (folded(typed)) tellFound(found.length);
  else deskPart('count').textContent = '';
}

/**
 * Say how many were found.
 * @param {number} count
 */
function tellFound(count) {
  if (count > MOST_SHOWN) tellSearch('more', `${MOST_SHOWN} / ${count}`);
  else tellSearch(count ? 'some' : 'none', count ? String(count) : '');
}

/**
 * Say something about the search in the words of the page.
 * @param {string} name
 * @param {string} [number]
 */
function tellSearch(name, number = '') {
  const words = deskWords('counts', {}).querySelector(`[data-count="${name}"]`)?.textContent ?? '';
  deskPart('count').textContent = number + words;
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
  openNote(id);
  sheet.focus();
  sheet.scrollIntoView({block: 'start'});
}

/**
 * Make the form for a note empty, and about a member; without a form for notes there is none.
 * @param {string} id
 */
function openNote(id) {
  const note = document.querySelector('[data-desk="note"]');
  const form = note?.querySelector('form');
  note?.toggleAttribute('hidden', !id);
  if (!form) return;
  form.reset(); // a draft may be about another member
  form.removeAttribute('data-sent');
  form.querySelector('[data-portal="sent"]')?.replaceChildren();
  form.dataset.about = id;
}

/** Close the sheet. */
function closeSheet() {
  openNote('');
  deskPart('sheet').hidden = true;
  deskPart('sheet').replaceChildren();
  (openedBy?.isConnected ? openedBy : deskPart('search')).focus();
}

/**
 * Open or close a sheet by a button.
 * @param {MouseEvent} event
 */
function deskClick({target}) {
  const button = /** @type {Element} */ (target).closest('button');
  if (button?.dataset.desk === 'close') closeSheet();
  if (!button?.dataset.member) return;
  openedBy = button;
  openSheet(button.dataset.member).catch(() => tellSearch('failed'));
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
