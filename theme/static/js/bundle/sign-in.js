/* The scripts of pages with the sign-in. The build writes them here. */
'use strict';

importScripts(
  'theme/js/seal.js',
  'theme/js/code.js',
  'theme/js/host.js',
  'theme/js/ask.js',
  'theme/js/start.js',
  'theme/js/sign-in.js',
  'theme/js/session-key.js',
);
