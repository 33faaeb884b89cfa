/**
 * Standard input on its way to a guest: into the ring of shared memory as far as there is room, the rest waits here; or, where
 * memory is not shared, to its worker by messages.
 */

/** @import { HostEnd } from './channel.js' */
/** @import { ToGuest } from './protocol.js' */

export class InputFeed {
  #channel;
  #post;
  /** @type {Uint8Array[]} */
  #pending = [];
  #hasEnded = false;
  /** @type {(() => void)[]} */
  #takers = [];
  /** Bytes that wait here. */
  waiting = 0;

  /**
   * @param {HostEnd | null} channel null: by messages
   * @param {(message: ToGuest) => void} post
   */
  constructor(channel, post) {
    this.#channel = channel;
    this.#post = post;
  }

  /** @param {Uint8Array} bytes */
  give(bytes) {
    if (this.#hasEnded) return;
    this.#pending.push(bytes);
    this.waiting += bytes.length;
    this.feed();
  }

  /** Nothing comes after what was given. */
  end() {
    this.#hasEnded = true;
    this.feed();
  }

  /** Resolves when some of what waits was taken over, or nobody will take any more. @returns {Promise<void>} */
  taken() {
    if (this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Nobody takes any more. */
  release() {
    for (const taken of this.#takers.splice(0)) taken();
  }

  /** Gives the guest what waits, as far as there is room. */
  feed() {
    if (!this.#channel) return this.#postAll();
    if (this.#pending.length > 0) this.release();
    while (this.#pending.length > 0) {
      const [first] = this.#pending;
      const taken = this.#channel.pushInput(first);
      this.waiting -= taken;
      if (taken < first.length) return void (this.#pending[0] = first.subarray(taken));
      this.#pending.shift();
    }
    if (this.#hasEnded) this.#channel.endInput();
  }

  #postAll() {
    for (const bytes of this.#pending) this.#post({ type: 'stdin', bytes });
    this.#pending = [];
    this.waiting = 0;
    if (this.#hasEnded) this.#post({ type: 'endInput' });
  }
}
