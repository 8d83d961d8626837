/* Sealed files, fetched from the host or taken from the copy on this device, and opened. */
'use strict';

const DEADLINE = 20000; // ms without a byte after which the host counts as absent
/** @type {Map<string, Promise<Bytes>>} */
const underway = new Map(); // files that are being opened, by path

/**
 * Fetch; fail when no byte comes for DEADLINE, while a slow answer that goes on is read to its end.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function fetchWatched(path, options) {
  const stop = new AbortController();
  let timer = 0;
  /** @param {unknown} [bytes] @param {TransformStreamDefaultController} [stream] */
  function transform(bytes, stream) {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), DEADLINE);
    stream?.enqueue(bytes);
  }
  transform();
  const {body, status, headers} = await fetch(path, {...options, signal: stop.signal});
  return new Response(body?.pipeThrough(new TransformStream({transform})), {status, headers});
}

/**
 * Fetch a file of the release; tell an offline device, an absent host and a host that has no such file apart.
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Bytes>}
 */
async function fetchBytes(path, options) {
  const response = await fetchWatched(path, options).catch(() => null);
  if (response) refuseOther(path, response, /^(?!text\/html)/);
  const body = response?.ok && await response.arrayBuffer().catch(() => null);
  if (!body) refuseBlocked();
  if (!body) throw trouble(navigator.onLine ? 'unreachable' : 'offline');
  return new Uint8Array(body);
}

/**
 * Fetch portal.json.
 * @returns {Promise<Portal>}
 */
async function fetchPortal() {
  return readPortal(await fetchBytes('portal.json', {cache: 'no-cache'}));
}

/**
 * Fetch a range of a file; a host without ranges answers with the whole file.
 * @param {string} path
 * @param {number} from
 * @param {number} to
 * @returns {Promise<Bytes>}
 */
async function fetchRange(path, from, to) {
  const bytes = await fetchBytes(path, {cache: 'no-store', headers: {range: `bytes=${from}-${to - 1}`}});
  return bytes.length === to - from ? bytes : bytes.slice(from, to);
}

/**
 * Open a sealed file, from the cache on this device or from the host; keep a copy only of what opened.
 * @template Opened
 * @param {Cache} cache
 * @param {string} path
 * @param {(message: Bytes) => Promise<Opened>} open
 * @param {() => Promise<Bytes>} [fetchMessage]
 * @returns {Promise<Opened>}
 */
async function unseal(cache, path, open, fetchMessage = () => fetchBytes(path, {cache: 'no-store'})) {
  const copy = await cache.match(path);
  try {
    if (copy) return await open(new Uint8Array(await copy.arrayBuffer()));
  } catch {
    await cache.delete(path);
  }
  const message = await fetchMessage();
  const opened = await open(message);
  await cache.put(path, new Response(message)).catch(() => {}); // a full device keeps no copy
  return opened;
}

/**
 * Open a file; one that is being opened is not fetched twice.
 * @param {SealedFile} file
 * @param {Pick<Session, 'cache' | 'site'>} session
 * @returns {Promise<Bytes>}
 */
async function unsealFile(file, {cache, site}) {
  const [key, , , , place] = file;
  const path = await nameOf(file);
  const opening = underway.get(path) ?? unseal(
    cache, path, async message => checkFile(await openBlob(message, unb64(key), 'blob', site), file),
    place && (() => fetchRecord(place)),
  ).finally(() => underway.delete(path));
  underway.set(path, opening);
  return opening;
}

/**
 * Give the name of a file in the copy on this device.
 * @param {SealedFile} file
 * @returns {Promise<string>}
 */
async function nameOf([key, , , , place]) {
  return place ? recordName(place) : blobPath(unb64(key));
}

/**
 * Give the name of a record in the copy on this device.
 * @param {Place} place
 * @returns {string}
 */
function recordName({publish, offset}) {
  return `${packPath(publish, 0)}?${offset}`;
}

/**
 * Fetch the sealed record, or the file after it, at a place; it may cross the border of two packs.
 * @param {Place} place
 * @returns {Promise<Bytes>}
 */
async function fetchRecord({publish, offset, length}) {
  const parts = [];
  const end = offset + length;
  for (let start = offset - offset % PACK; start < end; start += PACK) {
    parts.push(fetchRange(packPath(publish, start / PACK), Math.max(offset - start, 0), Math.min(end - start, PACK)));
  }
  return join(...await Promise.all(parts));
}
