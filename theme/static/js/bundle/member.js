/* The scripts of members' pages. The build writes them here. */
'use strict';

importScripts(
  'theme/js/ask.js',
  'theme/js/outbox.js',
  'theme/js/members.js',
  'theme/js/latest.js',
  'theme/js/own-end.js',
  'theme/js/qr-code.js',
  'theme/js/code-screen.js',
  'theme/js/session-key.js',
);
