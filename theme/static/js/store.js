'use strict';
/* What stays on the device between two lives of the worker. In IndexedDB: the member root, as a key no script can read
   (never the code), and small facts. In caches: sealed files as they came, and public ones. All names carry the scope,
   so that two portals on one origin never meet. */

const {scope: SCOPE} = self.registration;
const NAME = `portal ${new URL(SCOPE).pathname}`; // of the database, and of the channel between tabs
const SEALED = `${NAME} sealed`, PUBLIC = `${NAME} public`;

/** Open the database: member {root, remember}, used (ms), portal, complete (publish), seen {site, sequence}, ended. */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('kept');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Run one request on the store; give its result once it is safe. */
async function transact(mode, act) {
  const database = await openDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction('kept', mode), request = act(transaction.objectStore('kept'));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const recall = name => transact('readonly', store => store.get(name));
const keep = (name, value) => transact('readwrite', store => store.put(value, name));
const forget = name => transact('readwrite', store => store.delete(name));

/** Forget the member and all sealed files; what was seen stays, or a roll-back would pass after a sign-out. */
async function wipe() {
  const seen = await recall('seen');
  await transact('readwrite', store => store.clear());
  await keep('seen', seen);
  await caches.delete(SEALED);
}
