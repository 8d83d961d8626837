/* On every members' page: signing out, here and in other tabs. */
'use strict';

const root = new URL(document.body.dataset.root || './', document.baseURI);

/** Hide the page for good. */
function hide() {
  document.documentElement.hidden = true;
}

/** Sign out; the worker tells all tabs when it is done. */
async function signOut() {
  const {active} = await navigator.serviceWorker.ready;
  active?.postMessage({do: 'sign-out'});
}

for (const button of document.querySelectorAll('[data-portal="sign-out"]')) button.addEventListener('click', signOut);

new BroadcastChannel(`portal ${root.pathname}`).addEventListener('message', () => {
  hide();
  location.replace(root);
});

// A page that the browser brings back may have outlived its session: the worker answers again.
addEventListener('pageshow', ({persisted}) => {
  if (!persisted) return;
  hide();
  location.reload();
});
