/** Regular files and symbolic links in memory. Space is bounded by memory-system.js. */

import { Content } from './content.js';
import * as E from './errno.js';
import { Inode } from './memory-inode.js';
import { FILETYPE } from './numbers.js';

/** @import { MemorySystem } from './memory-system.js' */
/** @import { NewTime, OpenFile } from './inode.js' */

/** @implements {OpenFile} */
export class MemoryFile extends Inode {
  /** Descriptors that have it open: what is unlinked stays until the last is closed. */
  opens = 0;
  #fresh = true;
  /** Number of the reading of the clock that it was stamped with. */
  #stamp = 0;

  /** @param {MemorySystem} system @param {Content} [content] */
  constructor(system, content = new Content()) {
    super(system, FILETYPE.REGULAR_FILE);
    this.content = content;
  }

  /** @type {OpenFile['read']} */
  read(bytes, at, length, position) {
    // As `relatime` does it: the first read after a change counts.
    if (this.#fresh) {
      this.#fresh = false;
      this.accessed = this.system.clock.now();
      this.exactAccessed = null;
    }
    return this.content.read(bytes, at, length, position);
  }

  /** @type {OpenFile['write']} */
  write(bytes, at, length, position) {
    if (length === 0) return 0;
    const room = this.system.claim(this.content.size, position + length, position + 1);
    const count = Math.min(length, room - position);
    if (count <= 0) return -E.ENOSPC;
    try {
      this.content.write(bytes, at, count, position);
    } catch {
      this.system.settle(room, this.content.size);
      return -E.ENOSPC;
    }
    this.#altered();
    return count;
  }

  size() {
    return this.content.size;
  }

  /** @param {number} size */
  setSize(size) {
    if (size > this.content.size) {
      if (this.system.claim(this.content.size, size, size) < size) return E.ENOSPC;
    } else {
      this.system.settle(this.content.size, size);
    }
    this.content.resize(size);
    this.#altered();
    return E.SUCCESS;
  }

  sync() {
    return E.SUCCESS;
  }

  stat() {
    return this.statOf(this.content.size);
  }

  /** @param {NewTime} accessed @param {NewTime} modified */
  setTimes(accessed, modified) {
    return this.setOwnTimes(accessed, modified);
  }

  release() {
    this.opens--;
    this.dropIfUnused();
  }

  dropIfUnused() {
    if (this.links > 0 || this.opens > 0) return;
    this.system.settle(this.content.size, 0);
    this.content = new Content();
  }

  #altered() {
    this.#fresh = true;
    const { clock } = this.system;
    const reading = clock.recent();
    if (this.#stamp !== reading) {
      this.#stamp = reading;
      this.modified = this.changed = clock.time;
      this.exactModified = null;
    }
    this.system.generation++;
  }
}

export class MemoryLink extends Inode {
  /** @param {MemorySystem} system @param {string} target @param {number} bytes its length in UTF-8 */
  constructor(system, target, bytes) {
    super(system, FILETYPE.SYMBOLIC_LINK);
    this.target = target;
    this.bytes = bytes;
  }

  stat() {
    return this.statOf(this.bytes);
  }

  dropIfUnused() {}
}
