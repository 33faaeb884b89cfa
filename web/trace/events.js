// The compact event trace as it lies in memory (TraceEvent in backend/interp/run.h): 16 bytes each, four little-endian words.

import { valueText } from '../../runner/guest/values.js';

export const EVENT = Object.freeze({ ENTER: 1, LEAVE: 2, BLOCK: 3, INST: 4, VALUE: 5, VALUE_HIGH: 6 });

/** Types by their number: the rows of backend/ir/types.def, in order. */
const TYPES = Object.freeze([
  'void', 'bool', 'i8', 'i16', 'i32', 'i64', 'i128', 'u8', 'u16', 'u32', 'u64', 'u128', 'f32', 'f64', 'ptr',
]); // prettier-ignore

const float = new DataView(new ArrayBuffer(8));

export class Events {
  #words;

  /** @param {Uint8Array} bytes @param {number} count */
  constructor(bytes, count) {
    const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    this.count = Math.min(count, Math.floor(bytes.length / 16));
    this.#words = new Uint32Array(whole.buffer, whole.byteOffset, this.count * 4);
  }

  /** @param {number} event */
  kind(event) {
    return this.#words[4 * event] >>> 28;
  }

  /** Source number. @param {number} event */
  site(event) {
    return this.#words[4 * event] & 0x0fffffff;
  }

  /** ENTER, LEAVE: index of the function in the file. @param {number} event */
  function(event) {
    return this.#words[4 * event + 1];
  }

  /** VALUE: which part of an aggregate. @param {number} event */
  part(event) {
    return this.#words[4 * event + 1] >>> 8;
  }

  /** ENTER: how deep the calls are nested. @param {number} event */
  depth(event) {
    return this.#words[4 * event + 2];
  }

  /** VALUE: the low 32 bits, enough to compare addresses and truth. @param {number} event */
  low(event) {
    return this.#words[4 * event + 2];
  }

  /** VALUE: name of the type. @param {number} event */
  type(event) {
    return TYPES[this.#words[4 * event + 1] & 0xff] ?? '?';
  }

  /** VALUE: one scalar as text. @param {number} event */
  scalar(event) {
    const type = this.type(event);
    const low = this.#words[4 * event + 2];
    const high = this.#words[4 * event + 3];
    if (type === 'bool') return low === 0 ? 'false' : 'true';
    if (type === 'ptr') return low === 0 ? 'null' : `0x${low.toString(16)}`;
    if (type === 'f32' || type === 'f64') return floatText(type, low, high);
    const bits = (BigInt(high) << 32n) | BigInt(low);
    if (type === 'i128' || type === 'u128') {
      const next = event + 1;
      const isHigh = next < this.count && this.kind(next) === EVENT.VALUE_HIGH;
      const upper = isHigh ? (BigInt(this.#words[4 * next + 3]) << 32n) | BigInt(this.#words[4 * next + 2]) : 0n;
      const whole = (upper << 64n) | bits;
      return String(type === 'i128' ? BigInt.asIntN(128, whole) : whole);
    }
    return String(type.startsWith('i') ? BigInt.asIntN(64, bits) : bits);
  }
}

/** @param {'f32' | 'f64'} type @param {number} low @param {number} high */
function floatText(type, low, high) {
  float.setUint32(0, low, true);
  float.setUint32(4, high, true);
  return valueText(type === 'f64' ? float.getFloat64(0, true) : float.getFloat32(0, true), type);
}
