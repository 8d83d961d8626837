'use strict';
/* The primitives of FORMAT.md, in its order: the twin of seal, on WebCrypto alone. What is refused throws. */

const FORMAT = 'portal-release/1';
const CONTAINER = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM';
const SALT = 24, HEADER = 56, TAG = 16, SEALED_CHUNK = 16384 + TAG; // bytes
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ', LENGTH = 27;

/** Make an error with a reason; one without means `damaged`. */
const trouble = reason => Object.assign(new Error(reason), {reason});

const encode = text => new TextEncoder().encode(text);
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

/** Join the protocol and the parts by NUL; one inside would make two names look the same. */
function bind(...parts) {
  if (parts.some(part => part.includes('\0'))) throw trouble('damaged');
  return encode([FORMAT, ...parts].join('\0'));
}

/** Name the one place a sealed message belongs to. */
const context = (site, role, name) => bind(site, role, name);

/** Make an HMAC key that no script reads again. */
const hmacKey = bytes => crypto.subtle.importKey('raw', bytes, {name: 'HMAC', hash: 'SHA-512'}, false, ['sign']);

/** HMAC-SHA-512 under a CryptoKey or its bytes. */
async function hmac(key, data) {
  const ready = key instanceof CryptoKey ? key : await hmacKey(key);
  return new Uint8Array(await crypto.subtle.sign('HMAC', ready, data));
}

/** Derive 64 bytes from a key, a label and parts. */
const D = (key, label, ...parts) => hmac(key, bind(label, ...parts));

/** Expand a key to chunk key, base nonce and commitment. */
async function expand(key, salt, place) {
  const info = join(encode(CONTAINER + '\0'), salt, place);
  const first = await hmac(key, join(info, [1]));
  const whole = join(first, await hmac(key, join(first, info, [2])));
  return [whole.slice(0, 32), whole.slice(32, 44), whole.slice(44, 76)];
}

/** XOR a chunk's number into the base nonce. */
function nonceOf(base, number) {
  const nonce = base.slice(), view = new DataView(nonce.buffer);
  view.setUint32(8, view.getUint32(8) ^ number);
  return nonce;
}

/** Open a message: all of it, or nothing. */
async function openMessage(key, place, message) {
  const body = message.subarray(HEADER);
  if (key.length !== 32 || body.length % SEALED_CHUNK < TAG) throw trouble('damaged'); // no short last chunk
  const [chunkKey, base, commitment] = await expand(key, message.subarray(0, SALT), place);
  if (hex(commitment) !== hex(message.subarray(SALT, HEADER))) throw trouble('damaged');
  const aes = await crypto.subtle.importKey('raw', chunkKey, 'AES-GCM', false, ['decrypt']);
  const open = (_, n) => crypto.subtle.decrypt({name: 'AES-GCM', iv: nonceOf(base, n)}, aes,
    body.subarray(n * SEALED_CHUNK, (n + 1) * SEALED_CHUNK));
  const chunks = await Promise.all(Array.from({length: Math.ceil(body.length / SEALED_CHUNK)}, open));
  return join(...chunks.map(chunk => new Uint8Array(chunk)));
}

/** Give a frame's payload. */
async function decodeFrame(frame) {
  const end = 5 + new DataView(frame.buffer).getUint32(1);
  if (end > frame.length || frame[0] > 1 || frame.subarray(end).some(Boolean)) throw trouble('damaged');
  return frame[0] ? inflate(frame.subarray(5, end)) : frame.slice(5, end);
}

/** Read a zlib stream that is complete and followed by nothing. */
async function inflate(bytes) {
  const stream = new Response(bytes).body.pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** a^0 … a^30 in GF(32) with x^5 + x^2 + 1 and a = 2. */
const POWERS = [1];
for (let next = 2; POWERS.length < 31; next *= 2) POWERS.push(next > 31 ? next ^= 0b100101 : next);

/** Give the letters as they count: raised, O read as 0, I and L as 1. */
const normalise = text => text.replace(/[\s-]/g, '').replace(/[a-z]/g, letter => letter.toUpperCase())
  .replace(/O/g, '0').replace(/[IL]/g, '1');

/** Read a code as people write it; refuse one with a slip, and number its group (0: unsure). */
function readCode(text, length = LENGTH, size = 3) {
  const letters = normalise(text), values = Array.from(letters, letter => ALPHABET.indexOf(letter));
  const sum = weigh => values.reduce((total, value, i) => total ^ weigh(value, i), 0);
  const first = sum(value => value), second = sum((value, i) => value && POWERS[(POWERS.indexOf(value) + i) % 31]);
  let wrong = values.indexOf(-1);
  if (wrong < 0 && values.length === length) {
    if (!first && !second) return letters;
    if (first && second) wrong = (POWERS.indexOf(second) - POWERS.indexOf(first) + 31) % 31; // a^i = second / first
  }
  throw Object.assign(trouble('mistyped'), {group: wrong < length ? Math.floor(wrong / size) + 1 : 0});
}

/** Derive a member's root. */
const memberRoot = async letters => hmacKey(await hmac(encode(FORMAT), encode(letters)));

const cardTag = async (root, publish) => (await D(root, 'tag', publish)).slice(0, 16);
const cardKey = async (root, publish) => (await D(root, 'card', publish)).slice(0, 32);
const blobId = async key => hex((await D(key, 'id')).slice(0, 16));
