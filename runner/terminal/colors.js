/**
 * Colours by name (aver-abi.md 6.2), and how the words of a cell give them (layout.js).
 */
import { COLOR, COLOR_KIND, COLOR_VALUE } from './layout.js';

/** The first eight of the palette, in its order: the names that programs use. */
const COLOR_NAMES = Object.freeze(['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']);

/** @type {ReadonlyMap<string, number>} */
const BY_NAME = new Map([
  ...COLOR_NAMES.map((name, index) => /** @type {[string, number]} */ ([name, COLOR.PALETTE | index])),
  ['default', COLOR.DEFAULT],
]);

/** @param {string} name @returns {number | undefined} a colour's word; undefined: no such colour */
export const colorByName = (name) => BY_NAME.get(name);

/**
 * A colour in words: one of the names, `bright` before it, `#rrggbb`, or null for the default.
 * @param {number} word of a cell
 */
export function colorText(word) {
  const value = word & COLOR_VALUE;
  if ((word & COLOR_KIND) === COLOR.DEFAULT) return null;
  if ((word & COLOR_KIND) === COLOR.RGB) return hex(value);
  if (value < 8) return COLOR_NAMES[value];
  if (value < 16) return `bright ${COLOR_NAMES[value - 8]}`;
  return hex(paletteRgb(value));
}

/** @param {number} rgb */
export const hex = (rgb) => `#${rgb.toString(16).padStart(6, '0')}`;

/**
 * The part of the 256 colours that is the same everywhere: a cube of 6 x 6 x 6, and 24 greys.
 * @param {number} index 16..255
 */
export function paletteRgb(index) {
  if (index >= 232) return (8 + 10 * (index - 232)) * 0x010101;
  const level = (/** @type {number} */ step) => (step === 0 ? 0 : 55 + 40 * step);
  const at = index - 16;
  return (level(Math.trunc(at / 36)) << 16) | (level(Math.trunc(at / 6) % 6) << 8) | level(at % 6);
}
