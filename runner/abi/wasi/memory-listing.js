/**
 * A directory in memory as `fd_readdir` goes through it. A cookie is an entry's place in the order of their making,
 * which never changes, so entries may come and go between two calls; going on from a cookie costs a binary search.
 */

import { FILETYPE } from './numbers.js';

/** @import { Entry, MemoryDirectory } from './memory-directory.js' */
/** @import { Listing, ListedEntry } from './inode.js' */

/** Cookies of `.`, of `..`, and of the first entry. */
const SELF = 0;
const PARENT = 1;
const FIRST = 2;

/** @implements {Listing} */
export class MemoryListing {
  #cookie = 0;
  /** Where in `inOrder` the cookie was found; a hint only, for it is packed at times. */
  #index = 0;

  /** @param {MemoryDirectory} directory */
  constructor(directory) {
    this.directory = directory;
  }

  /** @type {Listing['seek']} */
  seek(cookie) {
    if (cookie !== this.#cookie) this.#index = 0;
    this.#cookie = cookie;
    return true;
  }

  /** @type {Listing['next']} */
  next() {
    if (this.#cookie === SELF) return this.#special('.', this.directory, PARENT);
    if (this.#cookie === PARENT) return this.#special('..', this.directory.parent ?? this.directory, FIRST);
    const { inOrder } = this.directory;
    let index = this.#index;
    const before = inOrder[index - 1];
    if (index === 0 || before === undefined || before.order !== this.#cookie - FIRST - 1) {
      index = firstFrom(inOrder, this.#cookie - FIRST);
    }
    while (index < inOrder.length && inOrder[index].gone) index++;
    if (index === inOrder.length) return null;
    const { name, node, order } = inOrder[index];
    this.#index = index + 1;
    this.#cookie = order + FIRST + 1;
    return { name, inode: BigInt(node.number), filetype: node.filetype, next: this.#cookie };
  }

  /** @param {string} name @param {MemoryDirectory} directory @param {number} next @returns {ListedEntry} */
  #special(name, directory, next) {
    this.#cookie = next;
    return { name, inode: BigInt(directory.number), filetype: FILETYPE.DIRECTORY, next };
  }
}

/**
 * Index of the first entry whose order is `order` or later.
 * @param {Entry[]} entries @param {number} order
 */
function firstFrom(entries, order) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle].order < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
