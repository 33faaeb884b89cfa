// Raw deflate through the platform's streams. What comes out of hostile input is counted as it comes and cut off. Browsers
// compress on the thread that writes, so bytes go in by pieces, and the page goes on between them.

import { slices } from './pause.js';

/** @import { Codec } from './share-link.js' */

/** Takes browsers a few milliseconds. */
const PIECE_BYTES = 1 << 16;

/** @type {Codec} */
export const deflateRaw = {
  async deflate(bytes, took = inSlices()) {
    const packed = await drain(bytes, new CompressionStream('deflate-raw'), Infinity, took);
    return /** @type {Uint8Array} */ (packed);
  },
  inflate: (bytes, most) => drain(bytes, new DecompressionStream('deflate-raw'), most, inSlices()),
};

/** @returns {() => Promise<void>} */
function inSlices() {
  const slice = slices();
  return async () => {
    if (slice.over()) await slice.next();
  };
}

/**
 * @param {Uint8Array} bytes
 * @param {{ writable: WritableStream, readable: ReadableStream<Uint8Array> }} stream
 * @param {number} most
 * @param {(bytes: number) => Promise<void>} took
 * @returns {Promise<Uint8Array | null>} rejects when the stream finds the bytes broken, or with what `took` rejects with
 */
async function drain(bytes, { writable, readable }, most, took) {
  void feed(bytes, writable.getWriter(), took);
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

/**
 * A broken stream fails both ends; the reader tells.
 * @param {Uint8Array} bytes
 * @param {WritableStreamDefaultWriter} writer
 * @param {(bytes: number) => Promise<void>} took
 */
async function feed(bytes, writer, took) {
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      await writer.write(piece);
      await took(piece.length);
    }
    await writer.close();
  } catch (thrown) {
    await writer.abort(thrown).catch(() => {});
  }
}
