// Raw deflate through the platform's streams. What comes out of hostile input is counted as it comes and cut off.

/** @import { Codec } from './share-link.js' */

/** @type {Codec} */
export const deflateRaw = {
  async deflate(bytes) {
    const packed = await drain(bytes, new CompressionStream('deflate-raw'), Infinity);
    return /** @type {Uint8Array} */ (packed);
  },
  inflate: (bytes, most) => drain(bytes, new DecompressionStream('deflate-raw'), most),
};

/**
 * @param {Uint8Array} bytes
 * @param {{ writable: WritableStream, readable: ReadableStream<Uint8Array> }} stream
 * @param {number} most
 * @returns {Promise<Uint8Array | null>} rejects when the stream finds the bytes broken
 */
async function drain(bytes, { writable, readable }, most) {
  const writer = writable.getWriter();
  // A broken stream fails both ends; the reader tells.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = readable.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => {});
      return null;
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
