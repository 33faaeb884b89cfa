/**
 * Characters drawn once and kept as pixels, each in its colours and font. Rows are put together from them in memory: that
 * takes a third of the time of drawImage per cell where the canvas is drawn by the processor, and is no slower elsewhere.
 */
import { CLUSTER, CODE, WIDE } from '../../runner/terminal/layout.js';
import { drawCharacter, isDrawn } from './box-drawing.js';

/** @import { Frame } from '../../runner/terminal/reader.js' */
/** @import { Style } from './palette.js' */

/** Pictures kept at once; when there are more, all are given up. */
const MOST = 20_000;
/** Keys of clusters, which have no code point of their own. */
const FIRST_CLUSTER = 0x200000;
const STYLE_FACTOR = 2 ** 24;

/** Pixels, row after row, as words in the machine's byte order. @typedef {Uint32Array} Picture */
/**
 * Sizes in pixels of the screen, whole but for the width: then columns differ by a pixel.
 * @typedef {{ width: number, height: number, baseline: number, size: number, family: string }} CellSize
 */

export class GlyphCache {
  /** @type {Map<number, Picture>} */
  #pictures = new Map();
  /** @type {Map<string, number>} */
  #clusters = new Map();
  /** @type {WeakMap<Style, number>} */
  #styleNumbers = new WeakMap();
  #styles = 0;
  #context;

  /** @param {CellSize} cell */
  constructor(cell) {
    this.cell = cell;
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(2 * cell.width) + 1;
    canvas.height = cell.height;
    this.#context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext('2d', { alpha: false, willReadFrequently: true })
    );
  }

  /** A number for a style. @param {Style} style */
  styleNumber(style) {
    let number = this.#styleNumbers.get(style);
    if (number === undefined) this.#styleNumbers.set(style, (number = this.#styles++));
    return number;
  }

  /**
   * @param {Frame} frame
   * @param {number} glyph of the frame, no TAIL
   * @param {Style} style
   * @param {number} styleNumber
   * @param {number} width whole pixels of its cells, of which wide ones have two: those of the cell rounded up or down
   * @returns {Picture}
   */
  get(frame, glyph, style, styleNumber, width) {
    const character = glyph & CLUSTER ? this.#clusterNumber(frame.textOf(glyph)) : glyph & CODE;
    const isWide = glyph & WIDE ? 1 : 0;
    const rounding = width - Math.floor((1 + isWide) * this.cell.width);
    const key = styleNumber * STYLE_FACTOR + character * 4 + rounding * 2 + isWide;
    const known = this.#pictures.get(key);
    if (known) return known;
    if (this.#pictures.size >= MOST) {
      this.#pictures.clear();
      this.#clusters.clear();
      return this.get(frame, glyph, style, styleNumber, width);
    }
    const made = this.#draw(frame, glyph, style, width);
    this.#pictures.set(key, made);
    return made;
  }

  /** @param {string} text */
  #clusterNumber(text) {
    let number = this.#clusters.get(text);
    if (number === undefined) this.#clusters.set(text, (number = FIRST_CLUSTER + this.#clusters.size));
    return number;
  }

  /** @param {Frame} frame @param {number} glyph @param {Style} style @param {number} width @returns {Picture} */
  #draw(frame, glyph, style, width) {
    const { height } = this.cell;
    const context = this.#context;
    context.fillStyle = style.background;
    context.fillRect(0, 0, width, height);
    context.fillStyle = style.foreground;
    if (!style.hidden) {
      if (!(glyph & CLUSTER) && isDrawn(glyph & CODE)) {
        drawCharacter(context, glyph & CODE, { x: 0, y: 0, width, height });
      } else this.#drawText(frame.textOf(glyph), width, style);
    }
    this.#drawLines(style, width);
    return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  }

  /** @param {string} text @param {number} width @param {Style} style */
  #drawText(text, width, style) {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(0, 0, width, this.cell.height);
    context.clip();
    context.font = `${style.font} ${this.cell.size}px ${this.cell.family}`;
    // What comes from another font is fitted into its cells, and wide ones are centred.
    const measured = context.measureText(text).width;
    const scale = Math.min(1, width / Math.max(1, measured));
    const left = width > this.cell.width + 1 ? Math.max(0, (width - measured) / 2) : 0;
    context.translate(left, this.cell.baseline);
    if (scale < 0.98) context.scale(scale, 1);
    context.fillText(text, 0, 0);
    context.restore();
  }

  /** @param {Style} style @param {number} width */
  #drawLines({ underline, strike }, width) {
    const { baseline, size } = this.cell;
    const thickness = Math.max(1, Math.round(size / 14));
    if (underline) this.#context.fillRect(0, baseline + thickness, width, thickness);
    if (strike) this.#context.fillRect(0, Math.round(baseline - size * 0.28), width, thickness);
  }
}
