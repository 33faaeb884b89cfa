/**
 * The terminal's colours out of the page's tokens (style/tokens.css), for light and dark alike, and what a cell's words
 * mean in them.
 */
import { hex, paletteRgb } from '../../runner/terminal/colors.js';
import { ATTRIBUTE, COLOR, COLOR_KIND, COLOR_VALUE, HIDDEN } from '../../runner/terminal/layout.js';

const ANSI = 16;
const LEAST_CONTRAST = 4.5;

/** `isPlain`: a blank in it is the terminal's background. @typedef {{ isPlain: boolean, foreground: string, background: string, font: '' | 'bold' | 'italic' | 'italic bold', underline: boolean, strike: boolean, hidden: boolean }} Style */

export class Palette {
  /** Of the character under the cursor. @type {Style} */
  cursorStyle;
  /** @type {string[]} */
  ansi;
  /** Styles of cells by their two words. @type {Map<number, Map<number, Style>>} */
  #styles = new Map();

  /** @param {Element} element where the colours are to be used */
  constructor(element) {
    const probe = document.createElement('span');
    probe.hidden = true;
    element.append(probe);
    const resolve = (/** @type {string} */ token) => {
      probe.style.color = `var(--${token})`;
      return hexOf(getComputedStyle(probe).color);
    };
    this.background = resolve('terminal-background');
    this.foreground = resolve('terminal-text');
    this.cursor = resolve('accent');
    this.ansi = Array.from({ length: ANSI }, (_, index) => resolve(`ansi-${index}`));
    probe.remove();
    this.backgroundWord = pixelOf(this.background);
    this.cursorWord = pixelOf(this.cursor);
    this.cursorStyle = { ...this.#make(0, 0), foreground: this.background, background: this.cursor, isPlain: false };
  }

  /** @param {number} foreground @param {number} background words of a cell @returns {Style} */
  style(foreground, background) {
    let byBackground = this.#styles.get(foreground);
    if (!byBackground) this.#styles.set(foreground, (byBackground = new Map()));
    let style = byBackground.get(background);
    if (!style) {
      // Programs that use each of 16 million colours do not fill the memory.
      if (this.#styles.size > 4096) this.#styles.clear();
      byBackground.set(background, (style = this.#make(foreground, background)));
    }
    return style;
  }

  /** @param {number} foreground @param {number} background @returns {Style} */
  #make(foreground, background) {
    let text = this.#color(foreground, this.foreground);
    let back = this.#color(background, this.background);
    if (foreground & ATTRIBUTE.INVERSE) [text, back] = [back, text];
    if (foreground & ATTRIBUTE.DIM) text = mix(text, back, 0.35);
    if (back !== this.background) text = readable(text, back);
    const bold = foreground & ATTRIBUTE.BOLD ? 'bold' : '';
    const italic = foreground & ATTRIBUTE.ITALIC ? 'italic' : '';
    return {
      foreground: text,
      background: back,
      isPlain: back === this.background && (foreground & (ATTRIBUTE.UNDERLINE | ATTRIBUTE.STRIKE)) === 0,
      font: /** @type {Style['font']} */ (`${italic} ${bold}`.trim()),
      underline: (foreground & ATTRIBUTE.UNDERLINE) !== 0,
      strike: (foreground & ATTRIBUTE.STRIKE) !== 0,
      hidden: (background & HIDDEN) !== 0,
    };
  }

  /** @param {number} word @param {string} normal */
  #color(word, normal) {
    const value = word & COLOR_VALUE;
    const kind = word & COLOR_KIND;
    if (kind === COLOR.DEFAULT) return normal;
    if (kind === COLOR.RGB) return hex(value);
    return value < ANSI ? this.ansi[value] : hex(paletteRgb(value));
  }
}

/** @param {string} css `rgb(1, 2, 3)`, or `color(srgb 0.1 0.2 0.3)` @returns {string} `#010203` */
function hexOf(css) {
  const numbers = (css.match(/[\d.]+/g) ?? []).map(Number);
  const scale = css.startsWith('color(') ? 255 : 1;
  const [red = 0, green = 0, blue = 0] = numbers.map((number) => Math.round(number * scale));
  return hex((red << 16) | (green << 8) | blue);
}

/** A pixel of image data, as a word in the machine's byte order. @param {string} color */
function pixelOf(color) {
  return new Uint32Array(Uint8Array.of(...channels(color), 255).buffer)[0];
}

/** @param {string} color `#rrggbb` */
const channels = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** @param {string} color @param {string} other @param {number} share of the other one */
function mix(color, other, share) {
  const to = channels(other);
  const [red, green, blue] = channels(color).map((value, index) => Math.round(value + (to[index] - value) * share));
  return hex((red << 16) | (green << 8) | blue);
}

/** @param {string} color */
function luminance(color) {
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, or black or white where it could not be read on a background that the program chose. @param {string} color @param {string} background */
function readable(color, background) {
  if (contrast(color, background) >= LEAST_CONTRAST) return color;
  return contrast('#ffffff', background) >= contrast('#000000', background) ? '#ffffff' : '#000000';
}
