/**
 * A program that draws, on the process's own terminal: the screen and keys by Tty, lines by the terminal's own line mode
 * while the program asks for one. What it prints beside its screen is held while the screen is shown.
 */
import { Tty } from './tty.js';

/** @import { GuestRun } from '../guest/start-guest.js' */
/** @import { Waiting } from '../guest/types.js' */
/** @import { ScreenReader } from '../terminal/reader.js' */
/** @import { Output } from './host.js' */

/** How often is looked whether the program has begun to draw. */
const LOOK_MS = 16;
/** What shells give for SIGINT and SIGHUP. */
const INTERRUPTED = 130;
const HUNG_UP = 129;
/** Output held; nobody could read more of it at the end anyway. */
const HELD_BYTES = 64 * 1024 * 1024;

export class Terminal {
  #out;
  #err;
  #readsKeys;
  /** @type {GuestRun | null} */
  #guest = null;
  /** @type {ScreenReader | null} */
  #screen = null;
  /** @type {Tty | null} */
  #tty = null;
  /** @type {{ stream: 1 | 2, content: Uint8Array | string }[]} */
  #held = [];
  #heldBytes = 0;
  /** Writes that are under way, in their order. @type {Promise<void>} */
  #released = Promise.resolve();
  #asksForLine = false;
  #polledKeys = false;
  /** The program is told to end: what it yet draws is shown at the end only. */
  #isLeaving = false;
  /** The picture when the screen was given back last. */
  #generation = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;

  /** @param {Output} out @param {Output} err @param {boolean} readsKeys whether Ctrl+C is a key like the others */
  constructor(out, err, readsKeys) {
    this.#out = out;
    this.#err = err;
    this.#readsKeys = readsKeys;
  }

  /** @param {GuestRun} guest with a screen @param {(status: number) => void} end */
  attach(guest, end) {
    if (!guest.screen) return;
    this.#guest = guest;
    this.#screen = guest.screen;
    this.#generation = guest.screen.generation;
    this.#tty = new Tty(guest.screen, {
      onKey: (name) => void guest.key(name),
      onSize: (columns, rows) => guest.resize(columns, rows),
      onQuit: () => end(INTERRUPTED),
      onGone: () => end(HUNG_UP),
      interrupts: !this.#readsKeys,
    });
    process.stdout.on('resize', this.#resized);
    this.#watch = setInterval(() => this.#look(), LOOK_MS);
  }

  /**
   * What the program prints, at once while no screen is shown. Standard error that goes elsewhere is never held.
   * @param {1 | 2} stream
   * @param {Uint8Array | string} content
   * @returns {void | Promise<void>}
   */
  write(stream, content) {
    if (stream === 2 && !process.stderr.isTTY) return this.#err.write(content);
    this.#look();
    const isShown = this.#tty?.isOpen && this.#screen?.used;
    if (!isShown && !this.#isLeaving && this.#held.length === 0)
      return (stream === 1 ? this.#out : this.#err).write(content);
    this.#heldBytes += content.length;
    if (this.#heldBytes > HELD_BYTES) throw new Error('it is too much to be held until the screen is gone');
    this.#held.push({ stream, content });
    return undefined;
  }

  /** A line is typed on the bare terminal, below what the screen shows. @param {Waiting} what */
  waiting(what) {
    if (what === 'key') this.#polledKeys = true;
    const asks = what === 'line';
    if (asks === this.#asksForLine) return;
    this.#asksForLine = asks;
    if (asks) {
      this.#giveBack();
      process.stdin.on('data', this.#typed);
      process.stdin.once('end', this.#ended);
      process.stdin.ref?.();
      process.stdin.resume();
    } else {
      this.#stopReading();
      this.#look();
    }
  }

  /** The program is about to end: the terminal is given back at once, and not taken again. */
  leave() {
    this.#isLeaving = true;
    this.#tty?.close();
  }

  /** Gives the terminal back, and prints what was held. */
  async close() {
    clearInterval(this.#watch);
    process.stdout.off('resize', this.#resized);
    if (this.#asksForLine) this.#stopReading();
    this.#giveBack();
    process.stdin.pause();
    process.stdin.unref?.();
    await this.#released;
  }

  /** Takes the terminal once the program draws, or wants keys. */
  #look() {
    const screen = this.#screen;
    if (!screen || !this.#tty || this.#tty.isOpen || this.#asksForLine || this.#isLeaving || screen.ended) return;
    if (screen.generation === this.#generation && !screen.raw && !this.#polledKeys) return;
    this.#tty.open();
  }

  #giveBack() {
    this.#tty?.close({ keep: true });
    this.#generation = this.#screen?.generation ?? 0;
    const held = this.#held.splice(0);
    this.#heldBytes = 0;
    this.#released = this.#released.then(() => this.#release(held));
  }

  /** @param {{ stream: 1 | 2, content: Uint8Array | string }[]} held */
  async #release(held) {
    try {
      for (const { stream, content } of held) await (stream === 1 ? this.#out : this.#err).write(content);
    } catch {
      // The output knows its fault, and whoever closes it tells.
    }
  }

  /** Also while the terminal is not taken. */
  #resized = () => {
    const [columns, rows] = process.stdout.getWindowSize();
    if (!this.#tty?.isOpen && columns > 0 && rows > 0) this.#guest?.resize(columns, rows);
  };

  #stopReading() {
    process.stdin.off('data', this.#typed);
    process.stdin.off('end', this.#ended);
    process.stdin.pause();
  }

  /** @param {Buffer} bytes */
  #typed = (bytes) => this.#guest?.input(bytes);

  #ended = () => this.#guest?.endInput();
}
