/* Runs first: takes an access code out of the address and its history entry. */
'use strict';

const CODE = /^#(?:[0-9a-z]{3}(?:-|%20)?){8,9}[0-9a-z]{0,2}$/i; // or nearly a code
let held = '';

/** Take what looks like a code out of the address. */
function hold() {
  const {hash, origin, pathname, search} = location;
  if (!CODE.test(hash)) return;
  held = hash.slice(1).replaceAll('%20', '');
  history.replaceState(history.state, '', origin + pathname + search); // a path can begin with //
}

/**
 * Give the code, once.
 * @returns {string}
 */
function takeCode() {
  const code = held;
  held = '';
  return code;
}

hold();
addEventListener('hashchange', hold);
