/* The scripts of the desk. The build writes them here. */
'use strict';

importScripts(
  'theme/js/desk-search.js',
  'theme/js/desk.js',
  'theme/js/desk-page.js',
  'theme/js/desk-find.js',
);
