'use strict';
/* Runs first: takes an access code out of the address and its history entry. `takeCode()` gives it, once. */

const takeCode = (() => {
  const CODE = /^#(?:[0-9a-z]{3}(?:-|%20)?){8,9}[0-9a-z]{0,2}$/i; // or nearly a code
  let code = '';

  /** Take what looks like a code out of the address. */
  function take() {
    const {hash, pathname, search} = location;
    if (!CODE.test(hash)) return;
    code = hash.slice(1).replaceAll('%20', '');
    history.replaceState(history.state, '', pathname + search);
  }

  take();
  addEventListener('hashchange', take);
  return () => {
    const once = code;
    code = '';
    return once;
  };
})();
