/* The primitives of FORMAT.md on WebCrypto: errors, bytes, names and keys. The twin of the Python package `seal`. */
'use strict';

const FORMAT = 'portal-release/2';
const LABEL = 'portal-release/1'; // of all derivations: access codes outlive a format

/**
 * Make an error with a reason; an error without one means `damaged`.
 * @param {string} reason
 * @returns {Trouble}
 */
function trouble(reason) {
  return Object.assign(new Error(reason), {reason});
}

/**
 * Encode a text as UTF-8.
 * @param {string} text
 * @returns {Bytes}
 */
function encode(text) {
  return new TextEncoder().encode(text);
}

/**
 * Write bytes in hexadecimal.
 * @param {Bytes} bytes
 * @returns {string}
 */
function hex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Join byte strings.
 * @param {...ArrayLike<number>} parts
 * @returns {Bytes}
 */
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Join the label and the parts by NUL; a NUL inside a part would make two names equal.
 * @param {...string} parts
 * @returns {Bytes}
 */
function bind(...parts) {
  if (parts.some(part => part.includes('\0'))) throw trouble('damaged');
  return encode([LABEL, ...parts].join('\0'));
}

/**
 * Name the one place a sealed message belongs to.
 * @param {string} site
 * @param {string} role
 * @param {string} name
 * @returns {Bytes}
 */
function context(site, role, name) {
  return bind(site, role, name);
}

/**
 * Make an HMAC key that no script can read.
 * @param {Bytes} bytes
 * @returns {Promise<CryptoKey>}
 */
function hmacKey(bytes) {
  return crypto.subtle.importKey('raw', bytes, {name: 'HMAC', hash: 'SHA-512'}, false, ['sign']);
}

/**
 * Compute HMAC-SHA-512 under a key, given as CryptoKey or bytes.
 * @param {CryptoKey | Bytes} key
 * @param {Bytes} data
 * @returns {Promise<Bytes>}
 */
async function hmac(key, data) {
  const imported = key instanceof CryptoKey ? key : await hmacKey(key);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}

/**
 * Derive 64 bytes from a key, a label and parts.
 * @param {CryptoKey | Bytes} key
 * @param {string} label
 * @param {...string} parts
 * @returns {Promise<Bytes>}
 */
function D(key, label, ...parts) {
  return hmac(key, bind(label, ...parts));
}

/**
 * Derive the id of a blob from its key.
 * @param {Bytes} key
 * @returns {Promise<string>}
 */
async function blobId(key) {
  return hex((await D(key, 'id')).slice(0, 16));
}

/**
 * Derive the 64 bytes of a member's root from the letters of the access code.
 * @param {string} letters
 * @returns {Promise<Bytes>}
 */
function rootBytes(letters) {
  return hmac(encode(LABEL), encode(letters));
}

/**
 * Derive a member's root as a key that no script can read.
 * @param {string} letters
 * @returns {Promise<CryptoKey>}
 */
async function memberRoot(letters) {
  return hmacKey(await rootBytes(letters));
}

/**
 * Derive the tag of a member's card at a publish.
 * @param {CryptoKey} root
 * @param {string} publish
 * @returns {Promise<Bytes>}
 */
async function cardTag(root, publish) {
  return (await D(root, 'tag', publish)).slice(0, 16);
}

/**
 * Derive the key of a member's card at a publish.
 * @param {CryptoKey} root
 * @param {string} publish
 * @returns {Promise<Bytes>}
 */
async function cardKey(root, publish) {
  return (await D(root, 'card', publish)).slice(0, 32);
}
