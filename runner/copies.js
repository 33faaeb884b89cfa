/**
 * Copies of bytes, to be given away to another thread. A browser's own copying (structured clone) takes several times as
 * long as this, and all of it at once.
 */

/** What is copied at once: a few milliseconds' work. */
const SLICE_BYTES = 8 << 20;

/** Whether a copy is made in slices, between which other things happen. @param {Uint8Array} bytes */
export const isLarge = (bytes) => bytes.length > SLICE_BYTES;

/**
 * A copy that holds the thread only for moments. Throws RangeError when there is no memory for it.
 * @param {Uint8Array} bytes must not change meanwhile
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function copyInSlices(bytes) {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    copy.set(bytes.subarray(at, at + SLICE_BYTES), at);
  }
  return copy;
}
