/* QR codes (ISO/IEC 18004): byte mode, error correction L, mask 0, versions 1 to 5. */
'use strict';

// For each version: bytes of data with their head, bytes of error correction.
const DATA_BYTES = [19, 34, 55, 80, 108];
const CORRECTION_BYTES = [7, 10, 15, 20, 26];
const QR_FORMAT = 0x77c4; // error correction L, mask 0

/**
 * Draw a text of at most 106 bytes as the path of an SVG, with a unit for each module.
 * @param {string} text
 * @returns {{size: number, path: string}}
 */
function qrCode(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = DATA_BYTES.findIndex(room => bytes.length + 2 <= room);
  const size = 21 + 4 * version;
  const sent = withCorrection(headed(bytes, DATA_BYTES[version]), CORRECTION_BYTES[version]);
  let path = '';
  let place = 0;
  for (const [row, column] of route(size)) {
    let dark = functionModule(row, column, size);
    if (dark === undefined) {
      const bit = sent[place >> 3] >> 7 - place % 8 & 1; // of no byte: 0
      dark = bit === (row + column) % 2;
      place += 1;
    }
    if (dark) path += `M${column} ${row}h1v1h-1z`;
  }
  return {size, path};
}

/**
 * Put mode and length before bytes, and fill the room.
 * @param {number[]} bytes
 * @param {number} room
 * @returns {number[]}
 */
function headed(bytes, room) {
  const halves = [4, ...[bytes.length, ...bytes].flatMap(byte => [byte >> 4, byte & 15]), 0];
  return Array.from({length: room}, (_, i) => {
    if (i < bytes.length + 2) return halves[2 * i] << 4 | halves[2 * i + 1];
    return (i - bytes.length) % 2 ? 17 : 236;
  });
}

/**
 * Append the Reed-Solomon bytes.
 * @param {number[]} data
 * @param {number} count
 * @returns {number[]}
 */
function withCorrection(data, count) {
  let divisor = [1];
  let power = 1;
  for (let i = 0; i < count; i += 1) {
    const factor = power;
    divisor = [...divisor, 0].map((value, place) => value ^ product(divisor[place - 1], factor));
    power = product(power, 2);
  }
  let rest = Array(count).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest = [...rest.slice(1), 0].map((value, place) => value ^ product(divisor[place + 1], factor));
  }
  return [...data, ...rest];
}

/**
 * Multiply in GF(256) with the polynomial 0x11d.
 * @param {number} left
 * @param {number} right
 * @returns {number}
 */
function product(left, right) {
  let result = 0;
  for (let bit = 7; bit >= 0; bit -= 1) result = result << 1 ^ (result >> 7) * 0x11d ^ (right >> bit & 1) * left;
  return result;
}

/**
 * List all modules in the order of the data, from the lower right corner.
 * @param {number} size
 * @yields {[number, number]}
 */
function *route(size) {
  let isUp = false;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    isUp = !isUp;
    for (let step = 0; step < size; step += 1) {
      const row = isUp ? size - 1 - step : step;
      yield [row, right];
      yield [row, right - 1];
    }
  }
  for (let row = 0; row < size; row += 1) yield [row, 6]; // no data
}

/**
 * Tell whether a module is dark for all texts; undefined for a module of the data.
 * @param {number} row
 * @param {number} column
 * @param {number} size
 * @returns {boolean | undefined}
 */
function functionModule(row, column, size) {
  const centres = [[3, 3], [3, size - 4], [size - 4, 3], [size - 7, size - 7]];
  const distances = centres.map(([down, along]) => Math.max(Math.abs(row - down), Math.abs(column - along)));
  const finder = Math.min(...distances.slice(0, 3));
  if (finder < 5) return finder !== 2 && finder !== 4;
  const alignment = distances[3];
  if (size > 21 && alignment < 3) return alignment !== 1;
  if (row === 6 || column === 6) return (row + column) % 2 === 0;
  return row === 8 || column === 8 ? formatModule(row, column, size - 1 - Math.max(row, column)) : undefined;
}

/**
 * Tell whether a module beside the finders is dark; undefined where the format has none.
 * @param {number} row
 * @param {number} column
 * @param {number} end
 * @returns {boolean | undefined}
 */
function formatModule(row, column, end) {
  const near = Math.min(row, column);
  const far = Math.max(row, column);
  if (far > 8 && end > 7) return undefined;
  const bit = far > 8 ? end : 14 - near + Number(near > 6);
  return Boolean(QR_FORMAT >> (row === 8 ? bit : 14 - bit) & 1);
}
