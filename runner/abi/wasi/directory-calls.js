/**
 * `fd_prestat_*`, by which a program finds its preopened directories, and `fd_readdir`.
 */

import * as E from './errno.js';
import { RIGHT } from './numbers.js';

/** @import { ListedEntry } from './inode.js' */
/** @import { Host } from './index.js' */

const DIRENT_BYTES = 24;
const encoder = new TextEncoder();

/** @param {Host} host */
export function directoryCalls({ access, descriptors }) {
  const { slots } = descriptors;
  const head = new DataView(new ArrayBuffer(DIRENT_BYTES));
  const headBytes = new Uint8Array(head.buffer);

  /** Copies what fits; where the next bytes go. @param {Uint8Array} from @param {number} at @param {number} end */
  const put = (from, at, end) => {
    const length = Math.min(from.length, end - at);
    access.bytes.set(length < from.length ? from.subarray(0, length) : from, at);
    return at + length;
  };

  /** An entry, cut off at the end of the buffer. @param {ListedEntry} entry @param {number} at @param {number} end */
  const putEntry = (entry, at, end) => {
    const name = encoder.encode(entry.name);
    head.setBigUint64(0, BigInt(entry.next), true);
    head.setBigUint64(8, entry.inode, true);
    head.setUint32(16, name.length, true);
    head.setUint32(20, entry.filetype, true);
    return put(name, put(headBytes, at, end), end);
  };

  return {
    /** @param {number} fd @param {number} result */
    fd_prestat_get(fd, result) {
      const preopened = slots[fd]?.preopened ?? null;
      if (preopened === null) return E.EBADF;
      access.refresh();
      if (!access.holds(result, 8)) return E.EFAULT;
      access.view.setUint32(result >>> 0, 0, true);
      access.view.setUint32((result >>> 0) + 4, preopened.length, true);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} path @param {number} length */
    fd_prestat_dir_name(fd, path, length) {
      const preopened = slots[fd]?.preopened ?? null;
      if (preopened === null) return E.EBADF;
      access.refresh();
      if (length >>> 0 < preopened.length) return E.ENAMETOOLONG;
      if (!access.holds(path, preopened.length)) return E.EFAULT;
      access.bytes.set(preopened, path >>> 0);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} buffer @param {number} length @param {bigint} cookie @param {number} result */
    fd_readdir(fd, buffer, length, cookie, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if (descriptor.directory === null) return E.ENOTDIR;
      if ((descriptor.rights & RIGHT.FD_READDIR) === 0) return E.ENOTCAPABLE;
      access.refresh();
      if (!access.holds(buffer, length) || !access.holds(result, 4)) return E.EFAULT;
      const start = Number(BigInt.asUintN(64, cookie));
      if (start === 0 || descriptor.listing === null) {
        const listing = descriptor.directory.list();
        if (typeof listing === 'number') return -listing;
        descriptor.listing = listing;
      }
      const { listing } = descriptor;
      const from = buffer >>> 0;
      const end = from + (length >>> 0);
      let at = from;
      if (Number.isSafeInteger(start) && listing.seek(start)) {
        for (let entry; at < end && (entry = listing.next()) !== null;) at = putEntry(entry, at, end);
      }
      access.view.setUint32(result >>> 0, at - from, true);
      return E.SUCCESS;
    },
  };
}
