/**
 * Draws the frames of a screen on a canvas: rows that changed, at the display's rate while something changes, crisp at any
 * pixel ratio, in the page's colours.
 */
import { CELL_WORDS, CODE, CLUSTER, TAIL, WIDE } from '../../runner/terminal/layout.js';
import { GlyphCache } from './glyphs.js';
import { Palette } from './palette.js';

/** @import { Frame, ScreenReader } from '../../runner/terminal/reader.js' */
/** @import { CellSize } from './glyphs.js' */

const LINE_HEIGHT = 1.3;
/** Blinking: on and off for so long; after a while without keys it stays on. */
const BLINK_MS = 530;
const BLINKS = 20;
/** After so long without a change the screen is looked at by a timer, not at each refresh. */
const IDLE_AFTER_MS = 2000;
const IDLE_LOOK_MS = 25;

/** @typedef {{ column: number, row: number, shown: boolean, hollow: boolean }} CursorState */

export class CanvasView {
  #canvas = document.createElement('canvas');
  #context;
  #reader;
  #onDraw;
  /** @type {Palette | null} */
  #palette = null;
  /** @type {GlyphCache | null} */
  #glyphs = null;
  /** Whether cells are whole pixels wide, or as wide as the font has them. */
  #isWhole = true;
  /** Where each column begins, and the last ends, in pixels. */
  #edges = new Int32Array(1);
  /** All of the canvas, as it is drawn. @type {ImageData} */
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  /** Stamps of the rows as they are drawn. @type {number[]} */
  #drawn = [];
  #drawnFrame = '';
  /** @type {CursorState} */
  #cursor = { column: 0, row: 0, shown: false, hollow: false };
  #generation = -1;
  #request = 0;
  #timer = 0;
  #changedAt = 0;
  #focused = false;
  #blinkSince = 0;
  #blinkTimer = 0;
  #closed = new AbortController();
  #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

  /**
   * @param {HTMLElement} element that the canvas goes into
   * @param {ScreenReader} reader
   * @param {{ onDraw?: () => void }} [host] `onDraw` after each picture that changed
   */
  constructor(element, reader, { onDraw = () => {} } = {}) {
    this.#reader = reader;
    this.#onDraw = onDraw;
    this.#canvas.className = 'terminal-canvas';
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d', { alpha: false }));
    element.append(this.#canvas);
    const { signal } = this.#closed;
    const again = () => this.restyle();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again, { signal });
    const themes = new MutationObserver(again);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    signal.addEventListener('abort', () => themes.disconnect());
    document.fonts?.addEventListener('loadingdone', again, { signal });
    this.#watchPixelRatio();
    this.restyle();
  }

  /** A cell in pixels of the page. */
  get cell() {
    const { width, height } = this.#cache().cell;
    return { width: width / devicePixelRatio, height: height / devicePixelRatio };
  }

  /** Where the cursor is, in pixels of the page from the canvas's corner. */
  get cursorPlace() {
    const { width, height } = this.cell;
    const x = (this.#edges[this.#cursor.column] ?? 0) / devicePixelRatio;
    return { x, y: this.#cursor.row * height, width, height };
  }

  /** How many cells fit. @param {number} width @param {number} height pixels of the page */
  fitting(width, height) {
    const cell = this.cell;
    return {
      columns: Math.max(1, Math.floor(width / cell.width)),
      rows: Math.max(1, Math.floor(height / cell.height)),
    };
  }

  /** The screen's generation that is drawn; -1 = it is to be looked at. */
  get drawnGeneration() {
    return this.#generation;
  }

  /** Another run's screen. @param {ScreenReader} reader */
  show(reader) {
    this.#reader = reader;
    this.#forget();
    this.wake();
  }

  /** @param {boolean} focused */
  focus(focused) {
    this.#focused = focused;
    this.stayLit();
    this.wake();
  }

  /** A key was pressed: the cursor is lit, and what it changes is drawn at the next refresh. */
  stayLit() {
    this.#blinkSince = performance.now();
    clearInterval(this.#blinkTimer);
    if (!this.#focused || this.#reducedMotion.matches) return;
    this.#blinkTimer = setInterval(() => {
      if (performance.now() - this.#blinkSince > 2 * BLINK_MS * BLINKS) clearInterval(this.#blinkTimer);
      this.wake();
    }, BLINK_MS);
  }

  /** Colours, font or pixel ratio are others. @param {boolean} [isWhole] whether cells are whole pixels wide */
  restyle(isWhole = this.#isWhole) {
    this.#isWhole = isWhole;
    this.#palette = null;
    this.#glyphs = null;
    this.#forget();
    this.wake();
  }

  /** Something may have changed: looks at the next refresh, and goes on while the program runs. */
  wake() {
    if (this.#closed.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#changedAt = performance.now();
    this.#generation = -1;
    this.#schedule();
  }

  close() {
    this.#closed.abort();
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#timer);
    clearInterval(this.#blinkTimer);
    this.#canvas.remove();
  }

  /** Draws what changed, now. @returns {boolean} whether something had */
  draw() {
    const { generation, ended } = this.#reader;
    this.#generation = generation;
    const frame = ended ? this.#reader.final() : this.#reader.frame();
    const cursor = this.#cursorOf(frame, ended);
    this.#fit(frame);
    const changed = this.#drawRows(frame, cursor);
    this.#cursor = cursor;
    if (changed) this.#onDraw();
    return changed;
  }

  #schedule() {
    cancelAnimationFrame(this.#request);
    this.#request = requestAnimationFrame(() => this.#refresh());
  }

  #refresh() {
    const now = performance.now();
    if (this.#reader.generation !== this.#generation && this.draw()) this.#changedAt = now;
    if (this.#reader.ended) return;
    if (now - this.#changedAt < IDLE_AFTER_MS) this.#schedule();
    else this.#timer = setTimeout(() => this.#look(), IDLE_LOOK_MS);
  }

  #look() {
    if (this.#reader.generation !== this.#generation) this.wake();
    else this.#timer = setTimeout(() => this.#look(), IDLE_LOOK_MS);
  }

  #forget() {
    this.#drawnFrame = '';
  }

  /** Zooming, or another display. */
  #watchPixelRatio() {
    const { signal } = this.#closed;
    if (signal.aborted) return;
    const changed = () => {
      this.restyle();
      this.#watchPixelRatio();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', changed, { signal, once: true });
  }

  #colors() {
    return (this.#palette ??= new Palette(this.#canvas.parentElement ?? document.body));
  }

  #cache() {
    return (this.#glyphs ??= new GlyphCache(this.#measure()));
  }

  /** @returns {CellSize} */
  #measure() {
    const style = getComputedStyle(this.#canvas.parentElement ?? document.body);
    const family = style.fontFamily;
    const size = parseFloat(style.fontSize) * devicePixelRatio;
    const context = this.#context;
    context.font = `${size}px ${family}`;
    const { width, fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText('MMMMMMMMMM');
    const height = Math.max(Math.round(size * LINE_HEIGHT), Math.ceil(ascent + descent));
    const baseline = Math.round((height - ascent - descent) / 2 + ascent);
    const exact = Math.max(1, width / 10);
    return { width: this.#isWhole ? Math.round(exact) : exact, height, baseline, size, family };
  }

  /** @param {Frame} frame */
  #fit({ columns, rows }) {
    const { cell } = this.#cache();
    const wanted = `${columns} ${rows} ${cell.width} ${cell.height}`;
    if (wanted === this.#drawnFrame) return;
    this.#drawnFrame = wanted;
    this.#drawn = Array(rows).fill(NaN);
    const canvas = this.#canvas;
    this.#edges = Int32Array.from({ length: columns + 1 }, (_, column) => Math.round(column * cell.width));
    canvas.width = this.#edges[columns];
    canvas.height = rows * cell.height;
    canvas.style.width = `${canvas.width / devicePixelRatio}px`;
    canvas.style.height = `${canvas.height / devicePixelRatio}px`;
    this.#image = new ImageData(canvas.width, canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** Once the run is over the cursor is the user's again: shown, and still. @param {Frame} frame @param {boolean} ended @returns {CursorState} */
  #cursorOf({ cursor, columns, rows }, ended) {
    const dark = !this.#reducedMotion.matches && this.#focused && !ended;
    const phase = Math.floor((performance.now() - this.#blinkSince) / BLINK_MS);
    const lit = !dark || phase % 2 === 0 || phase > 2 * BLINKS;
    return {
      column: Math.min(cursor.column, columns - 1),
      row: Math.min(cursor.row, rows - 1),
      shown: ended || (cursor.visible && lit),
      hollow: ended || !this.#focused,
    };
  }

  /** @param {Frame} frame @param {CursorState} cursor @returns {boolean} whether any row had changed */
  #drawRows(frame, cursor) {
    const old = this.#cursor;
    const moved =
      old.shown !== cursor.shown ||
      old.hollow !== cursor.hollow ||
      old.row !== cursor.row ||
      old.column !== cursor.column;
    let first = -1;
    let changed = false;
    for (let row = 0; row < frame.rows; row++) {
      const stamp = frame.stamp(row);
      if (this.#drawn[row] === stamp && !(moved && (row === old.row || row === cursor.row))) {
        if (first >= 0) this.#put(first, row);
        first = -1;
        continue;
      }
      this.#drawn[row] = stamp;
      this.#drawRow(frame, row);
      if (cursor.shown && cursor.row === row) this.#drawCursor(frame, cursor);
      if (first < 0) first = row;
      changed = true;
    }
    if (first >= 0) this.#put(first, frame.rows);
    return changed;
  }

  /** Rows onto the canvas. @param {number} from @param {number} to */
  #put(from, to) {
    const { height } = this.#cache().cell;
    this.#context.putImageData(this.#image, 0, 0, 0, from * height, this.#image.width, (to - from) * height);
  }

  /** @param {Frame} frame @param {number} row */
  #drawRow(frame, row) {
    const palette = this.#colors();
    const cache = this.#cache();
    const { height } = cache.cell;
    const { words } = frame;
    const edges = this.#edges;
    const stride = this.#image.width;
    const top = row * height * stride;
    this.#pixels.fill(palette.backgroundWord, top, top + height * stride);
    let style = palette.style(0, 0);
    let styleNumber = cache.styleNumber(style);
    let foreground = 0;
    let background = 0;
    for (let column = 0, cell = frame.cell(0, row); column < frame.columns; column++, cell += CELL_WORDS) {
      const glyph = words[cell];
      if (glyph & TAIL) continue;
      if (words[cell + 1] !== foreground || words[cell + 2] !== background) {
        foreground = words[cell + 1];
        background = words[cell + 2];
        style = palette.style(foreground, background);
        styleNumber = cache.styleNumber(style);
      }
      if (style.isPlain && isBlank(glyph)) continue;
      const across = edges[column + (glyph & WIDE ? 2 : 1)] - edges[column];
      this.#copy(cache.get(frame, glyph, style, styleNumber, across), top + edges[column], across);
    }
  }

  /** @param {import('./glyphs.js').Picture} picture @param {number} at of its first pixel @param {number} width */
  #copy(picture, at, width) {
    const pixels = this.#pixels;
    const stride = this.#image.width;
    const { length } = picture;
    for (let from = 0, to = at; from < length; to += stride) {
      for (let x = 0; x < width; x++) pixels[to + x] = picture[from++];
    }
  }

  /** A block under the character while the terminal has the focus, else an outline. @param {Frame} frame @param {CursorState} cursor */
  #drawCursor(frame, { column, row, hollow }) {
    const { cursorStyle, cursorWord } = this.#colors();
    const cache = this.#cache();
    const { height } = cache.cell;
    const edges = this.#edges;
    const first = frame.words[frame.cell(column, row)] & TAIL ? column - 1 : column;
    const glyph = frame.words[frame.cell(first, row)];
    const across = edges[first + (glyph & WIDE ? 2 : 1)] - edges[first];
    const stride = this.#image.width;
    const at = row * height * stride + edges[first];
    const number = cache.styleNumber(cursorStyle);
    if (!hollow) return this.#copy(cache.get(frame, glyph, cursorStyle, number, across), at, across);
    const line = Math.max(1, Math.round(devicePixelRatio));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < across; x++) {
        if (x < line || y < line || x >= across - line || y >= height - line)
          this.#pixels[at + y * stride + x] = cursorWord;
      }
    }
  }
}

/** @param {number} glyph */
const isBlank = (glyph) => !(glyph & CLUSTER) && (glyph & CODE) <= 0x20;
