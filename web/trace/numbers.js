// Growing and searching lists of whole numbers, for what a million events need one number each of.

export class Numbers {
  #items = new Uint32Array(1024);
  length = 0;

  /** @param {number} value */
  push(value) {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = value;
  }

  /** A copy of exact size. */
  done() {
    return this.#items.slice(0, this.length);
  }
}

/**
 * How many of the ascending numbers are below a limit: the index of the first that is not.
 * @param {Uint32Array} numbers
 * @param {number} limit
 */
export function countBelow(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
