/**
 * The functions in a module's IR text (backend/ir/text.h), found without reading what is in them.
 */

/** `start` and `end` are characters of the text. @typedef {{ number: number, name: string, start: number, end: number }} TextFunction */

const HEADER = /^fn (\d+) "((?:[^"\\]|\\.)*)"/;
const LONGEST_HEADER = 2000;

/** @param {string} text @returns {TextFunction[]} in the text's order */
export function functionsOf(text) {
  /** @type {TextFunction[]} */
  const found = [];
  // Line ends within literals are written as escapes, so a line that begins like a function is one.
  let start = text.startsWith('fn ') ? 0 : text.indexOf('\nfn ') + 1;
  while (start > 0 || (start === 0 && found.length === 0 && text.startsWith('fn '))) {
    const close = text.indexOf('\n}\n', start);
    const end = close < 0 ? text.length : close + 3;
    const match = HEADER.exec(text.slice(start, start + LONGEST_HEADER));
    if (match) found.push({ number: Number(match[1]), name: match[2].replace(/\\(["\\])/g, '$1'), start, end });
    start = text.indexOf('\nfn ', end - 1) + 1;
  }
  return found;
}

/** @param {string} text @param {TextFunction} one */
export function linesOf(text, { start, end }) {
  return text.slice(start, end).replace(/\n$/, '').split('\n');
}
