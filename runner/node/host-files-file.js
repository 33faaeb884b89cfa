/** A file of the host that is open, as WASI's calls use it. */

import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  readSync,
  writeSync,
} from 'node:fs';
import { errnoOf, statusOf } from './host-files-errors.js';
import { setHostTimes, wasiStat } from './host-files-stat.js';

/** @import { OpenFile } from '../abi/wasi/inode.js' */

/** More than Node takes in one call is a partial read or write. */
const AT_ONCE = 2 ** 30;

/** @implements {OpenFile} */
export class HostFile {
  #fd;

  /** @param {number} fd @param {number} filetype */
  constructor(fd, filetype) {
    this.#fd = fd;
    this.filetype = filetype;
  }

  /** @type {OpenFile['read']} */
  read(bytes, at, length, position) {
    try {
      return readSync(this.#fd, bytes, at, Math.min(length, AT_ONCE), position);
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {OpenFile['write']} */
  write(bytes, at, length, position) {
    try {
      return writeSync(this.#fd, bytes, at, Math.min(length, AT_ONCE), position);
    } catch (error) {
      return -errnoOf(error);
    }
  }

  size() {
    try {
      return fstatSync(this.#fd).size;
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @param {number} size */
  setSize(size) {
    return statusOf(() => ftruncateSync(this.#fd, size));
  }

  /** @param {boolean} dataOnly */
  sync(dataOnly) {
    return statusOf(() => (dataOnly ? fdatasyncSync(this.#fd) : fsyncSync(this.#fd)));
  }

  stat() {
    try {
      return wasiStat(fstatSync(this.#fd, { bigint: true }));
    } catch (error) {
      return -errnoOf(error);
    }
  }

  /** @type {OpenFile['setTimes']} */
  setTimes(accessed, modified) {
    const read = () => fstatSync(this.#fd, { bigint: true });
    return statusOf(() => setHostTimes(read, (a, m) => futimesSync(this.#fd, a, m), accessed, modified));
  }

  release() {
    statusOf(() => closeSync(this.#fd));
  }
}
