/**
 * Reading standard input and writing the two outputs, which may have to wait: by blocking, or by a promise where the
 * engine suspends the guest.
 */

import { until } from '../../guest/until.js';
import * as E from './errno.js';
import { FDFLAG } from './numbers.js';

/** @import { Descriptor } from './descriptors.js' */
/** @import { Host } from './index.js' */

/** What one call gathers from several buffers before it is handed on. */
const GATHER_BYTES = 65536;

/** @param {Host} host */
export function streamCalls({ io, access, stamps }) {
  const { stdin } = io;
  /** @type {Uint8Array | null} */
  let scratch = null;

  /** Takes what input there is; how much. @param {number} vectors @param {number} count */
  const take = (vectors, count) => {
    let done = 0;
    for (let at = vectors >>> 0, left = count >>> 0; left > 0; at += 8, left--) {
      const length = access.view.getUint32(at + 4, true);
      if (length === 0) continue;
      const part = stdin.read(access.window(access.view.getUint32(at, true), length));
      done += part;
      if (part < length) break;
    }
    return done;
  };

  /** @param {number} done @param {number} result */
  const finish = (done, result) => {
    access.refresh();
    access.view.setUint32(result >>> 0, done, true);
    return E.SUCCESS;
  };

  /** @param {number} vectors @param {number} count @param {number} result */
  const waitForInput = (vectors, count, result) => {
    io.waiting('input');
    const taken = until(io, () => {
      access.refresh();
      const done = take(vectors, count);
      return done > 0 || stdin.ended() ? done : undefined;
    });
    const waited = (/** @type {number | undefined} */ done) => {
      io.waiting(null);
      stamps.passed();
      return finish(done ?? 0, result);
    };
    return typeof taken === 'object' ? taken.then(waited) : waited(taken);
  };

  /** Copies the buffers behind each other. @param {number} vectors @param {number} count @param {number} length */
  const gather = (vectors, count, length) => {
    scratch ??= new Uint8Array(GATHER_BYTES);
    let to = 0;
    for (let at = vectors >>> 0, left = count >>> 0; left > 0; at += 8, left--) {
      const part = access.view.getUint32(at + 4, true);
      const from = access.view.getUint32(at, true);
      if (part !== 0) scratch.set(access.bytes.subarray(from, from + part), to);
      to += part;
    }
    return scratch.subarray(0, length);
  };

  /**
   * @param {1 | 2} stream @param {number} at @param {number} left
   * @returns {void | Promise<void>}
   */
  const writeEach = (stream, at, left) => {
    for (; left > 0; at += 8, left--) {
      const length = access.view.getUint32(at + 4, true);
      if (length === 0) continue;
      const waited = io.write(stream, access.window(access.view.getUint32(at, true), length));
      if (typeof waited !== 'object') continue;
      return waited.then(() => {
        access.refresh();
        return writeEach(stream, at + 8, left - 1);
      });
    }
  };

  return {
    /**
     * @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} length
     * @param {number} result
     * @returns {number | Promise<number>}
     */
    read(descriptor, vectors, count, length, result) {
      if (length === 0) return finish(0, result);
      const done = take(vectors, count);
      if (done > 0 || stdin.ended() || io.mode === 'prepared') return finish(done, result);
      if ((descriptor.flags & FDFLAG.NONBLOCK) !== 0) {
        const turned = io.turn();
        return typeof turned === 'object' ? turned.then(() => E.EAGAIN) : E.EAGAIN;
      }
      return waitForInput(vectors, count, result);
    },

    /**
     * @param {Descriptor} descriptor @param {number} vectors @param {number} count @param {number} length
     * @param {number} result
     * @returns {number | Promise<number>}
     */
    write(descriptor, vectors, count, length, result) {
      const stream = /** @type {1 | 2} */ (descriptor.stream);
      const waited =
        count >>> 0 > 1 && length <= GATHER_BYTES
          ? length > 0
            ? io.write(stream, gather(vectors, count, length))
            : undefined
          : writeEach(stream, vectors >>> 0, count >>> 0);
      return typeof waited === 'object' ? waited.then(() => finish(length, result)) : finish(length, result);
    },
  };
}
