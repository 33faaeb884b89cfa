/**
 * The worker's end of a run's output: chunks go out in order, and no more than the window is under way unacknowledged,
 * so a program that prints for ever cannot flood the page.
 */
import * as protocol from './protocol.js';
import { DRAIN_BYTES, WINDOW_BYTES } from './limits.js';

/** @import { FromWorker } from './protocol.js' */

export class Outlet {
  #run;
  #post;
  #underWay = 0;
  /** @type {(() => void) | null} */
  #open = null;

  /**
   * @param {number} run
   * @param {(message: FromWorker, transfer: ArrayBuffer[]) => void} post
   */
  constructor(run, post) {
    this.#run = run;
    this.#post = post;
  }

  /**
   * Sends a chunk; its buffer goes with it.
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @returns {void | Promise<void>} a promise when the next chunk has to wait
   */
  write(bytes) {
    this.#underWay += bytes.length;
    this.#post(protocol.output(this.#run, bytes), [bytes.buffer]);
    if (this.#hasRoom()) return undefined;
    return new Promise((resolve) => (this.#open = resolve));
  }

  /** So many bytes have been consumed. @param {number} bytes */
  credit(bytes) {
    this.#underWay -= bytes;
    if (this.#hasRoom()) this.#open?.();
  }

  #hasRoom() {
    return this.#underWay + DRAIN_BYTES <= WINDOW_BYTES;
  }
}
