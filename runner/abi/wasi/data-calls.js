/**
 * `fd_read`, `fd_write` and their kin: bytes between the guest's memory and what a descriptor refers to. Nothing here
 * makes an object per call; what waits (standard input, an output whose reader is behind) may.
 */

import * as E from './errno.js';
import { FDFLAG, RIGHT } from './numbers.js';
import { streamCalls } from './stream-calls.js';

/** @import { Descriptor } from './descriptors.js' */
/** @import { Host } from './index.js' */

const MOST_AT_ONCE = 0xffff_ffff;
const SYNCHRONOUS = FDFLAG.SYNC | FDFLAG.DSYNC;

/** @param {Host} host */
export function dataCalls(host) {
  const { access, descriptors, layout } = host;
  const { slots } = descriptors;
  const streams = streamCalls(host);
  const [fromStart, fromHere, fromEnd] = layout.whence;

  /**
   * Checks a list of buffers; how many bytes they have together, or an error number negated.
   * @param {number} vectors @param {number} count
   */
  const lengthOf = (vectors, count) => {
    const { view, bytes } = access;
    const end = (vectors >>> 0) + (count >>> 0) * 8;
    if (end > bytes.length) return -E.EFAULT;
    let sum = 0;
    for (let at = vectors >>> 0; at < end; at += 8) {
      const length = view.getUint32(at + 4, true);
      if (length !== 0 && view.getUint32(at, true) + length > bytes.length) return -E.EFAULT;
      sum += length;
    }
    return sum > MOST_AT_ONCE ? -E.EINVAL : sum;
  };

  /** Why a descriptor without the right can't be read or written. @param {Descriptor} descriptor */
  const refusal = (descriptor) => (descriptor.directory !== null ? E.EISDIR : E.EBADF);

  /**
   * Reads into the buffers one after the other; how many bytes, or an error number negated.
   * @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} position
   */
  const readFile = (descriptor, vectors, count, position) => {
    const { view, bytes } = access;
    const file = /** @type {NonNullable<Descriptor['file']>} */ (descriptor.file);
    let done = 0;
    for (let at = vectors >>> 0, left = count >>> 0; left > 0; at += 8, left--) {
      const length = view.getUint32(at + 4, true);
      if (length === 0) continue;
      const part = file.read(bytes, view.getUint32(at, true), length, position + done);
      if (part < 0) return done > 0 ? done : part;
      done += part;
      if (part < length) break;
    }
    return done;
  };

  /** @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} position */
  const writeFile = (descriptor, vectors, count, position) => {
    const { view, bytes } = access;
    const file = /** @type {NonNullable<Descriptor['file']>} */ (descriptor.file);
    let done = 0;
    for (let at = vectors >>> 0, left = count >>> 0; left > 0; at += 8, left--) {
      const length = view.getUint32(at + 4, true);
      if (length === 0) continue;
      const part = file.write(bytes, view.getUint32(at, true), length, position + done);
      if (part < 0) return done > 0 ? done : part;
      done += part;
      if (part < length) break;
    }
    if ((descriptor.flags & SYNCHRONOUS) !== 0) file.sync((descriptor.flags & FDFLAG.SYNC) === 0);
    return done;
  };

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
      access.refresh();
      if (!access.holds(result, 4)) return E.EFAULT;
      const length = lengthOf(vectors, count);
      if (length < 0) return -length;
      if (descriptor.file === null) return streams.read(descriptor, vectors, count, length, result);
      const done = readFile(descriptor, vectors, count, descriptor.position);
      if (done < 0) return -done;
      descriptor.position += done;
      access.view.setUint32(result >>> 0, done, true);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {number} result */
    fd_write(fd, vectors, count, result) {
      const descriptor = slots[fd];
      if (descriptor === undefined) return E.EBADF;
      if ((descriptor.rights & RIGHT.FD_WRITE) === 0) return refusal(descriptor);
      access.refresh();
      if (!access.holds(result, 4)) return E.EFAULT;
      const length = lengthOf(vectors, count);
      if (length < 0) return -length;
      const { file } = descriptor;
      if (file === null) return streams.write(descriptor, vectors, count, length, result);
      if ((descriptor.flags & FDFLAG.APPEND) !== 0) {
        const size = file.size();
        if (size < 0) return -size;
        descriptor.position = size;
      }
      const done = writeFile(descriptor, vectors, count, descriptor.position);
      if (done < 0) return -done;
      descriptor.position += done;
      access.view.setUint32(result >>> 0, done, true);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {bigint} offset @param {number} result */
    fd_pread(fd, vectors, count, offset, result) {
      const descriptor = slots[fd];
      const status = atPlace(descriptor, RIGHT.FD_READ);
      if (status !== E.SUCCESS) return status;
      if (offset < 0n) return E.EINVAL;
      access.refresh();
      if (!access.holds(result, 4)) return E.EFAULT;
      const length = lengthOf(vectors, count);
      if (length < 0) return -length;
      const position = Number(offset);
      const reachable = Number.isSafeInteger(position);
      const done = reachable ? readFile(/** @type {Descriptor} */ (descriptor), vectors, count, position) : 0;
      if (done < 0) return -done;
      access.view.setUint32(result >>> 0, done, true);
      return E.SUCCESS;
    },

    /** @param {number} fd @param {number} vectors @param {number} count @param {bigint} offset @param {number} result */
    fd_pwrite(fd, vectors, count, offset, result) {
      const descriptor = slots[fd];
      const status = atPlace(descriptor, RIGHT.FD_WRITE);
      if (status !== E.SUCCESS) return status;
      if (offset < 0n) return E.EINVAL;
      access.refresh();
      if (!access.holds(result, 4)) return E.EFAULT;
      const length = lengthOf(vectors, count);
      if (length < 0) return -length;
      const position = Number(offset);
      if (!Number.isSafeInteger(position + length)) return E.EFBIG;
      const done = writeFile(/** @type {Descriptor} */ (descriptor), vectors, count, position);
      if (done < 0) return -done;
      access.view.setUint32(result >>> 0, done, true);
      return E.SUCCESS;
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
