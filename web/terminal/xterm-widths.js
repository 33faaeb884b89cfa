/**
 * How many cells a character takes, as xterm.js asks for it: by the widths and the rules of the project's own grid
 * (runner/terminal/grid.js), as its own table is of the time before emoji were wide.
 */
import { charWidth, isPictograph, isRegionalIndicator, isSkinTone } from '../../runner/terminal/width.js';

/** @import { IUnicodeVersionProvider } from '@xterm/xterm' */

const ZERO_WIDTH_JOINER = 0x200d;
/** What is remembered of the character before, above the width and the bit of joining that xterm.js packs with it. */
const PICTOGRAPH = 1;
const JOINER = 2;
const LONE_INDICATOR = 4;
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
    if (before > 0 && (width === 0 || continues(codePoint, state))) {
      const joiner = codePoint === ZERO_WIDTH_JOINER ? JOINER : 0;
      return packed((state & PICTOGRAPH) | joiner, before, true);
    }
    const indicator = isRegionalIndicator(codePoint) ? LONE_INDICATOR : 0;
    return packed((isPictograph(codePoint) ? PICTOGRAPH : 0) | indicator, width, false);
  },
};

/** @param {number} codePoint @param {number} state */
function continues(codePoint, state) {
  if (isRegionalIndicator(codePoint)) return (state & LONE_INDICATOR) !== 0;
  if (!isPictograph(codePoint) || !(state & PICTOGRAPH)) return false;
  return isSkinTone(codePoint) || (state & JOINER) !== 0;
}
