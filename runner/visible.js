/**
 * Names and other texts out of files, for sentences and terminals: nothing in them can move a cursor, break a line or turn
 * the direction of writing, and no name runs on for pages.
 */

/** Controls, line separators, directional marks and what stands for no character. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
/** @type {Record<string, string>} */
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };
const MOST = 120;

/** All of a text in one line, with what cannot be seen, or would turn the text around, spelt out. @param {string} text */
export function spelt(text) {
  return text.replace(HIDDEN, (one) => SHORT[one] ?? `\\u{${/** @type {number} */ (one.codePointAt(0)).toString(16)}}`);
}

/** The same of a name, of bounded length. @param {string} text @param {number} [most] characters */
export function visible(text, most = MOST) {
  return spelt(text.length > most ? `${text.slice(0, most)}... (${text.length} characters)` : text);
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** A sentence that has such texts in it, or one of them: as the backend writes them, %S of backend/support/format.h. @param {string} text */
export function oneLine(text) {
  return text.replace(CONTROLS, '\ufffd');
}

const LEFT_BY_JSON = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * JSON in which no control is left as it is, as the backend writes it.
 * @param {unknown} value
 * @param {(key: string, value: unknown) => unknown} [replacer]
 * @param {number} [space]
 */
export function jsonText(value, replacer, space) {
  const escape = (/** @type {string} */ each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, replacer, space).replace(LEFT_BY_JSON, escape);
}
