/* How the sign-in page starts the worker, goes on with an open session, and loads the script for passkeys. */
'use strict';

const AGAIN = 10000; // ms within which a page is not reloaded twice
const SOON = 5000; // ms

/**
 * Ask the worker; fail with its reason.
 * @param {ServiceWorker} worker
 * @param {{do: string} & Record<string, unknown>} question
 */
async function demand(worker, question) {
  const {ok, reason, fault} = await ask(worker, question);
  if (!ok) throw Object.assign(trouble(reason ?? 'damaged'), {fault});
}

/**
 * Find the site's worker, if it is active.
 * @param {URL} root
 * @returns {Promise<ServiceWorker | null>}
 */
async function activeWorker(root) {
  const registration = await navigator.serviceWorker.getRegistration(root);
  return registration?.scope === root.href ? registration.active : null;
}

/**
 * Start the site's worker and wait until it is active.
 * @param {URL} root
 * @returns {Promise<ServiceWorker>}
 */
async function startWorker(root) {
  const options = {scope: root.href, updateViaCache: /** @type {const} */ ('none')};
  const registration = await navigator.serviceWorker.register(new URL('sw.js', root), options);
  const {active, waiting, installing} = registration;
  return active ?? activated(/** @type {ServiceWorker} */ (installing ?? waiting));
}

/**
 * Fetch portal.json for the worker; without success, the worker tries again and tells why.
 * @param {URL} root
 * @returns {Promise<Uint8Array | undefined>}
 */
async function fetchBootstrap(root) {
  const options = {cache: /** @type {const} */ ('no-cache'), signal: AbortSignal.timeout(SOON)};
  const answer = await fetch(new URL('portal.json', root), options).catch(() => null);
  const isJson = answer?.ok && /json/.test(answer.headers.get('content-type') ?? '');
  const bytes = isJson && await answer.arrayBuffer().catch(() => null);
  return bytes ? new Uint8Array(bytes) : undefined;
}

/**
 * Wait until a worker is active; `ready` could give the worker of another scope.
 * @param {ServiceWorker} worker
 * @returns {Promise<ServiceWorker>}
 */
function activated(worker) {
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(worker);
      if (worker.state === 'redundant') reject(new Error('redundant'));
    });
  });
}

/**
 * Start the worker again, if the host sends its script, or fail with the reason for which it did not start.
 * @param {Error} error
 * @returns {Promise<ServiceWorker>}
 */
async function failStart({name}) {
  const script = await fetch(new URL('sw.js', root), {cache: 'no-store', redirect: 'manual'}).catch(() => null);
  if (script) refuseOther('sw.js', script, /javascript/);
  refuseBlocked();
  if (name === 'SecurityError') throw trouble('unsupported');
  if (script?.ok) {
    return startWorker(root).catch(() => {
      throw trouble('unsupported');
    });
  }
  throw trouble(navigator.onLine ? 'unreachable' : 'offline');
}

/**
 * Reload if a session is open, for a hard reload bypasses the worker; if it does not open, say so in place of the form.
 * @returns {Promise<boolean>}
 */
async function resume() {
  const worker = await activeWorker(root);
  if (!worker) return false;
  const {ok, reason, isIn} = await ask(worker, {do: 'status', path});
  if (reason) show(reason);
  if (isIn && reason) holdOn(reason !== 'missing');
  if (!ok || reason || Date.now() - history.state?.resumed < AGAIN) return false;
  history.replaceState({resumed: Date.now()}, '');
  location.reload();
  return true;
}

/**
 * Offer to try again in place of the form: the member is signed in.
 * @param {boolean} isFailed
 */
function holdOn(isFailed) {
  entry.hidden = true;
  again.hidden = false;
  const header = /** @type {HTMLTemplateElement?} */ (document.querySelector('template[data-portal="held"]'));
  if (isFailed) header?.parentElement?.replaceChildren(header.content);
}

/** Say, once, that the member signed out in this tab. */
function confirmEnd() {
  show('signed-out');
  history.replaceState(null, '', asked);
}

/** Load the script for passkeys where browser and device have what it takes. */
async function loadPasskeys() {
  const able = await self.PublicKeyCredential?.getClientCapabilities?.();
  if (!able?.['extension:prf'] || !able.userVerifyingPlatformAuthenticator) return;
  const holder = /** @type {HTMLTemplateElement} */ (document.querySelector('template[data-portal="passkeys"]'));
  document.head.append(document.importNode(holder.content, true));
}
