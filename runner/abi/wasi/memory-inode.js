/** What files, directories and symbolic links in memory have in common: a number, links and times. */

import { SUCCESS } from './errno.js';

/** @import { MemorySystem } from './memory-system.js' */
/** @import { NewTime, Stat } from './inode.js' */

export class Inode {
  links = 0;
  accessed;
  modified;
  changed;
  /** Times that were set by the program, which need not be of this run. @type {bigint | null} */
  exactAccessed = null;
  /** @type {bigint | null} */
  exactModified = null;

  /** @param {MemorySystem} system @param {number} filetype */
  constructor(system, filetype) {
    this.system = system;
    this.filetype = filetype;
    this.number = system.nextInode();
    this.accessed = this.modified = this.changed = system.clock.now();
  }

  /** Its content or its entries are other ones now. */
  touch() {
    this.modified = this.changed = this.system.clock.now();
    this.exactModified = null;
    this.system.generation++;
  }

  /** @param {number} size @returns {Stat} */
  statOf(size) {
    const { clock } = this.system;
    return {
      device: this.system.device,
      inode: BigInt(this.number),
      filetype: this.filetype,
      links: BigInt(this.links),
      size: BigInt(size),
      accessed: this.exactAccessed ?? clock.sinceEpoch(this.accessed),
      modified: this.exactModified ?? clock.sinceEpoch(this.modified),
      changed: clock.sinceEpoch(this.changed),
    };
  }

  /** @param {NewTime} accessed @param {NewTime} modified */
  setOwnTimes(accessed, modified) {
    const now = this.system.clock.now();
    if (accessed === 'now') {
      this.accessed = now;
      this.exactAccessed = null;
    } else if (accessed !== null) this.exactAccessed = accessed;
    if (modified === 'now') {
      this.modified = now;
      this.exactModified = null;
    } else if (modified !== null) this.exactModified = modified;
    this.changed = now;
    this.system.generation++;
    return SUCCESS;
  }
}
