/**
 * A program's screen on a real terminal: frames are painted in the alternate screen, keys are read raw, a new size reaches
 * the program. However the process ends (but by SIGKILL) the terminal is as it was before.
 */
import { averKeyOfTty } from '../terminal/keys.js';
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
 * @property {() => void} onQuit Ctrl+\: the way out of a program that does not listen
 */

/** Whether both ends are a terminal, so that a program can be played. */
export function isInteractive() {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

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
  #isOpen = false;
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
  }

  /** Takes the terminal. */
  open() {
    this.#isOpen = true;
    process.on('exit', this.#restore);
    for (const signal of SIGNALS) process.on(signal, this.#signalled);
    process.on('SIGCONT', this.#continued);
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    process.stdin.on('data', this.#read);
    process.stdin.resume();
    process.stdout.on('resize', this.#resized);
    process.stdout.write(ENTER);
    this.#frames = setInterval(() => this.#look(), FRAME_MS);
  }

  /**
   * Gives the terminal back.
   * @param {{ keep?: boolean }} [options] `keep`: what the screen showed at last stays, above what is written next
   */
  close({ keep = false } = {}) {
    if (!this.#isOpen) return;
    this.#restore();
    process.off('exit', this.#restore);
    for (const signal of SIGNALS) process.off(signal, this.#signalled);
    process.off('SIGCONT', this.#continued);
    process.stdin.off('data', this.#read);
    process.stdin.pause();
    process.stdin.unref?.();
    process.stdout.off('resize', this.#resized);
    clearInterval(this.#frames);
    clearTimeout(this.#escape);
    if (keep && this.#reader.used) writeAll(paintLines(this.#reader.final()));
  }

  /** At once, and without the event loop: the process may be ending. */
  #restore = () => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    writeAll(LEAVE);
    try {
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
    } catch {
      // It was closed from the other side.
    }
  };

  /** @param {NodeJS.Signals} signal */
  #signalled = (signal) => {
    this.close();
    // Whoever else listens knows what to do; else it ends the process, as it would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  #continued = () => {
    if (!this.#isOpen) return;
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    process.stdout.write(ENTER);
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
      if (key.ctrl && key.key === '\\' && !this.#parser.pasting) this.#events.onQuit();
      const name = averKeyOfTty(key);
      if (name !== null) this.#events.onKey(name);
    }
  }

  #look() {
    if (!this.#isOpen || this.#isBusy || this.#reader.generation === this.#generation) return;
    this.#generation = this.#reader.generation;
    const frame = this.#reader.ended ? this.#reader.final() : this.#reader.frame();
    const text = this.#painter.paint(frame, ttySize());
    this.#isBusy = !process.stdout.write(text);
    if (this.#isBusy) process.stdout.once('drain', () => (this.#isBusy = false));
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
