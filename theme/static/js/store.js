/* The device's storage. IndexedDB holds small facts and, on a device that remembers, the member root: as a key that no
   script can read, or sealed with a passkey. It never holds the code. Caches hold sealed files and public files.
   Names carry the scope: two portals on one origin do not meet. */
'use strict';

const SCOPE = worker.registration.scope;
const NAME = `portal ${new URL(SCOPE).pathname}`; // of the database and of the tabs' channel
const SEALED = `${NAME} sealed`;
const PUBLIC = `${NAME} public`;

/**
 * Wait for a request of IndexedDB.
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Run one request on the store, to the end of its transaction: a full device undoes a request that went well.
 * @template Result
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} act
 * @returns {Promise<Result>}
 */
async function transact(mode, act) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
  const database = await settled(opening);
  const transaction = database.transaction('kept', mode);
  const request = act(transaction.objectStore('kept'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  }).finally(() => database.close());
}

/**
 * Read an entry of the store.
 * @template {keyof Kept} Entry
 * @param {Entry} name
 * @returns {Promise<Kept[Entry] | undefined>}
 */
function recall(name) {
  return transact('readonly', store => store.get(name));
}

/**
 * Write an entry of the store.
 * @template {keyof Kept} Entry
 * @param {Entry} name
 * @param {Kept[Entry] | undefined} value
 * @returns {Promise<IDBValidKey>}
 */
function keep(name, value) {
  return transact('readwrite', store => store.put(value, name));
}

/**
 * Write an entry of the store that the device can do without; a full one does not keep it.
 * @template {keyof Kept} Entry
 * @param {Entry} name
 * @param {Kept[Entry] | undefined} value
 * @returns {Promise<unknown>}
 */
function note(name, value) {
  return keep(name, value).catch(() => {});
}

/**
 * Delete an entry of the store.
 * @param {keyof Kept} name
 * @returns {Promise<undefined>}
 */
function forget(name) {
  return transact('readwrite', store => store.delete(name));
}

/** Delete the database and all sealed files; `seen` stays, or a roll-back would pass after a sign-out. */
async function wipe() {
  const seen = await recall('seen');
  await transact('readwrite', store => store.clear()); // a connection elsewhere may delay the deletion
  indexedDB.deleteDatabase(NAME);
  await note('seen', seen);
  await caches.delete(SEALED);
}
