/**
 * What a client posts to its worker, in order. A file that goes along is copied first and the copy given away: of a large
 * one in slices, and what is posted meanwhile waits its turn.
 */
import { copyInSlices, isLarge } from './copies.js';
import { sentenceOf } from './result.js';

/** @import { WorkerLike } from './client.js' */
/** @import { ToWorker } from './protocol.js' */

export class Outbox {
  #worker;
  #onFault;
  /** @type {ToWorker[]} */
  #waiting = [];
  #isSending = false;

  /**
   * @param {WorkerLike} worker
   * @param {(sentence: string) => void} onFault a message could not be sent: nothing after it is
   */
  constructor(worker, onFault) {
    this.#worker = worker;
    this.#onFault = onFault;
  }

  /** @param {ToWorker} message */
  post(message) {
    this.#waiting.push(message);
    if (!this.#isSending) void this.#send();
  }

  /** Nothing more is sent. */
  close() {
    this.#waiting = [];
    this.#isSending = true;
  }

  async #send() {
    this.#isSending = true;
    try {
      for (let message = this.#waiting[0]; message; message = this.#waiting[0]) {
        const bytes = 'file' in message ? message.file.bytes : null;
        const copy = bytes && (isLarge(bytes) ? await copyInSlices(bytes) : new Uint8Array(bytes));
        if (this.#waiting.shift() !== message) return; // it was closed
        if ('file' in message) message = { ...message, file: { ...message.file, bytes: copy } };
        this.#worker.post(message, copy ? [copy.buffer] : []);
      }
      this.#isSending = false;
    } catch (thrown) {
      this.#waiting = [];
      this.#onFault(sentenceOf(thrown));
    }
  }
}
