/**
 * A host directory as `fd_readdir` goes through it: its names as they were at the start, so that cookies stay good.
 * Names that are not UTF-8 cannot be told to a program and are left out.
 */

import { lstatSync, readdirSync } from 'node:fs';
import { filetypeOf } from './host-files-stat.js';
import { FILETYPE } from '../abi/wasi/numbers.js';

/** @import { Listing } from '../abi/wasi/inode.js' */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @implements {Listing} */
export class HostListing {
  #path;
  #special;
  #names;
  #cookie = 0;

  /** @param {(name: string) => string} path @param {bigint} self inode @param {bigint} above inode */
  constructor(path, self, above) {
    this.#path = path;
    this.#special = [
      { name: '.', inode: self },
      { name: '..', inode: above },
    ];
    this.#names = readdirSync(path('.'), { encoding: 'buffer' }).flatMap(decoded);
  }

  /** @type {Listing['seek']} */
  seek(cookie) {
    this.#cookie = cookie;
    return cookie < this.#names.length + this.#special.length;
  }

  /** @type {Listing['next']} */
  next() {
    for (;;) {
      const at = this.#cookie++;
      const special = this.#special[at];
      if (special !== undefined) return { ...special, filetype: FILETYPE.DIRECTORY, next: at + 1 };
      const name = this.#names[at - this.#special.length];
      if (name === undefined) return null;
      try {
        const stat = lstatSync(this.#path(name), { bigint: true });
        return { name, inode: BigInt.asUintN(64, stat.ino), filetype: filetypeOf(stat), next: at + 1 };
      } catch {
        // It has gone since: the next one.
      }
    }
  }
}

/** @param {Buffer} name */
function decoded(name) {
  try {
    return [decoder.decode(name)];
  } catch {
    return [];
  }
}
