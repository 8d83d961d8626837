/* On every page: keeps the key of a session that is not stored, for the browser stops the worker now and then. */
'use strict';

/** @type {SessionKey | null} */
let sessionKey = null;

/** Get the key from the worker, unless it is stored; give it back when this page closes. */
async function keepKey() {
  const {active} = await navigator.serviceWorker.ready;
  addEventListener('pagehide', () => {
    if (sessionKey) active?.postMessage({do: 'take', key: sessionKey});
  });
  sessionKey = active && (await ask(active, {do: 'share'})).key || null;
}

/**
 * Answer a worker that asks for the key; without a port it says that the session is over.
 * @param {MessageEvent} event
 */
function giveKey({ports: [port]}) {
  if (port) port.postMessage(sessionKey);
  else sessionKey = null;
}

/**
 * Open a file in a tab of its own: a viewer of files cannot keep the key.
 * @param {Event} event
 */
function spareTab({target}) {
  const link = /** @type {Element} */ (target).closest('a');
  const isFile = link?.origin === location.origin && /\.(?!html$)\w+$/.test(link.pathname);
  if (sessionKey && isFile) link.target = '_blank';
}

if (navigator.serviceWorker) {
  navigator.serviceWorker.addEventListener('message', giveKey);
  addEventListener('click', spareTab);
  keepKey();
}
