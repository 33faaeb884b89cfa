/**
 * The table of open descriptors: what a number refers to, with which rights and flags, and where in it the program is.
 */

import { EMFILE } from './errno.js';
import { ALL_RIGHTS, DIRECTORY_RIGHTS, FILETYPE, FILE_RIGHTS, RIGHT, STREAM_RIGHTS } from './numbers.js';

/** @import { Listing, OpenDirectory, OpenFile } from './inode.js' */

/** Open at once, at most. Host folders cost a descriptor of the host each, of which there may be fewer. */
const MOST = 65536;

export class Descriptor {
  position = 0;
  /** @type {OpenFile | null} */
  file = null;
  /** @type {OpenDirectory | null} */
  directory = null;
  /** Standard input, output and error output by their number, else -1. */
  stream = -1;
  /** What goes on at its cookie when `fd_readdir` is called again. @type {Listing | null} */
  listing = null;
  /** The name that a preopened directory goes by. @type {Uint8Array | null} */
  preopened = null;

  /** @param {number} filetype @param {number} rights @param {number} inheriting @param {number} flags */
  constructor(filetype, rights, inheriting, flags) {
    this.filetype = filetype;
    this.rights = rights;
    this.inheriting = inheriting;
    this.flags = flags;
  }

  /**
   * @param {number} stream 0 = input @param {boolean} terminal
   */
  static ofStream(stream, terminal) {
    const rights = STREAM_RIGHTS | (stream === 0 ? RIGHT.FD_READ : RIGHT.FD_WRITE);
    const descriptor = new Descriptor(terminal ? FILETYPE.CHARACTER_DEVICE : FILETYPE.UNKNOWN, rights, 0, 0);
    descriptor.stream = stream;
    return descriptor;
  }

  /** @param {OpenDirectory} directory @param {string} name */
  static ofPreopened(directory, name) {
    const descriptor = Descriptor.ofDirectory(directory, DIRECTORY_RIGHTS, ALL_RIGHTS, 0);
    descriptor.preopened = new TextEncoder().encode(name);
    return descriptor;
  }

  /** @param {OpenDirectory} directory @param {number} rights @param {number} inheriting @param {number} flags */
  static ofDirectory(directory, rights, inheriting, flags) {
    const descriptor = new Descriptor(FILETYPE.DIRECTORY, rights & DIRECTORY_RIGHTS, inheriting, flags);
    descriptor.directory = directory;
    return descriptor;
  }

  /** @param {OpenFile} file @param {number} rights @param {number} inheriting @param {number} flags */
  static ofFile(file, rights, inheriting, flags) {
    const descriptor = new Descriptor(file.filetype, rights & FILE_RIGHTS, inheriting, flags);
    descriptor.file = file;
    return descriptor;
  }

  release() {
    this.file?.release();
    this.directory?.release();
  }
}

export class Descriptors {
  /** By number; undefined where none is open. @type {(Descriptor | undefined)[]} */
  slots = [];
  /** No number below it is free. */
  #firstFree = 0;

  /**
   * Gives the descriptor the lowest free number.
   * @param {Descriptor} descriptor
   * @returns {number} the number, or an error number negated
   */
  add(descriptor) {
    let fd = this.#firstFree;
    while (fd < this.slots.length && this.slots[fd] !== undefined) fd++;
    if (fd >= MOST) return -EMFILE;
    this.slots[fd] = descriptor;
    this.#firstFree = fd + 1;
    return fd;
  }

  /** @param {number} fd one that is open */
  close(fd) {
    this.slots[fd]?.release();
    this.#free(fd);
  }

  /**
   * What `from` refers to goes by `to` from now on; what `to` referred to is closed.
   * @param {number} from open @param {number} to open, or a standard stream's
   */
  renumber(from, to) {
    if (from === to) return;
    this.slots[to]?.release();
    this.slots[to] = this.slots[from];
    this.#free(from);
  }

  closeAll() {
    for (const fd of this.slots.keys()) if (this.slots[fd] !== undefined) this.close(fd);
  }

  /** @param {number} fd */
  #free(fd) {
    this.slots[fd] = undefined;
    this.#firstFree = Math.min(this.#firstFree, fd);
  }
}
