/* Leads to the desk from other pages of staff, with a word to search for. The word is not put into an address. */
'use strict';

const FIND = 'desk find'; // in sessionStorage, until the desk is open

/**
 * Keep a word for the desk, if the browser gives storage.
 * @param {string} word
 */
function keepWord(word) {
  try {
    sessionStorage.setItem(FIND, word);
  } catch { /* the desk opens without it */ }
}

/** Search the desk for the word that was kept; a member's number opens the sheet. */
async function findKept() {
  const word = sessionStorage.getItem(FIND);
  sessionStorage.removeItem(FIND);
  if (!word) return;
  /** @type {HTMLInputElement} */ (deskPart('search')).value = word;
  await showFound();
  const {rows} = await listFor(word);
  if (rows.some(([id]) => id === word)) await openSheet(word);
}

document.addEventListener('click', ({target}) => {
  const link = /** @type {Element} */ (target).closest('a[data-find="word"]');
  if (link) keepWord(link.querySelector('[data-fact="id"]')?.textContent ?? '');
});
document.querySelector('form[data-find]')?.addEventListener('submit', event => {
  event.preventDefault();
  keepWord(/** @type {HTMLFormElement} */ (event.target).querySelector('input')?.value ?? '');
  location.assign(`${deskRoot}desk/`);
});
if (document.body.dataset.page === 'desk') findKept().catch(() => {}); // without storage there is no word
