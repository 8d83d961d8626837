'use strict';
/* Runs before anything else is asked for: takes an access code out of the address and its history entry. Until
   `takeCode()` gives it, once, it is nowhere but in this closure. */

const takeCode = (() => {
  const CODE = /^#(?:[0-9a-z]{3}(?:-|%20)?){8,9}[0-9a-z]{0,2}$/i; // nearly a code, too, or a slip would stay in sight
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
