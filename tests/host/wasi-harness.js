// WASI's functions as tests call them: texts and numbers in, a value or the name of the error out. Text lies at TEXT,
// results at RESULT, buffers at BUFFER of a memory of one page.
import { describeErrno } from '../../runner/abi/wasi/errno.js';
import { wasiPreview1, wasiUnstable } from '../../runner/abi/wasi/index.js';
import { fakeGuest, fakeIo } from './fake-io.js';

export const TEXT = 1024;
const TEXT2 = 8192;
export const RESULT = 256;
export const VECTORS = 512;
export const BUFFER = 20_000;
export const ALL = 0x3fff_ffffn;
export const READ = 0x2n;
export const WRITE = 0x40n;
/** Oflags. */
export const CREAT = 1;
export const DIRECTORY = 2;
export const EXCL = 4;
export const TRUNC = 8;

/** @typedef {import('../../runner/guest/types.js').GuestRequest} GuestRequest */

/** @param {number} status */
function nameOf(status) {
  return describeErrno(status)?.name ?? `errno ${status}`;
}

/**
 * @param {Partial<GuestRequest>} given
 * @param {Parameters<typeof fakeIo>[1] & { unstable?: boolean }} [options]
 */
export function startWasi(given = {}, options = {}) {
  const fake = fakeIo(given, options);
  const guest = fakeGuest();
  const served = (options.unstable ? wasiUnstable : wasiPreview1).serve(fake.io, guest);
  const w = /** @type {Record<string, (...parameters: any[]) => any>} */ (served.functions);
  const bytes = new Uint8Array(guest.raw.buffer);
  const view = new DataView(guest.raw.buffer);
  const root = 3;

  /** Puts a text into memory; its pointer and length. @param {string | Uint8Array} text */
  const put = (text, at = TEXT) => {
    const encoded = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    bytes.set(encoded, at);
    return [at, encoded.length];
  };
  const u32 = (at = RESULT) => view.getUint32(at, true);
  const u64 = (at = RESULT) => view.getBigUint64(at, true);
  /** The value where a call succeeds, else the error's name. @template T @param {number} status @param {() => T} value */
  const valueOr = (status, value) => (status === 0 ? value() : nameOf(status));
  /** One buffer in the list. @param {number} at @param {number} length */
  const vector = (at, length, index = 0) => {
    view.setUint32(VECTORS + index * 8, at, true);
    view.setUint32(VECTORS + index * 8 + 4, length, true);
  };
  return {
    ...fake,
    guest,
    served,
    w,
    bytes,
    view,
    put,
    u32,
    u64,
    vector,
    root,
    /** A descriptor, or the error's name. */
    open: (path = '.', { oflags = 0, rights = ALL & ~WRITE, inherit = 0n, flags = 0, follow = 1, fd = root } = {}) =>
      valueOr(w.path_open(fd, follow, ...put(path), oflags, rights, inherit, flags, RESULT), () => u32()),
    /** How many bytes were written. */
    write: (/** @type {number} */ fd, /** @type {string | Uint8Array} */ text) => {
      const [at, length] = put(text, BUFFER);
      vector(at, length);
      return valueOr(w.fd_write(fd, VECTORS, 1, RESULT), () => u32());
    },
    /** What is read, as text. */
    read: (/** @type {number} */ fd, length = 1000) => {
      vector(BUFFER, length);
      const text = () => Buffer.from(bytes.subarray(BUFFER, BUFFER + u32())).toString();
      return valueOr(w.fd_read(fd, VECTORS, 1, RESULT), text);
    },
    seek: (/** @type {number} */ fd, /** @type {bigint} */ offset, whence = 0) =>
      valueOr(w.fd_seek(fd, offset, whence, RESULT), () => u64()),
    close: (/** @type {number} */ fd) => nameOf(w.fd_close(fd)),
    mkdir: (/** @type {string} */ path, fd = root) => nameOf(w.path_create_directory(fd, ...put(path))),
    rmdir: (/** @type {string} */ path, fd = root) => nameOf(w.path_remove_directory(fd, ...put(path))),
    unlink: (/** @type {string} */ path, fd = root) => nameOf(w.path_unlink_file(fd, ...put(path))),
    rename: (/** @type {string} */ from, /** @type {string} */ to, fd = root, newFd = root) =>
      nameOf(w.path_rename(fd, ...put(from), newFd, ...put(to, TEXT2))),
    link: (/** @type {string} */ from, /** @type {string} */ to, flags = 0) =>
      nameOf(w.path_link(root, flags, ...put(from), root, ...put(to, TEXT2))),
    symlink: (/** @type {string} */ target, /** @type {string} */ path) =>
      nameOf(w.path_symlink(...put(target), root, ...put(path, TEXT2))),
    readlink: (/** @type {string} */ path, size = 1000) => {
      const text = () => Buffer.from(bytes.subarray(BUFFER, BUFFER + u32())).toString();
      return valueOr(w.path_readlink(root, ...put(path), BUFFER, size, RESULT), text);
    },
    stat: (/** @type {string} */ path, follow = 1, fd = root) =>
      valueOr(w.path_filestat_get(fd, follow, ...put(path), RESULT), () => ({
        inode: u64(RESULT + 8),
        filetype: view.getUint8(RESULT + 16),
        links: u64(RESULT + 24),
        size: u64(RESULT + 32),
        accessed: u64(RESULT + 40),
        modified: u64(RESULT + 48),
        changed: u64(RESULT + 56),
      })),
    setTimes: (
      /** @type {string} */ path,
      /** @type {bigint} */ a,
      /** @type {bigint} */ m,
      /** @type {number} */ flags,
    ) => nameOf(w.path_filestat_set_times(root, 0, ...put(path), a, m, flags)),
    /** Names from a cookie on, with their cookies, through a buffer of some size. */
    list: (/** @type {number} */ fd, cookie = 0n, size = 1000) => {
      const status = w.fd_readdir(fd, BUFFER, size, cookie, RESULT);
      if (status !== 0) return nameOf(status);
      const end = BUFFER + u32();
      const entries = [];
      for (let at = BUFFER; at + 24 <= end;) {
        const length = view.getUint32(at + 16, true);
        if (at + 24 + length > end) break;
        const name = Buffer.from(bytes.subarray(at + 24, at + 24 + length)).toString();
        entries.push({ name, next: u64(at), inode: u64(at + 8), filetype: view.getUint8(at + 20) });
        at += 24 + length;
      }
      return entries;
    },
  };
}
