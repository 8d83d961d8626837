/* Answers of a host that is not set up properly. */
'use strict';

/**
 * Refuse an answer that has no such file, or one of another type.
 * @param {string} path
 * @param {Response} response
 * @param {RegExp} types
 */
function refuseOther(path, {status, headers}, types) {
  const type = headers.get('content-type') ?? '';
  if (status < 500 && !(status < 300 && types.test(type))) {
    throw Object.assign(trouble('host'), {fault: `${path}: ${status} ${type}`});
  }
}
