/* The file portal.json and its signature. The twin of bootstrap.py. */
'use strict';

/**
 * Parse JSON; refuse what is not UTF-8.
 * @param {Bytes} bytes
 * @returns {any}
 */
function readJson(bytes) {
  return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
}

/**
 * Decode base64url.
 * @param {string} text
 * @returns {Bytes}
 */
function unb64(text) {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

/**
 * Read portal.json without its signature; refuse another format or container.
 * @param {Bytes} bytes
 * @returns {Portal}
 */
function readPortal(bytes) {
  const {signed, signature} = readJson(bytes);
  const portal = JSON.parse(signed);
  if (portal.format !== FORMAT || portal.container !== CONTAINER) throw trouble('damaged');
  return {...portal, signed, signature};
}

/**
 * Refuse a portal.json that is not signed with the site's key.
 * @param {Portal} portal
 * @param {Bytes} publicKey
 * @returns {Promise<void>}
 */
function verifyPortal({signed, signature}, publicKey) {
  return verify(publicKey, unb64(signature), 'bootstrap', signed);
}

/**
 * Refuse a wrong Ed25519 signature of parts, where the browser has Ed25519.
 * @param {Bytes} publicKey
 * @param {Bytes} signature
 * @param {...string} parts
 */
async function verify(publicKey, signature, ...parts) {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']).catch(({name}) => {
    if (name !== 'NotSupportedError') throw trouble('damaged');
  });
  if (!key) return;
  if (!await crypto.subtle.verify('Ed25519', key, signature, bind(...parts))) throw trouble('damaged');
}

/**
 * Compute SHA-256.
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>}
 */
async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
