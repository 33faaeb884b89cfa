/** Bytes between a program's buffers, which a list in its memory names, and a file. */

import * as E from './errno.js';
import { FDFLAG } from './numbers.js';

/** @import { GuestAccess } from './access.js' */
/** @import { Descriptor } from './descriptors.js' */

const MOST_AT_ONCE = 0xffff_ffff;
const SYNCHRONOUS = FDFLAG.SYNC | FDFLAG.DSYNC;

/** @param {GuestAccess} access */
export function fileTransfer(access) {
  return {
    /**
     * Checks a list of buffers, and the place where the number of bytes goes; how many bytes they have together, or an error
     * number negated.
     * @param {number} vectors @param {number} count @param {number} result
     */
    lengthOf(vectors, count, result) {
      access.refresh();
      if (!access.holds(result, 4)) return -E.EFAULT;
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
    },

    /**
     * Reads into the buffers one after the other; how many bytes, or an error number negated.
     * @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} position
     */
    read(descriptor, vectors, count, position) {
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
    },

    /** @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} position */
    write(descriptor, vectors, count, position) {
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
    },

    /** Tells the program how many bytes were moved. @param {number} done or an error number negated @param {number} result @returns {number} status */
    tell(done, result) {
      if (done < 0) return -done;
      access.view.setUint32(result >>> 0, done, true);
      return E.SUCCESS;
    },
  };
}
