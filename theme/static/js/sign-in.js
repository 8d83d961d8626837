'use strict';
/* Signing in, on the landing page and on the shell that stands for every members' address. */

const form = document.querySelector('form[data-portal="sign-in"]'), {code: field, remember} = form.elements;
const root = new URL(form.dataset.root || './', document.baseURI);
const path = decodeURIComponent(location.pathname.slice(root.pathname.length));
const AGAIN = 10000; // ms within which a page that was reloaded for its member isn't reloaded again

/** Show one of the page's own messages; the part about the group goes if no group is named. */
function show(key, group) {
  const text = document.querySelector(`template[data-message="${key}"]`).content.cloneNode(true);
  const place = text.querySelector('[data-group]'), message = document.querySelector('[data-portal="message"]');
  if (group) place.textContent = group;
  else if (place) (place.closest('[data-if-group]') ?? place).remove();
  message.replaceChildren(text);
  message.hidden = false;
}

/** Ask the worker, and wait for its answer. */
function ask(worker, question) {
  const {port1, port2} = new MessageChannel();
  worker.postMessage(question, [port2]);
  return new Promise(resolve => { port1.onmessage = ({data}) => resolve(data); });
}

/** Name what this browser lacks, if anything. */
function lack() {
  if (!isSecureContext) return 'insecure';
  return navigator.serviceWorker && self.DecompressionStream ? null : 'unsupported';
}

/** Start the worker for the whole site and wait until it is active. */
async function startWorker() {
  const options = {scope: root, updateViaCache: 'none'};
  const registration = await navigator.serviceWorker.register(new URL('sw.js', root), options);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (/activat/.test(worker.state)) resolve(worker);
      if (worker.state === 'redundant') reject(new Error(worker.state));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

/** Tell why a worker didn't start: the browser refuses, the device is offline, or the host can't be reached. */
const whyNoWorker = ({name}) => (name === 'SecurityError' ? 'unsupported' : navigator.onLine ? 'unreachable' : 'offline');

/** Sign in with a code as it was written; one with a slip causes no request. */
async function signIn(text) {
  const code = readCode(text);
  const worker = await startWorker().catch(error => { throw trouble(whyNoWorker(error)); });
  const {ok, reason} = await ask(worker, {do: 'sign-in', code, remember: remember.checked});
  if (!ok) throw trouble(reason);
  if (location.hash) location.reload(); // to replace it would only scroll
  else location.replace(path === 'index.html' ? root : location.pathname + location.search);
}

/** Run a sign-in, with the form at rest meanwhile; say what went wrong. */
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
  form.querySelector('button').disabled = yes;
}

/** Reload for a session that is open already, as a hard reload goes past the worker; tell whether that was done. */
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

/** Set the form up; sign in at once with a code that came in the address. */
async function start() {
  const missing = lack(), attemptHeld = code => code && attempt(code);
  form.addEventListener('submit', event => {
    event.preventDefault();
    missing ? show(missing) : attempt(field.value);
  });
  if (missing) return show(missing);
  addEventListener('hashchange', () => attemptHeld(takeCode()));
  if (!attemptHeld(takeCode()) && !await resume() && path && matchMedia('(pointer: fine)').matches) field.focus();
}

start();
