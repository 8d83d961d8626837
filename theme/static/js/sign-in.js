'use strict';
/* Signing in, on the landing page and the shell. */

const form = document.querySelector('[data-portal="sign-in"]'), message = form.querySelector('[data-portal="message"]');
const {code: field, remember} = form.elements, button = form.querySelector('button');
const root = new URL(form.dataset.root || './', document.baseURI);
const path = location.pathname.slice(root.pathname.length);
const AGAIN = 10000; // ms within which a page isn't reloaded twice

/** Show a message of the page's own; the part about the group only if that is known. */
function show(key, group) {
  const text = document.querySelector(`template[data-message="${key}"]`).content.cloneNode(true);
  for (const place of text.querySelectorAll('[data-group]')) place.textContent = group;
  if (!group) text.querySelector('[data-if-group]')?.remove();
  message.replaceChildren(text);
  message.hidden = false;
}

function ask(worker, question) {
  const {port1, port2} = new MessageChannel();
  worker.postMessage(question, [port2]);
  return new Promise(resolve => { port1.onmessage = ({data}) => resolve(data); });
}

/** Start the site's worker and wait until it is active. */
async function startWorker() {
  const options = {scope: root, updateViaCache: 'none'};
  const {active} = await navigator.serviceWorker.register(new URL('sw.js', root), options);
  return active ?? (await navigator.serviceWorker.ready).active;
}

/** Sign in with a code; one with a slip causes no request. */
async function signIn(text) {
  const code = readCode(text);
  const worker = await startWorker().catch(({name}) => {
    throw trouble(name === 'SecurityError' ? 'unsupported' : navigator.onLine ? 'unreachable' : 'offline');
  });
  const {ok, reason} = await ask(worker, {do: 'sign-in', code, remember: remember.checked});
  if (!ok) throw trouble(reason);
  if (location.hash) location.reload(); // a replace would only scroll
  else location.replace(path === 'index.html' ? root : location.pathname + location.search);
}

/** Sign in while the form rests; say what went wrong. */
async function attempt(code) {
  rest(true);
  show('working');
  try {
    await signIn(code);
  } catch ({reason, group}) {
    show(reason ?? 'damaged', group);
    rest(false);
    field.setAttribute('aria-invalid', /mistyped|unknown/.test(reason));
    field.focus();
  }
}

/** Let the form rest, or take it up again. */
function rest(yes) {
  form.setAttribute('aria-busy', yes);
  button.disabled = yes;
}

/** Reload if a session is open: a hard reload goes past the worker. */
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
  const able = navigator.serviceWorker && self.DecompressionStream, attemptHeld = code => code && attempt(code);
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (able) attempt(field.value);
  });
  if (!able) return show(isSecureContext ? 'unsupported' : 'insecure'); // neither is there without a secure context
  addEventListener('hashchange', () => attemptHeld(takeCode()));
  if (!attemptHeld(takeCode()) && !await resume() && path && matchMedia('(pointer: fine)').matches) field.focus();
}

start();
