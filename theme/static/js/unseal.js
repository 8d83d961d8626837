/* Sealed files, fetched from the host or taken from the copy on this device, and opened. */
'use strict';

const DEADLINE = 20000; // ms that a sign-in waits for the host

/**
 * Fetch a file of the release; tell an absent host from an offline device.
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Bytes>}
 */
async function fetchBytes(path, options) {
  const fetching = fetch(path, options).then(response => (response.ok ? response.arrayBuffer() : null));
  const body = await fetching.catch(() => null);
  if (!body) throw trouble(navigator.onLine ? 'unreachable' : 'offline');
  return new Uint8Array(body);
}

/**
 * Fetch portal.json.
 * @returns {Promise<Portal>}
 */
async function fetchPortal() {
  return readPortal(await fetchBytes('portal.json', {cache: 'no-cache', signal: AbortSignal.timeout(DEADLINE)}));
}

/**
 * Open a sealed file, from the copy on this device or from the host; keep a copy only of what opened.
 * @template Opened
 * @param {string} path
 * @param {(message: Bytes) => Promise<Opened>} open
 * @returns {Promise<Opened>}
 */
async function unseal(path, open) {
  const cache = await caches.open(SEALED); // first: a sign-out meanwhile deletes it
  const copy = await cache.match(path);
  try {
    if (copy) return await open(new Uint8Array(await copy.arrayBuffer()));
  } catch {
    await cache.delete(path);
  }
  const message = await fetchBytes(path, {cache: 'no-store'});
  const opened = await open(message);
  await cache.put(path, new Response(message)).catch(() => {}); // a full device keeps no copy
  return opened;
}

/**
 * Open a blob or a record.
 * @param {Bytes} key
 * @param {string} role
 * @param {string} site
 * @returns {Promise<Bytes>}
 */
async function unsealBlob(key, role, site) {
  return unseal(await blobPath(key), message => openBlob(message, key, role, site));
}
