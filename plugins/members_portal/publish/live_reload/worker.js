/* The preview's server puts this before the worker's script: members' pages get the script that reloads them. */
'use strict';

const previewed = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

previewed.addEventListener('fetch', event => {
  if (event.request.mode !== 'navigate') return;
  const respond = event.respondWith.bind(event);
  event.respondWith = response => respond(Promise.resolve(response).then(withReload)); // the worker calls it later
});

/**
 * Add the script to a page that does not have it yet: the server adds it to public pages.
 * @param {Response} response
 * @returns {Promise<Response>}
 */
async function withReload(response) {
  if (!/^text\/html/.test(response.headers.get('content-type') ?? '')) return response;
  const {status, headers} = response;
  const text = await response.text();
  const script = `<script src="${SCOPE}sw.js?preview" data-publish="${current?.publish ?? ''}"></script>`;
  const page = text.includes('sw.js?preview"') ? text : text.replace('</body>', `${script}\n</body>`);
  const kept = new Headers(headers);
  kept.delete('content-length');
  return new Response(page, {status, headers: kept});
}
