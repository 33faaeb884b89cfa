/**
 * `fd_read`, `fd_write` and their kin: bytes between the guest's memory and what a descriptor refers to. Nothing here
 * makes an object per call; what waits (standard input, an output whose reader is behind) may.
 */

import * as E from './errno.js';
import { fileTransfer } from './file-transfer.js';
import { FDFLAG, RIGHT } from './numbers.js';
import { streamCalls } from './stream-calls.js';

/** @import { Descriptor } from './descriptors.js' */
/** @import { Host } from './index.js' */

/** @param {Host} host */
export function dataCalls(host) {
  const { access, descriptors, layout } = host;
  const { slots } = descriptors;
  const streams = streamCalls(host);
  const transfer = fileTransfer(access);
  const [fromStart, fromHere, fromEnd] = layout.whence;

  /** Why a descriptor without the right can't be read or written. @param {Descriptor} descriptor */
  const refusal = (descriptor) => (descriptor.directory !== null ? E.EISDIR : E.EBADF);

  /** Whether a descriptor may be read or written at a place: status. @param {Descriptor | undefined} descriptor @param {number} right */
  const atPlace = (descriptor, right) => {
    if (descriptor === undefined) return E.EBADF;
    if (descriptor.stream >= 0) return E.ESPIPE;
    if ((descriptor.rights & right) === 0) return refusal(descriptor);
    return (descriptor.rights & RIGHT.FD_SEEK) === 0 ? E.ENOTCAPABLE : E.SUCCESS;
  };

  return {
    /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
    fd_read(fd, vectors, count, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if ((descriptor.rights & RIGHT.FD_READ) === 0) return refusal(descriptor);
      const length = transfer.lengthOf(vectors, count, result);
      if (length < 0) return -length;
      if (descriptor.file === null) return streams.read(descriptor, vectors, count, length, result);
      const done = transfer.read(descriptor, vectors, count, descriptor.position);
      if (done > 0) descriptor.position += done;
      return transfer.tell(done, result);
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
    fd_write(fd, vectors, count, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if ((descriptor.rights & RIGHT.FD_WRITE) === 0) return refusal(descriptor);
      const length = transfer.lengthOf(vectors, count, result);
      if (length < 0) return -length;
      const { file } = descriptor;
      if (file === null) return streams.write(descriptor, vectors, count, length, result);
      if ((descriptor.flags & FDFLAG.APPEND) !== 0) {
        const size = file.size();
        if (size < 0) return -size;
        descriptor.position = size;
      }
      const done = transfer.write(descriptor, vectors, count, descriptor.position);
      if (done > 0) descriptor.position += done;
      return transfer.tell(done, result);
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {bigint} offset @param {number} result */
    fd_pread(fd, vectors, count, offset, result) {
      const descriptor = slots[fd];
      const status = atPlace(descriptor, RIGHT.FD_READ);
      if (status !== E.SUCCESS) return status;
      if (offset < 0n) return E.EINVAL;
      const length = transfer.lengthOf(vectors, count, result);
      if (length < 0) return -length;
      const position = Number(offset);
      const reachable = Number.isSafeInteger(position);
      const done = reachable ? transfer.read(/** @type {Descriptor} */ (descriptor), vectors, count, position) : 0;
      return transfer.tell(done, result);
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {bigint} offset @param {number} result */
    fd_pwrite(fd, vectors, count, offset, result) {
      const descriptor = slots[fd];
      const status = atPlace(descriptor, RIGHT.FD_WRITE);
      if (status !== E.SUCCESS) return status;
      if (offset < 0n) return E.EINVAL;
      const length = transfer.lengthOf(vectors, count, result);
      if (length < 0) return -length;
      const position = Number(offset);
      if (!Number.isSafeInteger(position + length)) return E.EFBIG;
      const done = transfer.write(/** @type {Descriptor} */ (descriptor), vectors, count, position);
      return transfer.tell(done, result);
    },

    /** @param {number} fd @param {bigint} offset @param {number} whence @param {number} result */
    fd_seek(fd, offset, whence, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if (descriptor.file === null) return descriptor.stream >= 0 ? E.ESPIPE : E.EISDIR;
      const delta = Number(offset);
      // To ask for the place is less than to change it.
      const needed = whence === fromHere && delta === 0 ? RIGHT.FD_TELL | RIGHT.FD_SEEK : RIGHT.FD_SEEK;
      if ((descriptor.rights & needed) === 0) return E.ENOTCAPABLE;
      access.refresh();
      if (!access.holds(result, 8)) return E.EFAULT;
      let base = 0;
      if (whence === fromHere) base = descriptor.position;
      else if (whence === fromEnd) base = descriptor.file.size();
      else if (whence !== fromStart) return E.EINVAL;
      if (base < 0) return -base;
      const position = base + delta;
      if (position < 0 || !Number.isSafeInteger(delta) || !Number.isSafeInteger(position)) return E.EINVAL;
      descriptor.position = position;
      access.setWhole(result >>> 0, position);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} result */
    fd_tell(fd, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if (descriptor.file === null) return descriptor.stream >= 0 ? E.ESPIPE : E.EISDIR;
      if ((descriptor.rights & (RIGHT.FD_TELL | RIGHT.FD_SEEK)) === 0) return E.ENOTCAPABLE;
      access.refresh();
      if (!access.holds(result, 8)) return E.EFAULT;
      access.setWhole(result >>> 0, descriptor.position);
      return E.SUCCESS;
    },
  };
}
