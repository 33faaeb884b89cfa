/**
 * The retained terminal as a guest's import functions use it (GuestScreen of guest/types.js): the live grid, which the
 * program draws on, and frames, which it publishes. All of it lies in one buffer (layout.js); whoever shows it has a
 * ScreenReader (reader.js) over the same one, or over one that is kept up to date by messages (transfer.js).
 */
import { colorByName } from './colors.js';
import { FrameWriter } from './frames.js';
import { Grid } from './grid.js';
import { clampSize, createScreenBuffer, HEADER, Layout, LIVE, packSize } from './layout.js';
import { Outgoing } from './transfer.js';

export { createScreenBuffer };
export { ScreenReader } from './reader.js';
export { screenResult } from './result.js';

/** @import { GuestScreen } from '../guest/types.js' */

/** @implements {GuestScreen} */
export class Screen {
  #layout;
  #signed;
  #grid;
  #frames;
  #outgoing;
  #onPublish;

  /**
   * @param {ArrayBufferLike} buffer from createScreenBuffer
   * @param {{ onPublish?: () => void }} [host] called when a frame is there, and when raw mode changed
   */
  constructor(buffer, { onPublish = () => {} } = {}) {
    this.#layout = new Layout(buffer);
    this.#signed = this.#layout.signed;
    this.#grid = new Grid(this.#layout);
    this.#frames = new FrameWriter(this.#layout);
    this.#outgoing = new Outgoing(this.#layout);
    this.#onPublish = onPublish;
    this.size();
  }

  clear() {
    this.#signed[HEADER.USED] = 1;
    this.#grid.clear();
  }

  /** @param {number} column @param {number} row both are clamped */
  moveTo(column, row) {
    this.#signed[HEADER.USED] = 1;
    this.#grid.moveTo(column, row);
  }

  /**
   * @param {Uint8Array} bytes UTF-8
   * @param {number} [start] of the text in them, so that a caller can hand over all of its memory
   * @param {number} [end]
   */
  print(bytes, start = 0, end = bytes.length) {
    this.#signed[HEADER.USED] = 1;
    this.#grid.print(bytes, start, end);
  }

  /** @param {string} name of aver-abi.md 6.2 @returns {boolean} false: no such colour, the default is used */
  setColor(name) {
    this.#signed[HEADER.USED] = 1;
    const color = colorByName(name);
    this.#grid.setColor(color ?? 0);
    return color !== undefined;
  }

  resetColor() {
    this.#signed[HEADER.USED] = 1;
    this.#grid.resetColor();
  }

  /** @param {boolean} visible */
  showCursor(visible) {
    this.#signed[HEADER.USED] = 1;
    this.#grid.showCursor(visible);
  }

  /** Publishes a frame. */
  flush() {
    this.#signed[HEADER.USED] = 1;
    this.#signed[HEADER.FLUSHES]++;
    this.#publish();
  }

  /** The size that is wanted now; the grid takes it on. Asking draws nothing: a program that only asks has no screen. */
  size() {
    const wanted = Atomics.load(this.#signed, HEADER.WANTED_SIZE);
    const size = clampSize({ columns: wanted >>> 16, rows: wanted & 0xffff }, this.#layout.most);
    this.#grid.resize(size);
    return size;
  }

  /**
   * A new size where memory is not shared; else whoever shows the screen calls `ScreenReader.setSize`. The grid takes it on
   * when the program asks, or at once when it has not drawn yet.
   * @param {number} columns
   * @param {number} rows
   */
  wantSize(columns, rows) {
    const size = clampSize({ columns, rows }, this.#layout.most);
    Atomics.store(this.#signed, HEADER.WANTED_SIZE, packSize(size));
    if (!this.#signed[HEADER.USED]) this.size();
  }

  /** @param {boolean} raw */
  setRaw(raw) {
    Atomics.store(this.#signed, HEADER.RAW, raw ? 1 : 0);
    Atomics.add(this.#signed, HEADER.GENERATION, 1);
    this.#onPublish();
  }

  /** At the end of a run, however it ends: the last state is shown, flushed or not, and the terminal is the user's again. */
  restore() {
    if (this.#signed[HEADER.USED]) this.#publish();
    Atomics.store(this.#signed, HEADER.ENDED, 1);
    this.setRaw(false);
  }

  /**
   * What changed since the last snapshot, for a reader without shared memory: to be posted, with its buffer transferred,
   * to `ScreenReader.load`. To be called when the last one has been taken; frames between are passed over.
   * @param {boolean} [live] as the grid is now, instead of the last frame
   * @returns {Uint8Array<ArrayBuffer>}
   */
  snapshot(live = false) {
    return this.#outgoing.snapshot(live ? LIVE : this.#frames.last, (this.#grid.epoch - 1) | 0);
  }

  #publish() {
    this.#frames.publish(this.#grid.epoch);
    this.#grid.epoch = (this.#grid.epoch + 1) | 0;
    this.#onPublish();
  }
}

/**
 * @param {ArrayBufferLike | null} buffer null: one that is not shared
 * @param {{ columns: number, rows: number }} size
 * @param {() => void} onPublish
 */
export function createScreen(buffer, size, onPublish) {
  return new Screen(buffer ?? createScreenBuffer(false, size), { onPublish });
}
