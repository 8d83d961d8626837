/* Answers of a host that is not set up properly. */
'use strict';

let blocked = ''; // the part of a policy that stopped something

addEventListener('securitypolicyviolation', ({effectiveDirective}) => {
  blocked = effectiveDirective;
});

/** Fail if a policy of the host stopped something. */
function refuseBlocked() {
  if (blocked) throw Object.assign(trouble('host'), {fault: `Content-Security-Policy: ${blocked}`});
}

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
