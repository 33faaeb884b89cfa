/**
 * Standard input of a module from whatever brings it bit by bit, no faster than the program takes it.
 */
import { CODE, hostReport, sentenceOf } from './result.js';

/** @import { GuestRun } from './guest/start-guest.js' */

/** How much input may wait here before more is read. */
const WAITING_BYTES = 65536;

const encoder = new TextEncoder();

/**
 * Never rejects. A source that fails ends the run, and so does a chunk that is no input: what a program made of a part of its
 * input would pass for a result.
 * @param {GuestRun} guest
 * @param {AsyncIterable<unknown>} source
 */
export async function feed(guest, source) {
  let over = false;
  void guest.done.then(() => (over = true));
  let count = 0;
  try {
    for await (const chunk of source) {
      if (over) return;
      count += 1;
      const bytes = bytesOfChunk(chunk);
      if (bytes === null) return guest.fail(noInput(count, chunk));
      guest.input(bytes);
      while (guest.inputWaiting() > WAITING_BYTES && !over) await guest.inputTaken();
    }
  } catch (thrown) {
    return guest.fail(hostReport(CODE.IO, `the input could not be read: ${sentenceOf(thrown)}`, ''));
  }
  guest.endInput();
}

/** Of numbers that are wider than a byte, too, what counts is how they lie in memory. @param {unknown} chunk @returns {Uint8Array | null} */
function bytesOfChunk(chunk) {
  if (typeof chunk === 'string') return encoder.encode(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return chunk instanceof ArrayBuffer ? new Uint8Array(chunk) : null;
}

/** @param {number} count @param {unknown} chunk */
function noInput(count, chunk) {
  const sentence = `option \`stdin\`: chunk ${count} must be bytes or a text, but is ${kindOf(chunk)}`;
  return hostReport(CODE.ARGS, sentence, 'See runner/README.md for the options.');
}

/** @param {unknown} value */
function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
