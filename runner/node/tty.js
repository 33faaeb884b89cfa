/**
 * A program's screen on a real terminal: frames are painted in the alternate screen, keys are read raw, a new size reaches
 * the program. However the process ends (but by SIGKILL) the terminal is as it was before.
 */
import { averKeyOfTty, isInterrupt } from '../terminal/keys.js';
import { Painter, paintLines } from '../terminal/paint.js';
import { KeyParser } from '../terminal/sequences.js';
import { fs } from './host.js';

/** @import { KeyPress } from '../terminal/keys.js' */
/** @import { ScreenReader } from '../terminal/reader.js' */

/** How long the rest of a sequence may take: what is slower is the key Esc. */
const ESCAPE_MS = 30;
const FRAME_MS = 16;
const DEFAULT_SIZE = { columns: 80, rows: 24 };
/** Alternate screen, bracketed paste; a program's cursor is shown by its frames. */
const ENTER = '\x1b[?1049h\x1b[H\x1b[?2004h\x1b[?25l';
const LEAVE = '\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1049l';
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/**
 * @typedef {object} TtyEvents
 * @property {(name: string) => void} onKey a key of aver-abi.md 6.3
 * @property {(columns: number, rows: number) => void} onSize
 * @property {() => void} onQuit Ctrl+\, the way out of a program that does not listen
 * @property {() => void} onGone the terminal was closed from the other side; may come again
 * @property {boolean} [interrupts] Ctrl+C is the same; default: it is a key
 */

/** @returns {import('../terminal/layout.js').Size} of the terminal */
export function ttySize() {
  // Some have no size (0 x 0): serial lines, and terminals that nobody shows.
  const [columns, rows] = process.stdout.isTTY ? process.stdout.getWindowSize() : [0, 0];
  return { columns: columns || DEFAULT_SIZE.columns, rows: rows || DEFAULT_SIZE.rows };
}

export class Tty {
  #reader;
  #events;
  #painter = new Painter();
  #parser = new KeyParser();
  #generation = -1;
  /** The keyboard is taken. */
  isOpen = false;
  /** The alternate screen is shown. */
  isDrawing = false;
  /** What the screen showed when it was given back last. */
  #kept = '';
  /** The last picture is not out yet: newer ones wait, and only the newest is painted. */
  #isBusy = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #frames;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #escape;

  /** @param {ScreenReader} reader @param {TtyEvents} events */
  constructor(reader, events) {
    this.#reader = reader;
    this.#events = events;
    // For good: what was written before the terminal was given back may fail after it.
    process.stdin.on('error', this.#gone);
    process.stdout.on('error', this.#gone);
  }

  /** Takes the keyboard, and the screen with the first picture. */
  open() {
    this.isOpen = true;
    this.#painter.forget();
    this.#generation = -1;
    process.on('exit', this.#restore);
    for (const signal of SIGNALS) process.on(signal, this.#signalled);
    process.on('SIGCONT', this.#continued);
    setRaw(true);
    process.stdin.on('data', this.#read);
    process.stdin.on('end', this.#gone);
    process.stdin.ref?.();
    process.stdin.resume();
    process.stdout.on('resize', this.#resized);
    this.#frames = setInterval(() => this.#look(), FRAME_MS);
  }

  /**
   * Gives the terminal back.
   * @param {{ keep?: boolean }} [options] `keep`: what the screen showed at last stays, above what is written next
   */
  close({ keep = false } = {}) {
    const drew = this.isDrawing;
    const text = keep && this.#reader.used ? paintLines(this.#reader.final()) : '';
    this.#release();
    if (text !== '' && (drew || text !== this.#kept)) {
      this.#kept = text;
      writeAll(text);
    }
  }

  #release() {
    if (!this.isOpen) return;
    this.#restore();
    process.off('exit', this.#restore);
    for (const signal of SIGNALS) process.off(signal, this.#signalled);
    process.off('SIGCONT', this.#continued);
    process.stdin.off('data', this.#read);
    process.stdin.off('end', this.#gone);
    process.stdin.pause();
    process.stdin.unref?.();
    process.stdout.off('resize', this.#resized);
    clearInterval(this.#frames);
    clearTimeout(this.#escape);
  }

  /** At once, and without the event loop: the process may be ending. */
  #restore = () => {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.isDrawing) writeAll(LEAVE);
    this.isDrawing = false;
    setRaw(false);
  };

  /** No key will come, and nobody sees what is drawn. */
  #gone = () => {
    this.close();
    this.#events.onGone();
  };

  /** @param {NodeJS.Signals} signal */
  #signalled = (signal) => {
    this.close();
    // Whoever else listens knows what to do; else it ends the process, as it would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  #continued = () => {
    if (!this.isOpen) return;
    setRaw(true);
    this.isDrawing = false;
    this.#painter.forget();
    this.#generation = -1;
  };

  #resized = () => {
    const { columns, rows } = ttySize();
    this.#painter.forget();
    this.#generation = -1;
    this.#events.onSize(columns, rows);
  };

  /** @param {Buffer} bytes */
  #read = (bytes) => {
    clearTimeout(this.#escape);
    this.#pressed(this.#parser.push(bytes));
    if (this.#parser.pending) this.#escape = setTimeout(() => this.#pressed(this.#parser.flush()), ESCAPE_MS);
  };

  /** @param {KeyPress[]} keys */
  #pressed(keys) {
    for (const key of keys) {
      if (this.#isQuit(key)) {
        this.#events.onQuit();
        continue;
      }
      const name = averKeyOfTty(key);
      if (name !== null) this.#events.onKey(name);
    }
  }

  /** @param {KeyPress} key */
  #isQuit(key) {
    if (this.#parser.pasting) return false;
    return (key.ctrl && key.key === '\\') || (this.#events.interrupts === true && isInterrupt(key));
  }

  #look() {
    if (!this.isOpen || this.#isBusy || this.#reader.generation === this.#generation || !this.#reader.used) return;
    this.#generation = this.#reader.generation;
    if (!this.isDrawing) process.stdout.write(ENTER);
    this.isDrawing = true;
    const frame = this.#reader.ended ? this.#reader.final() : this.#reader.frame();
    const text = this.#painter.paint(frame, ttySize());
    this.#isBusy = !process.stdout.write(text);
    if (this.#isBusy) process.stdout.once('drain', () => (this.#isBusy = false));
  }
}

/** @param {boolean} raw */
function setRaw(raw) {
  try {
    if (process.stdin.isTTY && !process.stdin.destroyed) process.stdin.setRawMode(raw);
  } catch {
    // It was closed from the other side.
  }
}

/** A terminal is a file that may be full for a moment. @param {string} text */
function writeAll(text) {
  let bytes = Buffer.from(text);
  for (let tries = 0; bytes.length > 0 && tries < 1000; tries++) {
    try {
      bytes = bytes.subarray(fs.writeSync(1, bytes));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') return;
    }
  }
}
