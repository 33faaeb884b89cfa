/**
 * The `env.jsrust_*` imports of generated modules (spec jsrs.md 19): the two of the call contract, the five that JSRust's
 * later code generators use, and the block write of our own. All give 1, or 0 for what cannot be printed, upon which the
 * module traps.
 */

/** @import { Abi, Guest, GuestIo } from '../guest/types.js' */

import { floatText } from './float-text.js';

/** Bytes come one by one; they are handed on at the end of each print call, or when so many are there. */
const BUFFER_BYTES = 4096;

const encoder = new TextEncoder();

/** @type {Abi['table']} */
const table = {
  jsrust_write_byte: { type: 'i32 -> i32', parameters: 'byte:u32', result: 'bool', blocks: true },
  jsrust_flush: { type: '-> i32', parameters: '', result: 'bool', blocks: true },
  jsrust_write: { type: 'i32 i32 -> i32', parameters: 'text:bytes', result: 'bool', blocks: true },
  jsrust_write_cstr: { type: 'i32 -> i32', parameters: 'text:cstring', result: 'bool', blocks: true },
  jsrust_write_i64: { type: 'i64 -> i32', parameters: 'value:i64', result: 'bool', blocks: true },
  jsrust_write_f64: { type: 'f64 -> i32', parameters: 'value:f64', result: 'bool', blocks: true },
  jsrust_write_bool: { type: 'i32 -> i32', parameters: 'value:bool', result: 'bool', blocks: true },
  jsrust_write_char: { type: 'i64 -> i32', parameters: 'codePoint:i64', result: 'bool', blocks: true },
};

/** @param {GuestIo} io @param {Guest} guest */
function serve(io, guest) {
  const buffer = new Uint8Array(BUFFER_BYTES);
  let used = 0;

  /** 1, once the bytes are taken. @param {Uint8Array} bytes @param {number} start @param {number} end */
  function handOn(bytes, start, end) {
    const waiting = io.write(1, bytes, start, end);
    return typeof waiting === 'object' ? waiting.then(() => 1) : 1;
  }

  function flush() {
    if (used === 0) return 1;
    const length = used;
    used = 0;
    return handOn(buffer, 0, length);
  }

  /** @param {Uint8Array} bytes @returns {number | Promise<number>} */
  function write(bytes) {
    if (used + bytes.length > BUFFER_BYTES) {
      const flushed = flush();
      if (typeof flushed === 'object') return flushed.then(() => write(bytes));
      if (bytes.length > BUFFER_BYTES) return handOn(bytes, 0, bytes.length);
    }
    buffer.set(bytes, used);
    used += bytes.length;
    return 1;
  }

  const text = (/** @type {string} */ characters) => write(encoder.encode(characters));

  return {
    functions: {
      jsrust_write_byte(/** @type {number} */ byte) {
        buffer[used++] = byte;
        return used === BUFFER_BYTES ? flush() : 1;
      },

      jsrust_flush: flush,

      // A program that was compiled for it collects its output itself: it is handed on at once.
      jsrust_write(/** @type {number} */ pointer, /** @type {number} */ length) {
        const { memory } = guest;
        if (!memory.holds(pointer, length)) return 0;
        const start = pointer >>> 0;
        const end = start + (length >>> 0);
        if (used === 0) return handOn(memory.bytes, start, end);
        const written = write(memory.bytes.slice(start, end)); // copied: what stands before it may have to wait
        return typeof written === 'object' ? written.then(flush) : flush();
      },

      jsrust_write_cstr(/** @type {number} */ pointer) {
        const { bytes } = guest.memory;
        const start = pointer >>> 0;
        const end = bytes.indexOf(0, start);
        // Copied: the write may have to wait, and be followed by the rest only later.
        return end < 0 ? 0 : write(bytes.slice(start, end));
      },

      jsrust_write_i64: (/** @type {bigint} */ value) => text(value.toString()),
      jsrust_write_f64: (/** @type {number} */ value) => text(floatText(value)),
      jsrust_write_bool: (/** @type {number} */ value) => text(value === 0 ? 'false' : 'true'),

      jsrust_write_char(/** @type {bigint} */ codePoint) {
        const surrogate = codePoint >= 0xd800n && codePoint <= 0xdfffn;
        if (codePoint < 0n || codePoint > 0x10ffffn || surrogate) return 0;
        return text(String.fromCodePoint(Number(codePoint)));
      },
    },
    finish: () => void flush(),
  };
}

/** @type {Abi} */
export const jsrust = {
  module: 'env',
  title: 'JSRust',
  kind: 'generated',
  programTitle: 'JSRust module',
  table,
  serve,
};
