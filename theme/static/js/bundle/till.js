/* The scripts of the till, without its camera. The build writes them here. */
'use strict';

importScripts(
  'theme/js/seal.js',
  'theme/js/code.js',
  'theme/js/coupon.js',
  'theme/js/redemptions.js',
  'theme/js/till-member.js',
  'theme/js/till.js',
);
