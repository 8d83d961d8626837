'use strict';
/* On every page of a signed-in member: signing out, here and in all other tabs. */

const root = new URL(document.body.dataset.root || './', document.baseURI);

/** Ask the worker, and wait for its answer. */
function ask(question) {
  const {port1, port2} = new MessageChannel();
  navigator.serviceWorker.controller.postMessage(question, [port2]);
  return new Promise(resolve => { port1.onmessage = ({data}) => resolve(data); });
}

/** Leave for the front page; the way back leads nowhere. */
function leave() {
  document.documentElement.hidden = true;
  location.replace(root);
}

/** Leave a page that came back from the browser's memory after its session has ended. */
async function check() {
  document.documentElement.hidden = true;
  const {ok} = await ask({do: 'status', path: ''});
  if (ok) document.documentElement.hidden = false;
  else leave();
}

for (const button of document.querySelectorAll('[data-portal="sign-out"]')) {
  button.addEventListener('click', () => ask({do: 'sign-out'}).then(leave));
}
addEventListener('pageshow', ({persisted}) => { if (persisted) check(); });
new BroadcastChannel(`portal ${root.pathname}`).addEventListener('message', leave);
