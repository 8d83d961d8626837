/* Files that were opened lately, in the memory of the worker. */
'use strict';

const MEMORY = 4e6; // bytes of opened files

/**
 * Open a file; keep the last ones in memory: pages share a style, players and PDF viewers ask for range after range.
 * @param {Session} session
 * @param {SealedFile} file
 * @returns {Promise<Bytes>}
 */
function readFile(session, file) {
  const {opened} = session;
  const [key] = file;
  const bytes = opened.get(key)?.bytes ?? unsealFile(file, session);
  bytes.catch(() => opened.delete(key));
  opened.delete(key); // and to the end of the map
  opened.set(key, {bytes, size: file[2]});
  let left = MEMORY;
  for (const [other, {size}] of [...opened].reverse()) {
    left -= size;
    if (left < 0 && other !== key) opened.delete(other);
  }
  return bytes;
}

/**
 * Begin to open the file of a path, if a session is open and has it.
 * @param {string} path
 */
function prepare(path) {
  const file = current && find(current, path);
  if (file) readFile(/** @type {Session} */ (current), file).catch(() => {});
}
