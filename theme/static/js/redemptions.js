/* The redemptions on this device: kept in localStorage, listed on the till's page, downloaded for the ledger. */
'use strict';

const PLACE = `till ${new URL(document.body.dataset.root || './', document.baseURI).pathname}`; // in localStorage

/**
 * Find an element of the till by its name.
 * @param {string} name
 * @returns {HTMLElement}
 */
function element(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-till="${name}"]`));
}

/**
 * Copy a template of the page's own words, with facts in it; a part whose fact is missing is left out.
 * @param {string} name
 * @param {Record<string, unknown>} facts
 * @returns {DocumentFragment}
 */
function worded(name, facts) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(`template[data-till-words="${name}"]`));
  const words = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const place of words.querySelectorAll('[data-if]')) {
    if (!facts[String(place.getAttribute('data-if'))]) place.remove();
  }
  for (const place of words.querySelectorAll('[data-fact]')) {
    place.textContent = String(facts[String(place.getAttribute('data-fact'))] ?? '');
  }
  return words;
}

/**
 * Write the letters of a coupon code in groups.
 * @param {string} letters
 * @returns {string}
 */
function written(letters) {
  return (letters.match(/.{4}/g) ?? []).join('-');
}

/**
 * Give the local time as ISO 8601.
 * @returns {string}
 */
function nowHere() {
  const {today: stated} = document.body.dataset; // the day of a sample or a dated preview
  if (stated) return `${stated}T12:00:00.000Z`;
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString();
}

/**
 * Give the local day.
 * @returns {string}
 */
function today() {
  return nowHere().slice(0, 10);
}

/**
 * Read the uses noted on this device; what nobody can read is set aside.
 * @returns {Use[]}
 */
function noted() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '[]').filter(isUse);
  } catch {
    setAside();
    return [];
  }
}

/**
 * Tell whether a value is a use as this script notes it.
 * @param {any} use
 * @returns {boolean}
 */
function isUse(use) {
  return ['offer', 'letters', 'day', 'time'].every(name => typeof use?.[name] === 'string');
}

/** Keep a damaged list under another name, where the browser gives storage. */
function setAside() {
  try {
    localStorage.setItem(`${PLACE} damaged`, localStorage.getItem(PLACE) ?? '');
    localStorage.removeItem(PLACE);
  } catch { /* nothing is stored */ }
}

/**
 * Note the uses of this device, all of them anew.
 * @param {Use[]} uses
 */
function note(uses) {
  localStorage.setItem(PLACE, JSON.stringify(uses));
}

/** List what was redeemed today, or earlier and not downloaded yet. */
function list() {
  const uses = noted();
  const shown = uses.filter(({day, file}) => !file || day === today()).reverse();
  element('list').replaceChildren(...shown.map(row));
  element('none').hidden = shown.length > 0;
  element('redeemed').hidden = shown.length === 0;
  const open = uses.filter(({file}) => !file).length;
  element('count').textContent = String(open);
  element('open').hidden = open === 0;
  element('saved').hidden = open > 0;
}

/**
 * Make the row of a use; one that was not downloaded can be taken back.
 * @param {Use} use
 * @returns {DocumentFragment}
 */
function row(use) {
  const facts = {...use, when: `${longDay(use.day)}, ${use.time}`, code: written(use.letters), open: !use.file};
  const words = worded('row', facts);
  words.querySelector('button')?.addEventListener('click', () => {
    note(noted().filter(other => JSON.stringify(other) !== JSON.stringify(use)));
    list();
    rest();
  });
  return words;
}

/** Save what was not saved yet as lines of the ledger; when nothing is new, the last file again. */
function download() {
  const uses = noted();
  const isNothingNew = uses.every(use => use.file);
  const file = isNothingNew ? uses[uses.length - 1].file : nowHere().slice(0, 19).replace(/:/g, '.');
  for (const use of uses) use.file ??= file;
  const lines = uses.filter(use => use.file === file)
    .map(({day, points, letters}) => `${day},,redemption,${points},${written(letters)}\r\n`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['date,member,kind,points,reference\r\n', ...lines], {type: 'text/csv'}));
  link.download = `till-${file}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  note(uses);
  list();
}
