/**
 * Names out of files, for sentences and terminals: nothing in them can move a cursor, turn the direction of writing or
 * run on for pages.
 */

/** Controls, line separators, directional marks and what stands for no character. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const MOST = 120;

/** @param {string} text @param {number} [most] characters */
export function visible(text, most = MOST) {
  const cut = text.length > most ? `${text.slice(0, most)}... (${text.length} characters)` : text;
  return cut.replace(HIDDEN, (each) => `\\u{${/** @type {number} */ (each.codePointAt(0)).toString(16)}}`);
}
