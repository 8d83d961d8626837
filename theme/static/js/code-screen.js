/* A code on the whole screen, for the till: of an offer, or the member's number. Loaded with `qr-code.js`. */
'use strict';

const codeScreen = /** @type {HTMLDialogElement} */ (document.querySelector('[data-portal="code"]'));
/** @type {WakeLockSentinel | undefined} */
let wakeLock;

/**
 * Show the code of a button.
 * @param {Element} button
 */
function showCode(button) {
  const code = button.querySelector('b')?.textContent ?? '';
  const {size, path} = qrCode(code.replaceAll('-', ''));
  const title = button.closest('article, .badge')?.querySelector('h1, h2, h3, .name');
  codeScreen.querySelector('h2')?.replaceChildren(title?.textContent ?? button.getAttribute('title') ?? '');
  codeScreen.querySelector('svg')?.setAttribute('viewBox', `-4 -4 ${size + 8} ${size + 8}`);
  codeScreen.querySelector('path')?.setAttribute('d', path);
  codeScreen.querySelector('b')?.replaceChildren(code);
  codeScreen.querySelector('output')?.replaceChildren();
  codeScreen.showModal();
  stayAwake();
}

/** Keep the screen on while a code is shown, where the browser can. */
async function stayAwake() {
  if (!codeScreen.open || document.hidden) return;
  wakeLock = await navigator.wakeLock?.request('screen').catch(() => undefined);
}

/** Copy the code in one line, and say so. */
async function copyCode() {
  const output = /** @type {HTMLOutputElement} */ (codeScreen.querySelector('output'));
  await navigator.clipboard.writeText(codeScreen.querySelector('b')?.textContent ?? '');
  output.replaceChildren(output.dataset.copied ?? '');
}

document.addEventListener('click', ({target}) => {
  const button = target instanceof Element && target.closest('button.code-button');
  if (button) showCode(button);
});
document.addEventListener('visibilitychange', stayAwake);
codeScreen.addEventListener('close', () => wakeLock?.release());
codeScreen.querySelector('[data-portal="copy"]')?.addEventListener('click', copyCode);
