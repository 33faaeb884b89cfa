/**
 * The terminal of programs that draw cells (Aver): canvas, keyboard, keys for phones, and the text for screen readers, put
 * together. Loaded when a module needs it.
 */
import { averKey } from '../../runner/terminal/keys.js';
import { screenText } from '../../runner/terminal/result.js';
import { CanvasView } from './canvas.js';
import { KeyRow } from './key-row.js';
import { Keyboard } from './keyboard.js';
import { Mirror } from './mirror.js';

/** @import { ScreenReader } from '../../runner/terminal/reader.js' */

const FULL_MS = 3000;
const HINT = 'Keys go to the program. Tab and Shift+Tab leave the terminal, Ctrl+C is Esc.';
const OFF = 'The program takes no keys now.';
let created = 0;

/**
 * @typedef {object} TerminalOptions
 * @property {(name: string) => boolean} onKey false: too many keys wait, this one is refused
 * @property {(columns: number, rows: number) => void} onSize as many cells as fit, when it changes
 * @property {string} [label]
 */

/**
 * @param {HTMLElement} element gets the terminal as its content, and decides its size
 * @param {ScreenReader} reader
 * @param {TerminalOptions} options
 */
export function createTerminal(element, reader, options) {
  return new CellTerminal(element, reader, options);
}

export class CellTerminal {
  #element;
  #reader;
  #options;
  #root = document.createElement('div');
  #screen = document.createElement('div');
  #note = document.createElement('p');
  #canvas;
  #keyboard;
  #keyRow;
  #mirror;
  #resizes;
  #fullTimer = 0;
  #fullUntil = 0;
  #size = '';
  #live = true;
  #closed = new AbortController();

  /** @param {HTMLElement} element @param {ScreenReader} reader @param {TerminalOptions} options */
  constructor(element, reader, options) {
    const { label = 'Terminal' } = options;
    this.#element = element;
    this.#reader = reader;
    this.#options = options;
    this.#root.className = 'terminal';
    this.#screen.className = 'terminal-screen';
    this.#note.className = 'terminal-note';
    this.#note.id = `terminal-note-${++created}`;
    this.#tellHint();
    this.#root.append(this.#screen);
    element.append(this.#root);
    this.#canvas = new CanvasView(this.#screen, reader, { onDraw: () => this.#drawn() });
    this.#keyboard = new Keyboard(this.#screen, label, {
      onKey: (name) => this.#key(name),
      onFocus: (focused) => this.#focused(focused),
    });
    this.#keyboard.describe(this.#note.id);
    this.#mirror = new Mirror(this.#root, label, () => this.#frame().lines());
    this.#keyRow = new KeyRow(this.#root, (pressed) => {
      const name = averKey(pressed) ?? averKey({ ...pressed, ctrl: false });
      if (name !== null) this.#key(name);
    });
    this.#root.append(this.#note);
    const { signal } = this.#closed;
    this.#screen.addEventListener('mousedown', (event) => this.#clicked(event), { signal });
    this.#resizes = new ResizeObserver(() => this.fit());
    this.#resizes.observe(this.#screen);
  }

  /** Another run begins. @param {ScreenReader} reader */
  show(reader) {
    this.#reader = reader;
    this.#mirror.clear();
    this.#size = '';
    this.#canvas.show(reader);
    this.fit();
  }

  /** There may be a new frame, or the run ended: where no shared memory tells so by itself. */
  wake() {
    this.#canvas.wake();
  }

  /** Whether a program runs that takes keys. @param {boolean} live */
  setLive(live) {
    this.#live = live;
    // The end of raw mode draws nothing.
    if (!live) this.#root.removeAttribute('data-raw');
    this.#tellHint();
  }

  focus() {
    this.#keyboard.focus();
  }

  /** Draws what changed without waiting for the display: for measuring. */
  drawNow() {
    this.#canvas.draw();
  }

  /** The screen's generation that is on the canvas. */
  get drawnGeneration() {
    return this.#canvas.drawnGeneration;
  }

  /** The font of the element is another. @param {boolean} isWhole whether cells are whole pixels wide */
  restyle(isWhole) {
    this.#canvas.restyle(isWhole);
    this.fit();
  }

  /** A cell, and all that there is for cells, in pixels of the page. */
  get room() {
    const { clientWidth: width, clientHeight: height } = this.#screen;
    return { cell: this.#canvas.cell, width, height };
  }

  /** Tells how many cells fit. */
  fit() {
    const { clientWidth, clientHeight } = this.#screen;
    if (clientWidth === 0 || clientHeight === 0) return;
    const { columns, rows } = this.#canvas.fitting(clientWidth, clientHeight);
    if (this.#size === `${columns} ${rows}`) return;
    this.#size = `${columns} ${rows}`;
    this.#options.onSize(columns, rows);
    this.#canvas.wake();
  }

  /** The screen as text, for saving. */
  text() {
    return screenText(this.#frame());
  }

  #frame() {
    return this.#reader.ended ? this.#reader.final() : this.#reader.frame();
  }

  close() {
    this.#closed.abort();
    this.#resizes.disconnect();
    clearTimeout(this.#fullTimer);
    this.#canvas.close();
    this.#keyboard.close();
    this.#keyRow.close();
    this.#mirror.close();
    this.#element.removeChild(this.#root);
  }

  /** @param {string} name @returns {boolean} false: it was refused */
  #key(name) {
    const control = /^[a-z]$/i.test(name) && this.#keyRow.takeControl();
    const key = control ? averKey({ key: name, ctrl: true, alt: false, shift: false, meta: false }) : name;
    if (key === null) return true;
    const taken = this.#options.onKey(key);
    this.#canvas.stayLit();
    this.#canvas.wake();
    if (!taken) this.#refused();
    return taken;
  }

  /** A held key is refused thirty times a second, a flood a million times: only the first changes anything. */
  #refused() {
    this.#fullUntil = performance.now() + FULL_MS;
    if (this.#fullTimer) return;
    this.#root.dataset.full = '';
    this.#note.setAttribute('role', 'status');
    this.#note.textContent = 'A key was not taken: too many wait for the program.';
    this.#awaitRoom();
  }

  /** Takes the note back when nothing was refused for a while. */
  #awaitRoom() {
    const left = this.#fullUntil - performance.now();
    this.#fullTimer = left > 0 ? setTimeout(() => this.#awaitRoom(), left) : 0;
    if (this.#fullTimer) return;
    delete this.#root.dataset.full;
    this.#tellHint();
  }

  /** Unless it is said just now that a key was refused. */
  #tellHint() {
    if ('full' in this.#root.dataset) return;
    this.#note.textContent = this.#live ? HINT : OFF;
    this.#note.removeAttribute('role');
  }

  #drawn() {
    this.#root.toggleAttribute('data-raw', this.#live && this.#reader.raw);
    this.#keyboard.moveTo(this.#canvas.cursorPlace);
    this.#mirror.changed();
  }

  /** @param {boolean} focused */
  #focused(focused) {
    this.#root.toggleAttribute('data-focused', focused);
    this.#canvas.focus(focused);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    event.preventDefault();
    this.focus();
  }
}
