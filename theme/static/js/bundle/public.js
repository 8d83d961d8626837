/* The scripts of public pages without a sign-in. The build writes them here. */
'use strict';

importScripts(
  'theme/js/ask.js',
  'theme/js/outbox.js',
  'theme/js/session-key.js',
);
