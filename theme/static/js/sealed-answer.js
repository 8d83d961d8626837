/* Answers sealed to the publisher, as docs/answers.md says: HPKE on WebCrypto. The twin of sealed_answer.py. */
'use strict';

const KEM = 'HPKE-v1KEM\0\x10'; // what RFC 9180 puts before a label, in the KEM and in the rest
const HPKE = 'HPKE-v1HPKE\0\x10\0\x01\0\x02';
const EMPTY = new Uint8Array(32); // the salt "" of HMAC: some engines refuse a key without bytes
const P256 = {name: 'ECDH', namedCurve: 'P-256'};

/**
 * Join bytes, and texts as UTF-8.
 * @param {...BlobPart} parts
 * @returns {Promise<Bytes>}
 */
async function joined(...parts) {
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Write bytes as base64.
 * @param {Bytes} bytes
 * @returns {string}
 */
function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Read base64url.
 * @param {string} text
 * @returns {Bytes}
 */
function readBase64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
}

/**
 * Compute HMAC-SHA-256.
 * @param {Bytes} key
 * @param {...BlobPart} parts
 * @returns {Promise<Bytes>}
 */
async function hmac256(key, ...parts) {
  const imported = await crypto.subtle.importKey('raw', key, {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, await joined(...parts)));
}

/**
 * Run LabeledExtract and LabeledExpand of RFC 9180, which are one HKDF.
 * @param {Bytes} salt
 * @param {Bytes} secret
 * @param {string} label
 * @param {Bytes} context
 * @param {number} size
 * @returns {Promise<Bytes>}
 */
async function hkdf(salt, secret, label, context, size) {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const info = await joined(`\0${String.fromCharCode(size)}${label}`, context);
  return new Uint8Array(await crypto.subtle.deriveBits({name: 'HKDF', hash: 'SHA-256', salt, info}, key, size * 8));
}

/**
 * Derive the key and the nonce of a message in base mode from the result of ECDH and the two points.
 * @param {BlobPart} exchanged
 * @param {Bytes} enc
 * @param {Bytes} receiver
 * @param {string} info
 * @returns {Promise<[Bytes, Bytes]>}
 */
async function answerCipher(exchanged, enc, receiver, info) {
  const points = await joined(enc, receiver);
  const shared = await hkdf(EMPTY, await joined(KEM, 'eae_prk', exchanged), `${KEM}shared_secret`, points, 32);
  const hashes = [await hmac256(EMPTY, HPKE, 'psk_id_hash'), await hmac256(EMPTY, HPKE, 'info_hash', info)];
  const [source, schedule] = [await joined(HPKE, 'secret'), await joined('\0', ...hashes)];
  const nonce = await hkdf(shared, source, `${HPKE}base_nonce`, schedule, 12);
  return [await hkdf(shared, source, `${HPKE}key`, schedule, 32), nonce];
}

/**
 * Seal a plaintext to the publisher.
 * @param {Bytes} receiver
 * @param {string} info
 * @param {Bytes} plaintext
 * @returns {Promise<Bytes>}
 */
async function sealTo(receiver, info, plaintext) {
  const {privateKey, publicKey} = await crypto.subtle.generateKey(P256, false, ['deriveBits']);
  const enc = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const theirs = await crypto.subtle.importKey('raw', receiver, P256, false, []);
  const exchanged = await crypto.subtle.deriveBits({name: 'ECDH', public: theirs}, privateKey, 256);
  const [bytes, iv] = await answerCipher(exchanged, enc, receiver, info);
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt']);
  return joined(enc, await crypto.subtle.encrypt({name: 'AES-GCM', iv}, key, plaintext));
}

/**
 * Number an answer by the first 60 bits of the digest of its payload.
 * @param {Bytes} payload
 * @returns {Promise<string>}
 */
async function answerNumber(payload) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', payload));
  const bits = Array.from(digest.slice(0, 8), byte => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.slice(0, 60).replace(/.{5}/g, five => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[parseInt(five, 2)]);
  return `A${letters.replace(/.{4}/g, '-$&')}`;
}

/**
 * Seal an answer and write it as text; the text of one that is too long is empty.
 * @param {object} answer
 * @param {{key: string, site: string, memberKey?: string}} keys
 * @returns {Promise<{number: string, text: string}>}
 */
async function sealAnswer(answer, {key, site, memberKey}) {
  const id = base64(crypto.getRandomValues(new Uint8Array(16))).slice(0, 22).replace(/\+/g, '-').replace(/\//g, '_');
  const payload = await joined(JSON.stringify({id, ...answer}, (_, value) => (
    value?.replace?.(/[\0\ud800-\udfff]/gu, '\ufffd') ?? value))); // a reader refuses NUL and half a pair
  const info = `portal-answer/1\0${site}`;
  const tag = memberKey ? await hmac256(readBase64(memberKey), info, '\0', payload) : EMPTY;
  const size = [1024, 4096, 16384].find(most => most >= payload.length + 36);
  if (!size) return {number: '', text: ''};
  const length = Uint8Array.of(0, 0, payload.length >> 8, payload.length);
  const plaintext = await joined(tag, length, payload, new Uint8Array(size - 36 - payload.length));
  const lines = base64(await sealTo(readBase64(key), info, plaintext)).replace(/.{1,64}/g, '$&\n');
  const text = `-----BEGIN SEALED ANSWER-----\n${lines}-----END SEALED ANSWER-----\n`;
  return {number: await answerNumber(payload), text};
}
