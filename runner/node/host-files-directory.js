/**
 * A directory of the host that is open, as WASI's calls use it: every call goes to one name in it, by its anchor, and
 * none follows a link.
 */

import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import * as E from '../abi/wasi/errno.js';
import { FILETYPE } from '../abi/wasi/numbers.js';
import { errnoOf, statusOf } from './host-files-errors.js';
import { HostFile } from './host-files-file.js';
import { HostListing } from './host-files-listing.js';
import { filetypeOf, neverWaits, setHostTimes, wasiStat } from './host-files-stat.js';

/** @import { Stats } from 'node:fs' */
/** @import { HowToOpen, Opened, OpenDirectory } from '../abi/wasi/inode.js' */

/**
 * Where a directory is on the host, and how its names are reached. All but `enter` throw Node's errors.
 * @typedef {object} Anchor
 * @property {(name: string) => string} path for calls that do not follow a link at its end; `.` is the directory itself
 * @property {(name: string) => Anchor | number} enter the directory of that name, or an error number negated
 * @property {(name: string, flags: number) => number} create a descriptor of a file that was not there
 * @property {(name: string) => Found} find what is there, not opened yet
 * @property {() => void} close
 */
/**
 * @typedef {object} Found
 * @property {Stats} stat
 * @property {() => Anchor} enter takes it over, when it is a directory
 * @property {(flags: number) => number} open a descriptor of what was found and nothing else
 * @property {() => void} close unless it was taken over
 */

/** All host folders are one system: whether two can share a link is the host's to say. */
const SYSTEM = {};
/** How often to look again when a name comes and goes while a file is being made. */
const TRIES = 16;
const { O_NONBLOCK = 0, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

/** @implements {OpenDirectory} */
export class HostDirectory {
  system = SYSTEM;
  #anchor;
  #root;

  /** @param {Anchor} anchor @param {{ device: bigint, inode: bigint }} root the folder that was given, whose parent is nobody's business */
  constructor(anchor, root) {
    this.#anchor = anchor;
    this.#root = root;
  }

  /** @param {Anchor} anchor */
  static root(anchor) {
    const { dev, ino } = lstatSync(anchor.path('.'), { bigint: true });
    return new HostDirectory(anchor, { device: dev, inode: ino });
  }

  /** @type {OpenDirectory['step']} */
  step(name) {
    const entered = this.#anchor.enter(name);
    if (typeof entered !== 'number') return new HostDirectory(entered, this.#root);
    if (entered !== -E.ENOTDIR && entered !== -E.ELOOP) return entered;
    const target = this.linkTarget(name);
    return typeof target === 'string' ? target : -E.ENOTDIR;
  }

  /** @type {OpenDirectory['linkTarget']} */
  linkTarget(name) {
    try {
      return readlinkSync(this.#anchor.path(name));
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {OpenDirectory['open']} */
  open(name, how) {
    try {
      if (name === '.') return this.#openFound(name, how);
      for (let tries = 0; tries < TRIES; tries++) {
        try {
          return this.#openFound(name, how);
        } catch (error) {
          if (!how.create || errnoOf(error) !== E.ENOENT) throw error;
        }
        if (how.mustBeDirectory) return -E.EINVAL;
        try {
          return {
            file: new HostFile(this.#anchor.create(name, accessFor(how)), FILETYPE.REGULAR_FILE),
            directory: null,
          };
        } catch (error) {
          if (how.exclusive || errnoOf(error) !== E.EEXIST) throw error;
        }
      }
      return -E.EBUSY;
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {OpenDirectory['stat']} */
  stat(name) {
    try {
      return wasiStat(lstatSync(this.#anchor.path(name), { bigint: true }));
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {OpenDirectory['setTimes']} */
  setTimes(name, accessed, modified) {
    return statusOf(() => {
      const path = this.#anchor.path(name);
      const read = () => lstatSync(path, { bigint: true });
      setHostTimes(read, (a, m) => lutimesSync(path, a, m), accessed, modified);
    });
  }

  /** @type {OpenDirectory['makeDirectory']} */
  makeDirectory(name) {
    return statusOf(() => mkdirSync(this.#anchor.path(name)));
  }

  /** @type {OpenDirectory['removeDirectory']} */
  removeDirectory(name) {
    return statusOf(() => rmdirSync(this.#anchor.path(name)));
  }

  /** @type {OpenDirectory['unlink']} */
  unlink(name, mustBeDirectory) {
    return statusOf(() => {
      const path = this.#anchor.path(name);
      // Asked first, because systems differ in what they say of a directory.
      if (lstatSync(path).isDirectory()) throw fault('EISDIR');
      if (mustBeDirectory) throw fault('ENOTDIR');
      unlinkSync(path);
    });
  }

  /** @type {OpenDirectory['makeLink']} */
  makeLink(name, target) {
    return statusOf(() => symlinkSync(target, this.#anchor.path(name)));
  }

  /** @type {OpenDirectory['link']} */
  link(name, to, newName) {
    return statusOf(() => {
      const path = this.#anchor.path(name);
      const newPath = /** @type {HostDirectory} */ (to).#anchor.path(newName);
      const stat = lstatSync(path);
      if (stat.isDirectory()) throw fault(lstatSync(newPath, { throwIfNoEntry: false }) ? 'EEXIST' : 'EPERM');
      // Elsewhere than on Linux a link to a link may be one to its target, which can be outside.
      if (stat.isSymbolicLink() && process.platform !== 'linux') throw fault('ENOTSUP');
      linkSync(path, newPath);
    });
  }

  /** @type {OpenDirectory['rename']} */
  rename(name, to, newName, mustBeDirectory) {
    return statusOf(() => {
      const path = this.#anchor.path(name);
      if (mustBeDirectory && !lstatSync(path).isDirectory()) throw fault('ENOTDIR');
      renameSync(path, /** @type {HostDirectory} */ (to).#anchor.path(newName));
    });
  }

  list() {
    try {
      const self = lstatSync(this.#anchor.path('.'), { bigint: true });
      const isRoot = self.dev === this.#root.device && self.ino === this.#root.inode;
      const above = isRoot ? self : lstatSync(this.#anchor.path('..'), { bigint: true });
      return new HostListing((name) => this.#anchor.path(name), self.ino, above.ino);
    } catch (error) {
      return -errnoOf(error);
    }
  }

  release() {
    this.#anchor.close();
  }

  /** Opens what is there already. @param {string} name @param {HowToOpen} how @returns {Opened | number} */
  #openFound(name, how) {
    const found = this.#anchor.find(name);
    let kept = false;
    try {
      if (how.create && how.exclusive) return -E.EEXIST;
      if (found.stat.isDirectory()) {
        if (how.write || how.truncate || how.create) return -E.EISDIR;
        kept = true;
        return { file: null, directory: new HostDirectory(found.enter(), this.#root) };
      }
      if (how.mustBeDirectory) return -E.ENOTDIR;
      if (found.stat.isSymbolicLink()) return -E.ELOOP;
      // The program, and its worker, could be kept waiting for ever.
      if (!neverWaits(found.stat)) return -E.ENOTSUP;
      if (how.truncate && !how.write) closeSync(found.open(O_WRONLY | O_TRUNC));
      const truncate = how.truncate && how.write ? O_TRUNC : 0;
      const file = new HostFile(found.open(accessFor(how) | truncate), filetypeOf(found.stat));
      return { file, directory: null };
    } finally {
      if (!kept) found.close();
    }
  }
}

/** @param {HowToOpen} how */
function accessFor(how) {
  const access = how.write ? (how.read ? O_RDWR : O_WRONLY) : O_RDONLY;
  return access | O_NONBLOCK;
}

/** @param {string} code */
function fault(code) {
  return Object.assign(new Error(code), { code });
}
