/* On every members' page: news of a publish, a code in the address, and signing out, here and in other tabs. */
'use strict';

const root = new URL(document.body.dataset.root || './', document.baseURI);
const board = /** @type {HTMLElement} */ (document.querySelector('[data-portal="notice"]'));
const publish = board.querySelector('data')?.value ?? '';
const VISITS = `visits ${root.pathname}`; // in localStorage
let isAsking = false; // about a code in the address
let goal = root.href; // where a tab goes when the member has left

/** Hide the page for good. */
function hide() {
  document.documentElement.hidden = true;
}

/**
 * Show a message of the page's own; there is none for a page that is current.
 * @param {string} key
 */
function say(key) {
  const template = /** @type {HTMLTemplateElement?} */ (document.querySelector(`template[data-message="${key}"]`));
  board.replaceChildren(...template?.content.cloneNode(true).childNodes ?? []);
  board.dataset.state = key;
}

/**
 * Ask the active worker.
 * @param {{do: string} & Record<string, unknown>} question
 * @returns {Promise<Reply>}
 */
async function askActive(question) {
  const {active} = await navigator.serviceWorker.ready;
  return ask(/** @type {ServiceWorker} */ (active), question);
}

/** Look for a newer publish, and tell what came of it. */
async function look() {
  const {ok, reason = '', isNew} = await askActive({do: 'news', publish});
  const failure = /older|damaged/.test(reason) ? reason : 'away';
  const found = isNew ? 'new' : 'current';
  if (!isAsking) say(ok ? found : failure); // a question is not replaced
}

/** Ask whether a code in the address, if it is another member's, should take the place of this one. */
async function useHeld() {
  const code = takeCode();
  if (!code) return;
  const {ok, isOwn} = await askActive({do: 'whose', code});
  if (isOwn) return;
  isAsking = true;
  say(ok ? 'other' : 'no-code');
  board.querySelector('button')?.addEventListener('click', () => signOut(`#${code}`));
  board.focus();
}

/**
 * Sign out, and go to the front page; the worker tells all tabs when it is done.
 * @param {string} fragment
 */
function signOut(fragment) {
  goal = root.href + fragment;
  askActive({do: 'sign-out'});
}

/**
 * Offer to keep the PDFs for reading offline, with their size, if the device has room and does not keep them.
 * @param {HTMLElement} offer
 */
async function offerPdfs(offer) {
  const {size} = await askActive({do: 'pdfs'});
  offer.querySelector('b')?.replaceChildren(`${Math.ceil(Number(size) / 1e6)} MB`);
  offer.hidden = !size;
  offer.querySelector('button')?.addEventListener('click', async () => {
    offer.setAttribute('aria-busy', 'true');
    const {ok} = await askActive({do: 'pdfs', keeps: true});
    offer.removeAttribute('aria-busy');
    if (ok) offer.replaceChildren(offer.dataset.kept ?? '');
  });
}

const pdfOffer = /** @type {HTMLElement?} */ (document.querySelector('[data-portal="pdfs"]'));
if (pdfOffer) offerPdfs(pdfOffer);

document.querySelector('[data-portal="print"]')?.addEventListener('click', () => print());
for (const button of document.querySelectorAll('[data-portal="sign-out"]')) {
  button.addEventListener('click', () => signOut('#signed-out'));
}

// A page is opened while the finger is still on its link.
addEventListener('pointerdown', ({target}) => {
  const href = /** @type {Element} */ (target).closest('a')?.href ?? '';
  if (href.startsWith(root.href)) askActive({do: 'ahead', path: href.slice(root.href.length).split(/[?#]/)[0]});
});

new BroadcastChannel(`portal ${root.pathname}`).addEventListener('message', () => {
  hide();
  try {
    localStorage.removeItem(VISITS);
    emptyOutbox();
  } catch { /* nothing is stored */ }
  history.replaceState(null, '', goal); // a replace of the fragment alone would only scroll
  location.reload();
});

// A page that the browser brings back may have outlived its session: the worker answers again.
addEventListener('pageshow', ({persisted}) => {
  if (!persisted) return;
  hide();
  location.reload();
});

// While the menu covers the page, the focus stays in it; it begins at the button with `autofocus`.
const menu = document.getElementById('menu');
menu?.addEventListener('beforetoggle', event => {
  const isOpen = /** @type {ToggleEvent} */ (event).newState === 'open';
  const covered = document.querySelectorAll('main, aside, .notice, .colophon, .skip, .bar, .tabs');
  for (const part of covered) part.toggleAttribute('inert', isOpen);
});

addEventListener('hashchange', useHeld);
addEventListener('online', look);
document.addEventListener('visibilitychange', () => document.hidden || look());
useHeld();
look();
document.querySelector('[data-portal="blocked"]')?.remove(); // last: all scripts before have started
