/**
 * A directory of the host under Linux, held open. `/proc/self/fd/N/name` goes on from where descriptor N is, whatever
 * has become of the path that once led there: it is openat() for those who have only open(). With O_NOFOLLOW nothing
 * that another process swaps in meanwhile leads elsewhere. Files are found without being opened first (O_PATH), because
 * opening a pipe or a device can wait for ever.
 */

import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs';
import { errnoOf } from './host-files-errors.js';

/** @import { Anchor } from './host-files-directory.js' */

/** Not among Node's constants; the same on all that Node runs on. */
const O_PATH = 0o10000000;
const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW } = constants;

/** @implements {Anchor} */
export class LinuxAnchor {
  #fd;

  /** @param {number} fd */
  constructor(fd) {
    this.#fd = fd;
  }

  /** @param {string} path */
  static at(path) {
    return new LinuxAnchor(openSync(realpathSync(path), O_PATH | O_DIRECTORY));
  }

  /** @type {Anchor['path']} */
  path(name) {
    return `/proc/self/fd/${this.#fd}/${name}`;
  }

  /** @type {Anchor['enter']} */
  enter(name) {
    try {
      return new LinuxAnchor(openSync(this.path(name), O_PATH | O_DIRECTORY | O_NOFOLLOW));
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {Anchor['create']} */
  create(name, flags) {
    return openSync(this.path(name), flags | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
  }

  /** @type {Anchor['find']} */
  find(name) {
    const fd = openSync(this.path(name), O_PATH | O_NOFOLLOW);
    return {
      stat: fstatSync(fd),
      enter: () => new LinuxAnchor(fd),
      open: (flags) => openSync(`/proc/self/fd/${fd}`, flags),
      close: () => closeSync(fd),
    };
  }

  close() {
    closeSync(this.#fd);
  }
}
