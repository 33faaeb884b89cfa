/**
 * Keeps a stream of output up to a limit, and hands it on.
 */

export class Collector {
  #hand;
  /** @type {Uint8Array[]} */
  #chunks = [];
  #room;

  /**
   * @param {((bytes: Uint8Array) => void | Promise<void>) | undefined} hand
   * @param {number} room bytes that are kept
   */
  constructor(hand, room) {
    this.#hand = hand;
    this.#room = room;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    const kept = bytes.slice(0, this.#room);
    this.#room -= kept.length;
    if (kept.length > 0) this.#chunks.push(kept);
    return this.#hand?.(bytes);
  }

  bytes() {
    const all = new Uint8Array(this.#chunks.reduce((size, chunk) => size + chunk.length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}
