/* The scripts of pages with a form. The build writes them here. */
'use strict';

importScripts(
  'theme/js/sealed-answer.js',
  'theme/js/draft.js',
  'theme/js/form-check.js',
  'theme/js/answer-message.js',
  'theme/js/answer-form.js',
);
