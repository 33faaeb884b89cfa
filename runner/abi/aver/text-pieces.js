/**
 * Text that grows by small pieces, to many megabytes. Adding them to one string would make a chain of as many links,
 * which costs V8 more to keep than all the formatting; they are joined by the thousand instead.
 */

const PIECES = 4096;

export class TextPieces {
  /** @type {string[]} */
  #chunks = [];
  /** @type {string[]} */
  #pieces = [];
  /** In UTF-16 units. */
  length = 0;

  /** @param {string} piece */
  add(piece) {
    this.length += piece.length;
    if (this.#pieces.push(piece) < PIECES) return;
    this.#chunks.push(this.#pieces.join(''));
    this.#pieces.length = 0;
  }

  whole() {
    return this.#chunks.join('') + this.#pieces.join('');
  }
}
