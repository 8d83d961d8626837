/* Signing in, on the landing page and on the page for members' addresses. */
'use strict';

const form = /** @type {SignInForm} */ (document.querySelector('[data-portal="sign-in"]'));
const message = /** @type {HTMLElement} */ (form.querySelector('[data-portal="message"]'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const {code: field, remember} = form.elements;
const root = new URL(form.dataset.root || './', document.baseURI);
const path = location.pathname.slice(root.pathname.length);
const asked = location.origin + location.pathname + location.search; // a path alone could begin with //, then a host
const AGAIN = 10000; // ms within which a page is not reloaded twice

/**
 * Show a message of the page's own; the part about the wrong group only if that is known.
 * @param {string} key
 * @param {number} [group]
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
 * Ask the worker and wait for its reply.
 * @param {ServiceWorker} worker
 * @param {{do: string} & Record<string, unknown>} question
 * @returns {Promise<Reply>}
 */
function ask(worker, question) {
  const {port1, port2} = new MessageChannel();
  worker.postMessage(question, [port2]);
  return new Promise(resolve => {
    port1.onmessage = ({data}) => resolve(data);
  });
}

/**
 * Start the site's worker and wait until it is active.
 * @returns {Promise<ServiceWorker>}
 */
async function startWorker() {
  const container = navigator.serviceWorker;
  const registration = await container.register(new URL('sw.js', root), {scope: root.href, updateViaCache: 'none'});
  const {active} = registration.active ? registration : await container.ready;
  return /** @type {ServiceWorker} */ (active);
}

/**
 * Say why the worker did not start.
 * @param {Error} error
 * @returns {string}
 */
function reasonOfStart(error) {
  if (error.name === 'SecurityError') return 'unsupported';
  return navigator.onLine ? 'unreachable' : 'offline';
}

/**
 * Sign in with a code; a mistyped code causes no request.
 * @param {string} text
 */
async function signIn(text) {
  const code = readCode(text);
  const worker = await startWorker().catch(error => {
    throw trouble(reasonOfStart(error));
  });
  const {ok, reason} = await ask(worker, {do: 'sign-in', code, remember: remember.checked});
  if (!ok) throw trouble(reason ?? 'damaged');
  if (location.hash) location.reload(); // a replace would only scroll
  else location.replace(path !== 'index.html' && asked.startsWith(root.href) ? asked : root);
}

/**
 * Sign in while the form rests; say what went wrong.
 * @param {string} code
 */
async function attempt(code) {
  rest(true);
  show('working');
  try {
    await signIn(code);
  } catch (error) {
    const {reason, group} = /** @type {Trouble} */ (error);
    show(reason ?? 'damaged', group);
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
 * Reload if a session is open: a hard reload bypasses the worker.
 * @returns {Promise<boolean>}
 */
async function resume() {
  const registration = await navigator.serviceWorker.getRegistration(root);
  if (!registration?.active || registration.scope !== root.href) return false;
  const {ok, reason} = await ask(registration.active, {do: 'status', path});
  if (reason) show(reason);
  if (!ok || reason || Date.now() - history.state?.resumed < AGAIN) return false;
  history.replaceState({resumed: Date.now()}, '');
  location.reload();
  return true;
}

/** Set the form up; sign in with a code from the address. */
async function start() {
  const isAble = Boolean(navigator.serviceWorker && self.DecompressionStream);
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (isAble) attempt(field.value);
  });
  if (!isAble) {
    show(isSecureContext ? 'unsupported' : 'insecure'); // an insecure context has neither
    return;
  }
  addEventListener('hashchange', attemptHeld);
  if (attemptHeld() || await resume()) return;
  if (path && matchMedia('(pointer: fine)').matches) field.focus();
}

/**
 * Sign in with a code from the address; tell whether there is one.
 * @returns {boolean}
 */
function attemptHeld() {
  const code = takeCode();
  if (code) attempt(code);
  return Boolean(code);
}

start();
