// Numbers that look random and are the same for the same seed (mulberry32), for what makes programs of them.

export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = Math.imul(seed, 2654435761);
  }

  /** A whole number below `limit`. @param {number} limit */
  below(limit) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** True once in so many times. @param {number} n */
  oneIn(n) {
    return this.below(n) === 0;
  }

  /** @template T @param {readonly T[]} items */
  pick(items) {
    return items[this.below(items.length)];
  }
}
