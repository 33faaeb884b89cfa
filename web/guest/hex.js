// Rows of a hex view: sixteen bytes, or eight where there is little room.

/** What sixteen bytes, their text and an address take at the usual size of code, in pixels. */
const WIDE = 640;

/** Bytes of a row that fit into a list. @param {HTMLElement} host @param {number} [more] pixels for what stands behind them */
export function columnsOf(host, more = 0) {
  return host.clientWidth === 0 || host.clientWidth >= WIDE + more ? 16 : 8;
}

/** @param {number} value @param {number} digits */
export function hex(value, digits) {
  return value.toString(16).padStart(digits, '0');
}

/** `0x1f2`. @param {number} offset @param {number} [digits] */
export function address(offset, digits = 4) {
  return `0x${hex(offset, digits)}`;
}

/**
 * @param {Uint8Array} bytes at most one row of them
 * @param {number} columns
 * @returns {{ numbers: string, text: string }} `text` has a dot for each byte that is no printable ASCII
 */
export function hexRow(bytes, columns) {
  let numbers = '';
  let text = '';
  for (let i = 0; i < columns; i++) {
    if (i === 8) numbers += ' ';
    const known = i < bytes.length;
    numbers += known ? `${hex(bytes[i], 2)} ` : '   ';
    if (known)
      text += bytes[i] > 0x20 && bytes[i] < 0x7f ? String.fromCharCode(bytes[i]) : bytes[i] === 0x20 ? ' ' : '.';
  }
  return { numbers, text };
}

/** An address as people write it: `4096`, `0x1000`, `1000h`; null = none. @param {string} text */
export function readAddress(text) {
  const plain = text.trim().replaceAll(/[_,]/g, '');
  const digits = /^0x([\da-f]{1,13})$/i.exec(plain)?.[1] ?? /^([\da-f]{1,13})h$/i.exec(plain)?.[1];
  if (digits !== undefined) return parseInt(digits, 16);
  return /^\d{1,15}$/.test(plain) ? Number(plain) : null;
}
