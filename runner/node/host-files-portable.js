/**
 * A directory of the host on systems where nothing can be opened relative to an open directory. It is a path without
 * links, checked to be so still before each use, and after a file was opened. What is left is a race: another process
 * that swaps a directory for a link between check and use makes one call go elsewhere. A program alone cannot do that.
 */

import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './host-files-errors.js';

/** @import { Anchor } from './host-files-directory.js' */

const { O_CREAT, O_EXCL } = constants;
/** Windows has no such flag: what is opened is compared with what was found. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/** @implements {Anchor} */
export class PortableAnchor {
  #real;

  /** @param {string} real */
  constructor(real) {
    this.#real = real;
  }

  /** @param {string} path */
  static at(path) {
    const real = realpathSync(path);
    if (!lstatSync(real).isDirectory()) throw fault('ENOTDIR');
    return new PortableAnchor(real);
  }

  /** @type {Anchor['path']} */
  path(name) {
    if (realpathSync(this.#real) !== this.#real) throw fault('ENOTCAPABLE');
    // Windows has more separators, and names that mean devices and streams.
    const strange = process.platform === 'win32' && /[\\:]|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
    if (strange) throw fault('EINVAL');
    return join(this.#real, name);
  }

  /** @type {Anchor['enter']} */
  enter(name) {
    try {
      const path = this.path(name);
      const stat = lstatSync(path);
      if (!stat.isDirectory()) return -errnoOf(fault('ENOTDIR'));
      return new PortableAnchor(path);
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {Anchor['create']} */
  create(name, flags) {
    const fd = openSync(this.path(name), flags | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    return this.#checked(fd, name);
  }

  /** @type {Anchor['find']} */
  find(name) {
    const path = this.path(name);
    return {
      stat: lstatSync(path),
      enter: () => new PortableAnchor(path),
      open: (flags) => this.#checked(openSync(path, flags | O_NOFOLLOW), name),
      close: () => {},
    };
  }

  close() {}

  /** The descriptor, when it is of what the name still means. @param {number} fd @param {string} name */
  #checked(fd, name) {
    try {
      const opened = fstatSync(fd, { bigint: true });
      const found = lstatSync(this.path(name), { bigint: true });
      if (opened.ino === found.ino && opened.dev === found.dev) return fd;
    } catch {
      // It is gone, or leads elsewhere now.
    }
    closeSync(fd);
    throw fault('ENOTCAPABLE');
  }
}

/** @param {string} code */
function fault(code) {
  return Object.assign(new Error(code), { code });
}
