/**
 * Paths walked one name at a time over open directories (inode.js), so that nothing a path says leads out of the
 * directory that it starts from: not `..`, not an absolute path, not a symbolic link, whatever changes meanwhile.
 */

import * as E from './errno.js';
import { NAME_BYTES, PATH_BYTES } from './numbers.js';

/** @import { OpenDirectory } from './inode.js' */
/** @import { GuestAccess } from './access.js' */

/** Symbolic links that one path may lead through, as on Linux. */
const MOST_LINKS = 40;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * A path from the guest's memory, or an error number.
 * @param {GuestAccess} access @param {number} pointer @param {number} length
 * @returns {string | number}
 */
export function readPath(access, pointer, length) {
  if (!access.holds(pointer, length)) return E.EFAULT;
  if (length >>> 0 > PATH_BYTES) return E.ENAMETOOLONG;
  const start = pointer >>> 0;
  try {
    // A copy: in browsers a decoder refuses memory that is shared.
    const path = decoder.decode(access.bytes.slice(start, start + length));
    return path.includes('\0') ? E.EINVAL : path;
  } catch {
    return E.EILSEQ;
  }
}

/** Where a path leads: a directory and a name in it. Holds directories open until `release`. */
export class Place {
  /** @type {OpenDirectory} */
  directory;
  /** A single name; `.` when the path ends at the directory itself. */
  name = '.';
  /** Whether the path ends in a slash: it is to be a directory. */
  slash = false;
  /** Those walked through, down to `directory`. The first is the caller's. @type {OpenDirectory[]} */
  #above = [];
  #links = 0;

  /** @param {OpenDirectory} start */
  constructor(start) {
    this.directory = start;
  }

  /**
   * Walks to the place. With `follow` a symbolic link at the end is followed too.
   * @param {string} path @param {boolean} follow
   * @returns {number} status
   */
  walk(path, follow) {
    if (path === '') return E.ENOENT;
    if (path.startsWith('/')) return E.ENOTCAPABLE;
    /** Names still to come, the next one at the end. */
    const left = namesOf(path);
    this.slash = path.endsWith('/');
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      this.name = '.';
      if (name === '.') continue;
      if (name === '..') {
        if (!this.#up()) return E.ENOTCAPABLE;
        continue;
      }
      if (tooLong(name)) return E.ENAMETOOLONG;
      const next = left.length > 0 ? this.directory.step(name) : this.#end(name, follow);
      if (typeof next === 'number') return -next;
      if (typeof next === 'string') {
        const status = this.#expand(next, left);
        if (status !== E.SUCCESS) return status;
      } else if (next === null) {
        this.name = name;
      } else {
        this.#above.push(this.directory);
        this.directory = next;
      }
    }
    return E.SUCCESS;
  }

  release() {
    while (this.#up());
  }

  /** Back to the directory above; false at the start, which is as far up as a path may lead. */
  #up() {
    const above = this.#above.pop();
    if (above === undefined) return false;
    this.directory.release();
    this.directory = above;
    return true;
  }

  /** The last name: null, or the target of the link that is to be followed. @param {string} name @param {boolean} follow */
  #end(name, follow) {
    if (!follow) return null;
    const target = this.directory.linkTarget(name);
    return typeof target === 'string' ? target : null;
  }

  /** @param {string} target @param {string[]} left */
  #expand(target, left) {
    if (++this.#links > MOST_LINKS) return E.ELOOP;
    if (target === '') return E.ENOENT;
    if (target.startsWith('/')) return E.ENOTCAPABLE;
    if (left.length === 0 && target.endsWith('/')) this.slash = true;
    // Names without a bound would come of links that are long and lead through each other.
    left.push(...namesOf(target));
    return left.length > PATH_BYTES ? E.ENAMETOOLONG : E.SUCCESS;
  }
}

/** The names of a path, the first one at the end. @param {string} path */
function namesOf(path) {
  return path
    .split('/')
    .filter((name) => name !== '')
    .reverse();
}

/** @param {string} name */
function tooLong(name) {
  return name.length * 3 > NAME_BYTES && encoder.encode(name).length > NAME_BYTES;
}
