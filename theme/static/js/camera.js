/* The till's camera: reads the QR code on a member's screen or paper into the field. */
'use strict';

const scanButton = document.querySelector('[data-till="scan"]');
let isAsked = false; // whether the browser asks for the camera
const cameraLibrary = document.querySelector('script[data-library]')?.getAttribute('data-library') ?? '';

/**
 * Make a reader of QR codes: the browser's, otherwise that of the library.
 * @returns {Promise<CodeReader>}
 */
async function codeReader() {
  const kinds = await self.BarcodeDetector?.getSupportedFormats() ?? [];
  const isAble = kinds.includes('qr_code');
  const {BarcodeDetector: Reader} = isAble ? self : await import(new URL(cameraLibrary, document.baseURI).href);
  return new Reader({formats: ['qr_code']});
}

/**
 * Read frames until there is a code, or the camera is off.
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 * @returns {Promise<string>}
 */
async function firstCode(video, stream) {
  const reader = await codeReader();
  while (stream.active) {
    const [found] = await reader.detect(video).catch(() => []);
    if (found) return found.rawValue;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return '';
}

/** Turn the camera on until it has read a code, or off; while the browser asks for permission, do nothing. */
async function scan() {
  const video = /** @type {HTMLVideoElement} */ (element('camera'));
  if (video.srcObject) {
    turnOff(video);
    return;
  }
  if (isAsked) return;
  isAsked = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
    video.srcObject = stream;
    video.hidden = false;
    scanButton?.setAttribute('aria-pressed', 'true');
    await video.play();
    const text = await firstCode(video, stream);
    turnOff(video);
    if (text) enterCode(text);
  } catch {
    turnOff(video);
    answer('no-camera', {});
  } finally {
    isAsked = false;
  }
}

/**
 * Turn the camera off.
 * @param {HTMLVideoElement} video
 */
function turnOff(video) {
  const stream = /** @type {MediaStream?} */ (video.srcObject);
  for (const track of stream?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = true;
  scanButton?.setAttribute('aria-pressed', 'false');
}

/**
 * Check a code that was read; of the address in a letter, only its access code, which the till refuses.
 * @param {string} text
 */
async function enterCode(text) {
  if (!text.includes('#') && normalise(text).length !== COUPON) {
    if (!await tellMember(text)) answer('other', {});
    return;
  }
  codeField.value = text.slice(text.indexOf('#') + 1);
  /** @type {HTMLFormElement} */ (element('form')).requestSubmit();
}

if (scanButton && navigator.mediaDevices && (self.BarcodeDetector || cameraLibrary)) {
  scanButton.toggleAttribute('hidden', false);
  scanButton.addEventListener('click', scan);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) turnOff(/** @type {HTMLVideoElement} */ (element('camera')));
  });
}
