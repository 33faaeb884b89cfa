/**
 * Printing, formatting and lines of input (spec aver-abi.md 3.1, 5, 7).
 */

/** @import { GuestMemory } from '../guest-memory.js' */
/** @import { GuestIo } from '../../guest/types.js' */
/** @import { Names } from './names.js' */
/** @import { StringsIntoGuest } from './strings.js' */

import { until } from '../../guest/until.js';
import { valueText } from './values.js';

const STRING = 3;
const HEADER_BYTES = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Most texts of values are that short, and ASCII: they need no encoder. */
const SHORT_BYTES = 32;

/** @param {GuestIo} io @param {GuestMemory} memory @param {Names} names @param {StringsIntoGuest} strings */
export function consoleFunctions(io, memory, names, strings) {
  const short = new Uint8Array(SHORT_BYTES);
  /** What of `short` each length is. */
  const shortViews = Array.from({ length: SHORT_BYTES + 1 }, (_, length) => short.subarray(0, length));
  const encoder = new TextEncoder();

  /** The bytes of a text, good until the next call. @param {string} text */
  function encode(text) {
    if (text.length > SHORT_BYTES) return encoder.encode(text);
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return encoder.encode(text);
      short[at] = unit;
    }
    return shortViews[text.length];
  }

  /** @param {1 | 2} stream @param {number} pointer @param {number} length */
  function write(stream, pointer, length) {
    const { bytes } = memory;
    const start = pointer >>> 0;
    const count = length >>> 0;
    // Wild addresses print nothing, as in Aver's own host.
    if (count === 0 || start + count > bytes.length) return;
    if (count > SHORT_BYTES) return io.write(stream, bytes.subarray(start, start + count));
    // Line ends come alone, and words: copying them is cheaper than a view.
    for (let at = 0; at < count; at++) short[at] = bytes[start + at];
    return io.write(stream, shortViews[count]);
  }

  /** The length of a string object, 0 when it is out of bounds. @param {number} pointer */
  function stringLength(pointer) {
    if (!memory.holds(pointer, HEADER_BYTES)) return 0;
    const length = memory.view.getUint32(pointer, true);
    return memory.holds(pointer + HEADER_BYTES, length) ? length : 0;
  }

  /** @param {Uint8Array} line */
  function giveLine(line) {
    let { length } = line;
    if (length > 0 && line[length - 1] === LINE_FEED) {
      length--;
      if (length > 0 && line[length - 1] === CARRIAGE_RETURN) length--;
    }
    return strings.bytes(line.subarray(0, length));
  }

  return {
    console_print: (/** @type {number} */ pointer, /** @type {number} */ length) => write(1, pointer, length),
    console_error: (/** @type {number} */ pointer, /** @type {number} */ length) => write(2, pointer, length),
    console_warn: (/** @type {number} */ pointer, /** @type {number} */ length) => write(2, pointer, length),

    console_readLine() {
      const ready = io.stdin.readLine();
      if (ready !== null) return giveLine(ready);
      io.waiting('line');
      const line = until(io, () => io.stdin.readLine() ?? undefined);
      const give = (/** @type {Uint8Array | undefined} */ bytes) => {
        io.waiting(null);
        return giveLine(bytes ?? new Uint8Array());
      };
      return line instanceof Promise ? line.then(give) : give(line);
    },

    print_value(/** @type {number} */ tag, /** @type {bigint} */ value) {
      if (tag === STRING) {
        const pointer = lowerHalf(value);
        return write(1, pointer + HEADER_BYTES, stringLength(pointer));
      }
      const text = valueText(memory, names, tag, value);
      if (text !== '') return io.write(1, encode(text));
    },

    format_value(/** @type {number} */ tag, /** @type {bigint} */ value) {
      if (tag !== STRING) return strings.text(valueText(memory, names, tag, value));
      const pointer = lowerHalf(value);
      const length = stringLength(pointer);
      // The guest copies at once: its own string can be what it copies.
      return length === 0 ? strings.text('') : strings.pair(pointer + HEADER_BYTES, length);
    },
  };
}

/** The lower 32 bits, unsigned; by way of BigInt only where a number does not hold all of them. @param {bigint} value */
function lowerHalf(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number >>> 0 : Number(BigInt.asUintN(32, value));
}
