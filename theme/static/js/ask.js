/* How the sign-in page starts the worker and asks it. */
'use strict';

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
 * Ask the worker; fail with its reason.
 * @param {ServiceWorker} worker
 * @param {{do: string} & Record<string, unknown>} question
 */
async function demand(worker, question) {
  const {ok, reason} = await ask(worker, question);
  if (!ok) throw trouble(reason ?? 'damaged');
}

/**
 * Start the site's worker and wait until it is active.
 * @param {URL} root
 * @returns {Promise<ServiceWorker>}
 */
async function startWorker(root) {
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
