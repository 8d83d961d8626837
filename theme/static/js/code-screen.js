/* A code on the whole screen, for the till: of an offer, or the member's number. Loaded with `qr-code.js`. */
'use strict';

const codeScreen = /** @type {HTMLDialogElement} */ (document.querySelector('[data-portal="code"]'));
/** @type {WakeLockSentinel | undefined} */
let wakeLock;

/**
 * Find a part of the screen.
 * @param {string} selector
 * @returns {Element}
 */
function codePart(selector) {
  return /** @type {Element} */ (codeScreen.querySelector(selector));
}

/**
 * Draw a code as a QR code.
 * @param {Element} svg
 * @param {string} code
 */
function drawCode(svg, code) {
  const {size, path} = qrCode(/^(....-){3}....$/.test(code) ? code.replaceAll('-', '') : code);
  svg.setAttribute('viewBox', `-4 -4 ${size + 8} ${size + 8}`);
  svg.querySelector('path')?.setAttribute('d', path);
}

/**
 * Show the code of a button.
 * @param {Element} button
 */
function showCode(button) {
  const code = button.querySelector('b')?.textContent ?? '';
  const title = button.closest('article, .badge')?.querySelector('h1, h2, h3, .name');
  codePart('h2').textContent = title?.textContent ?? button.getAttribute('title');
  drawCode(codePart('svg'), code);
  codePart('b').textContent = code;
  codePart('output').textContent = '';
  codeScreen.showModal();
  stayAwake();
}

/** Keep the screen on while a code is shown, where the browser can. */
async function stayAwake() {
  if (!codeScreen.open || document.hidden) return;
  wakeLock = await navigator.wakeLock?.request('screen').catch(() => undefined);
  if (!codeScreen.open) wakeLock?.release(); // closed meanwhile
}

/** Copy the code in one line, or select it where the browser does not allow that; say what came of it. */
async function copyCode() {
  const output = codePart('output');
  try {
    await navigator.clipboard.writeText(codePart('b').textContent ?? '');
    output.textContent = output.getAttribute('data-copied');
  } catch {
    getSelection()?.selectAllChildren(codePart('b'));
    output.textContent = output.getAttribute('data-selected');
  }
}

document.addEventListener('click', ({target}) => {
  const button = target instanceof Element && target.closest('button.code-button');
  if (button) showCode(button);
});
document.addEventListener('visibilitychange', stayAwake);
addEventListener('beforeprint', () => {
  const [svg, code] = document.querySelectorAll('.yours svg, .yours .code-button b');
  if (code) drawCode(svg, code.textContent ?? '');
});
codeScreen.addEventListener('close', () => wakeLock?.release());
codePart('[data-portal="copy"]').addEventListener('click', copyCode);
