/* Signing in, on the landing page and on the page for members' addresses. */
'use strict';

const form = /** @type {SignInForm} */ (document.querySelector('[data-portal="sign-in"]'));
const message = /** @type {HTMLElement} */ (form.querySelector('[data-portal="message"]'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type="submit"]'));
const entry = /** @type {HTMLElement} */ (form.querySelector('[data-portal="entry"]'));
const again = /** @type {HTMLElement} */ (form.querySelector('[data-portal="again"]'));
const eye = /** @type {HTMLElement} */ (form.querySelector('[data-portal="show"]'));
const {code: field, remember, passkey} = form.elements;
const root = new URL(form.dataset.root || '/', new URL('/', location.href)); // as built: a host may redirect the page
const path = location.pathname.slice(root.pathname.length);
const asked = location.origin + location.pathname + location.search; // a path alone could begin with //, then a host

/**
 * Show a message of the page's own; the part about the wrong group or file only if that is known.
 * @param {string} key
 * @param {number | string} [group]
 */
function show(key, group) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(`template[data-message="${key}"]`));
  const text = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const place of text.querySelectorAll('[data-group]')) place.textContent = String(group ?? '');
  if (!group) text.querySelector('[data-if-group]')?.remove();
  message.replaceChildren(text);
  message.hidden = false;
}

/**
 * Sign in with a code; a mistyped code causes no request.
 * @param {string} text
 */
async function signIn(text) {
  const code = readCode(text);
  const [worker, portal] = await Promise.all([startWorker(root).catch(failStart), fetchBootstrap(root)]);
  const lock = remember.checked && passkey.checked ? await lockCode(worker, code) : undefined;
  await enterPortal(worker, {do: 'sign-in', code, remember: remember.checked, lock, portal, path});
}

/**
 * Open the session, then the address that the member wanted.
 * @param {ServiceWorker} worker
 * @param {{do: string} & Record<string, unknown>} question
 */
async function enterPortal(worker, question) {
  await demand(worker, question);
  if (remember.checked) navigator.storage?.persist?.(); // not awaited: a browser may ask the member
  field.value = ''; // the browser may store what a form holds when its page closes
  if (location.hash) location.reload(); // a replace would only scroll
  else location.replace(path !== 'index.html' && asked.startsWith(root.href) ? asked : root);
}

/**
 * Sign in or unlock while the form rests; say what went wrong.
 * @param {() => Promise<void>} act
 */
async function attempt(act) {
  rest(true);
  reveal(false);
  show('working');
  try {
    await act();
  } catch (error) {
    const {reason = 'damaged', group, fault} = /** @type {Trouble} */ (error);
    show(reason, group ?? fault);
    rest(false);
    field.setAttribute('aria-invalid', String(/mistyped|unknown/.test(reason)));
    field.focus();
  }
}

/**
 * Let the form rest, or make it ready again.
 * @param {boolean} isResting
 */
function rest(isResting) {
  form.setAttribute('aria-busy', String(isResting));
  button.disabled = isResting;
}

/**
 * Show the code in groups or hide it; browsers store what plain fields hold, unless autocomplete is off.
 * @param {boolean} isShown
 */
function reveal(isShown) {
  if (isShown) field.value = field.value.replace(/[\s-]/g, '').match(/.{1,3}/g)?.join('-') ?? '';
  field.type = isShown ? 'text' : 'password';
  field.autocomplete = isShown ? 'off' : 'current-password';
  eye.setAttribute('aria-pressed', String(isShown));
}

/**
 * Make the form ready, in a browser that is able to open pages.
 * @param {boolean} isAble
 */
function listen(isAble) {
  if (typeof hold === 'function') form.querySelector('[data-portal="blocked"]')?.remove(); // else a script is missing
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (isAble) attempt(() => signIn(field.value));
  });
  eye.addEventListener('click', () => reveal(field.type === 'password'));
  again.querySelector('button')?.addEventListener('click', () => {
    entry.hidden = false;
  });
}

/** Set the form up; use a code from the address. */
async function start() {
  const isAble = Boolean(navigator.serviceWorker && self.DecompressionStream);
  listen(isAble);
  if (!isAble) {
    show(isSecureContext ? 'unsupported' : 'insecure'); // an insecure context has neither
    return;
  }
  const isDone = await attemptHeld() || await resume();
  if (location.hash === '#signed-out') confirmEnd();
  addEventListener('hashchange', useHeld); // not before: a code that comes meanwhile is used once, below
  if (isDone || await useHeld()) return;
  loadPasskeys();
  if (path && matchMedia('(pointer: fine)').matches) field.focus();
}

/**
 * Sign in with a code from the address, unless this device has a member; tell whether it does.
 * @returns {Promise<boolean>}
 */
async function attemptHeld() {
  const worker = await activeWorker(root);
  const code = worker && (await ask(worker, {do: 'lock'})).isTaken ? '' : takeCode();
  if (code) attempt(() => signIn(code));
  return Boolean(code);
}

/**
 * Sign in with a code from the address, or propose to replace this device's member; tell whether it signs in.
 * @returns {Promise<boolean>}
 */
async function useHeld() {
  if (await attemptHeld()) return true;
  const code = takeCode();
  if (!code) return false;
  entry.hidden = false;
  field.value = code;
  show('replace');
  return false;
}

start();
