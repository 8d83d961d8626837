'use strict';
/* What stays on the device. In IndexedDB: the member root, as a key no script can read (never the code), and small
   facts. In caches: sealed files, and public ones. Names carry the scope: two portals on an origin never meet. */

const {scope: SCOPE} = self.registration;
const NAME = `portal ${new URL(SCOPE).pathname}`; // of the database and the tabs' channel
const SEALED = `${NAME} sealed`, PUBLIC = `${NAME} public`;

const settled = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Ask the store of: member {root, remember}, used (ms), portal, complete, seen {site, sequence}, ended. */
async function transact(mode, act) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
  const database = await settled(opening);
  return settled(act(database.transaction('kept', mode).objectStore('kept'))).finally(() => database.close());
}

const recall = name => transact('readonly', store => store.get(name));
const keep = (name, value) => transact('readwrite', store => store.put(value, name));
const forget = name => transact('readwrite', store => store.delete(name));

/** Forget member and sealed files; `seen` stays, or a roll-back would pass after a sign-out. */
async function wipe() {
  const seen = await recall('seen');
  await transact('readwrite', store => store.clear());
  await keep('seen', seen);
  await caches.delete(SEALED);
}
