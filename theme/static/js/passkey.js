/* Passkeys (WebAuthn with its extension PRF): the device stores the member's root sealed with a key that only the
   member's authenticator can derive. The sign-in page loads this script where browser and device have what it takes. */
'use strict';

const NONCE = 12; // bytes

/**
 * Find a part of the form.
 * @param {string} name
 * @returns {HTMLElement}
 */
function part(name) {
  return /** @type {HTMLElement} */ (form.querySelector(`[data-portal="${name}"]`));
}

/** Offer to make a passkey, and to open the portal with the one of this device. */
async function offerPasskeys() {
  part('passkey').hidden = false;
  passkey.disabled = false;
  const worker = await activeWorker(root);
  const {lock} = worker ? await ask(worker, {do: 'lock'}) : {lock: undefined};
  if (worker && lock) {
    part('unlock').addEventListener('click', () => attempt(() => unlock(worker, lock)));
    part('unlock').hidden = false;
  }
}

/**
 * Seal the root of a code with a new passkey.
 * @param {ServiceWorker} worker
 * @param {string} code
 * @returns {Promise<SealedRoot>}
 */
async function lockCode(worker, code) {
  await demand(worker, {do: 'check', code}); // before a passkey is made in vain
  const {credential, salt, key} = await createPasskey(form.dataset.name ?? '').catch(refused);
  const nonce = randomBytes(NONCE);
  const sealed = await crypto.subtle.encrypt(lockCipher(credential, nonce), key, await rootBytes(code));
  return {credential, salt, nonce, sealed: new Uint8Array(sealed)};
}

/**
 * Open the sealed root with its passkey, then the portal.
 * @param {ServiceWorker} worker
 * @param {SealedRoot} lock
 */
async function unlock(worker, lock) {
  const key = await askPasskey(lock).catch(refused);
  const bytes = await crypto.subtle.decrypt(lockCipher(lock.credential, lock.nonce), key, lock.sealed).catch(refused);
  await enterPortal(worker, {do: 'unlock', root: await hmacKey(new Uint8Array(bytes))});
}

/**
 * Say that no passkey was used: the member refused, or the authenticator cannot derive keys.
 * @returns {never}
 */
function refused() {
  throw trouble('no-passkey');
}

/**
 * Give the parameters of AES-GCM for a sealed root.
 * @param {Bytes} credential
 * @param {Bytes} nonce
 * @returns {AesGcmParams}
 */
function lockCipher(credential, nonce) {
  return {name: 'AES-GCM', iv: nonce, additionalData: bind('passkey', hex(credential))};
}

/**
 * Make random bytes.
 * @param {number} size
 * @returns {Bytes}
 */
function randomBytes(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

/**
 * Create a passkey and derive its key; it carries the portal's name and nothing of the member.
 * @param {string} name
 * @returns {Promise<Passkey>}
 */
async function createPasskey(name) {
  const salt = randomBytes(32);
  const made = await navigator.credentials.create({publicKey: {
    rp: {name},
    user: {id: randomBytes(16), name, displayName: name},
    challenge: randomBytes(32), // nobody checks it: the key is the proof
    pubKeyCredParams: [-7, -257].map(alg => ({type: 'public-key', alg})), // ES256, RS256
    authenticatorSelection: {residentKey: 'preferred', userVerification: 'required'},
    extensions: {prf: {eval: {first: salt}}},
  }});
  const {rawId, prf} = derived(made);
  const credential = new Uint8Array(rawId);
  if (!prf?.enabled) refused();
  return {credential, salt, key: prf?.results ? await importPrf(prf) : await askPasskey({credential, salt})};
}

/**
 * Ask the authenticator for the key of a passkey.
 * @param {{credential: Bytes, salt: Bytes}} lock
 * @returns {Promise<CryptoKey>}
 */
async function askPasskey({credential, salt}) {
  const found = await navigator.credentials.get({publicKey: {
    challenge: randomBytes(32),
    allowCredentials: [{type: 'public-key', id: credential}],
    userVerification: 'required',
    extensions: {prf: {eval: {first: salt}}},
  }});
  return importPrf(derived(found).prf);
}

/**
 * Give the id of a credential and what the extension derived.
 * @param {Credential | null} credential
 * @returns {{rawId: ArrayBuffer, prf?: AuthenticationExtensionsPRFOutputs}}
 */
function derived(credential) {
  const made = /** @type {PublicKeyCredential} */ (credential);
  return {rawId: made.rawId, prf: made.getClientExtensionResults().prf};
}

/**
 * Import the 32 bytes that the extension derived, as a key that no script can read.
 * @param {AuthenticationExtensionsPRFOutputs} [prf]
 * @returns {Promise<CryptoKey>}
 */
function importPrf(prf) {
  const bytes = /** @type {BufferSource} */ (prf?.results?.first); // without it the import fails, as a refusal
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

offerPasskeys();
