/**
 * How many cells a character takes, as xterm.js asks for it: by the widths and the rules of the project's own grid
 * (runner/terminal/grid.js), as its own table is of the time before emoji were wide.
 */
import { charWidth, joinsBefore, stateAfter } from '../../runner/terminal/width.js';

/** @import { IUnicodeVersionProvider } from '@xterm/xterm' */

/** What is remembered of the characters before, above the width and the bit of joining that xterm.js packs with it. */
const STATE_SHIFT = 3;

/** @param {number} state @param {number} width @param {boolean} joins */
const packed = (state, width, joins) => (state << STATE_SHIFT) | (width << 1) | Number(joins);

/** @type {IUnicodeVersionProvider} */
export const gridWidths = {
  version: 'grid',

  wcwidth(codePoint) {
    const isControl = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
    return /** @type {0 | 1 | 2} */ (isControl ? 0 : Math.max(0, charWidth(codePoint)));
  },

  charProperties(codePoint, preceding) {
    const width = this.wcwidth(codePoint);
    const before = (preceding >> 1) & 3;
    const state = preceding >> STATE_SHIFT;
    const joins = before > 0 && (width === 0 || joinsBefore(codePoint, state));
    return packed(stateAfter(codePoint, state, joins), joins ? before : width, joins);
  },
};
