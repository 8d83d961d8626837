/* Sealed messages and the frames inside them, as FORMAT.md says. The twin of container.py and padding.py. */
'use strict';

const CONTAINER = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM';

// Sizes in bytes. The header is the salt and the commitment; a frame begins with a flag and the length of its content.
const SALT = 24;
const HEADER = 56;
const TAG = 16;
const SEALED_CHUNK = 16384 + TAG;
const FRAME_HEADER = 5;

/**
 * Expand a key to chunk key, base nonce and commitment.
 * @param {Bytes} key
 * @param {Bytes} salt
 * @param {Bytes} place
 * @returns {Promise<{chunkKey: Bytes, baseNonce: Bytes, commitment: Bytes}>}
 */
async function expand(key, salt, place) {
  const info = join(encode(`${CONTAINER}\0`), salt, place);
  const first = await hmac(key, join(info, [1]));
  const second = await hmac(key, join(first, info, [2]));
  const whole = join(first, second);
  return {chunkKey: whole.slice(0, 32), baseNonce: whole.slice(32, 44), commitment: whole.slice(44, 76)};
}

/**
 * Make the nonce of a chunk: XOR its number into the base nonce.
 * @param {Bytes} baseNonce
 * @param {number} number
 * @returns {Bytes}
 */
function nonceOf(baseNonce, number) {
  const nonce = baseNonce.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, view.getUint32(8) ^ number);
  return nonce;
}

/**
 * Open a message as a whole; nothing of it is returned if any chunk is refused.
 * @param {Bytes} key
 * @param {Bytes} place
 * @param {Bytes} message
 * @returns {Promise<Bytes>}
 */
async function openMessage(key, place, message) {
  const body = message.subarray(HEADER);
  const lastChunk = body.length % SEALED_CHUNK; // always a part of a chunk, if only the tag of an empty one
  if (key.length !== 32 || lastChunk < TAG) throw trouble('damaged');
  const {chunkKey, baseNonce, commitment} = await expand(key, message.subarray(0, SALT), place);
  if (hex(commitment) !== hex(message.subarray(SALT, HEADER))) throw trouble('damaged');
  const aesKey = await crypto.subtle.importKey('raw', chunkKey, 'AES-GCM', false, ['decrypt']);
  const count = Math.ceil(body.length / SEALED_CHUNK);
  const chunks = Array.from({length: count}, (_, number) => openChunk(aesKey, baseNonce, body, number));
  return join(...await Promise.all(chunks));
}

/**
 * Open one chunk of a message's body.
 * @param {CryptoKey} aesKey
 * @param {Bytes} baseNonce
 * @param {Bytes} body
 * @param {number} number
 * @returns {Promise<Bytes>}
 */
async function openChunk(aesKey, baseNonce, body, number) {
  const sealed = body.subarray(number * SEALED_CHUNK, (number + 1) * SEALED_CHUNK);
  const algorithm = {name: 'AES-GCM', iv: nonceOf(baseNonce, number)};
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, aesKey, sealed));
}

/**
 * Decode a frame to its payload; refuse padding that is not zero.
 * @param {Bytes} frame
 * @returns {Promise<Bytes>}
 */
async function decodeFrame(frame) {
  const isCompressed = frame[0];
  const end = FRAME_HEADER + new DataView(frame.buffer).getUint32(1);
  if (end > frame.length || isCompressed > 1 || frame.subarray(end).some(Boolean)) throw trouble('damaged');
  return isCompressed ? inflate(frame.subarray(FRAME_HEADER, end)) : frame.slice(FRAME_HEADER, end);
}

/**
 * Decompress a zlib stream; it must be complete and nothing may follow it.
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>}
 */
async function inflate(bytes) {
  const compressed = /** @type {ReadableStream<Bytes>} */ (new Response(bytes).body);
  const stream = compressed.pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
