/**
 * The custom section `jsrust.map` of compiled programs (backend/codegen/trap_map.h): which place of the JSRS file a trap
 * number stands for. The section comes with a module that anybody may have written: whatever its bytes are, reading ends, and
 * takes no more memory than they do.
 */
export const MAP_SECTION = 'jsrust.map';

const VERSION = 1;
/** Numbers that say what a place is. */
const PLACE_PARTS = 6;
/** Of a number: the largest are twice one of 32 bits, and differences of two of these. */
const MOST_BITS = 42;
/** Bytes of a name in a message, and what is replaced in it: as %S of backend/support/format.h. */
const NAME_SHOWN = 80;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const decoder = new TextDecoder();

/**
 * A place. Null = not known.
 * @typedef {object} MapPlace
 * @property {string} function its name as in the file
 * @property {string} shown the same for a line of text
 * @property {number} functionIndex
 * @property {number} block
 * @property {number | null} instruction index in the block; null = the block's head
 * @property {boolean} terminator
 * @property {number | null} offset in the file
 * @property {number} source
 * @property {number} inlinedAt place of the call that this one was inlined at, 0 = none
 */

/**
 * The place of a number, and those it was inlined at, innermost first; nothing where the section has none.
 * @param {Uint8Array} section
 * @param {number} number
 * @param {number} most places
 * @returns {MapPlace[]}
 */
export function placesOf(section, number, most) {
  /** @type {MapPlace[]} */
  const found = [];
  let wanted = number;
  // Each is read from the start: calls are inlined a few levels deep, and nothing is kept of a map with millions.
  while (wanted > 0 && found.length < most) {
    const place = placeOf(section, wanted);
    if (!place) break;
    found.push(place);
    wanted = place.inlinedAt;
  }
  return found;
}

/**
 * The place of the call at an offset of the module; 0 = the map knows of none there.
 * @param {Uint8Array} section
 * @param {number} offset
 */
export function placeOfCall(section, offset) {
  const reader = new Reader(section);
  if (reader.unsigned() !== VERSION) return 0;
  for (let names = reader.unsigned(); names > 0 && !reader.failed; names--) reader.name();
  for (let places = reader.unsigned(); places > 0 && !reader.failed; places--) {
    for (let part = 0; part < PLACE_PARTS; part++) reader.unsigned();
  }
  let at = 0;
  for (let calls = reader.unsigned(); calls > 0 && !reader.failed && at < offset; calls--) {
    at += reader.unsigned();
    const place = reader.unsigned();
    if (at === offset && !reader.failed) return place;
  }
  return 0;
}

/** @param {Uint8Array} section @param {number} wanted @returns {MapPlace | null} */
function placeOf(section, wanted) {
  const reader = new Reader(section);
  if (reader.unsigned() !== VERSION) return null;
  const names = reader.unsigned();
  const firstName = reader.at;
  for (let i = 0; i < names && !reader.failed; i++) reader.name();
  const count = reader.unsigned();
  if (wanted > count) return null;
  let offset = 0;
  let source = 0;
  for (let i = 1; !reader.failed; i++) {
    const name = reader.unsigned();
    const block = reader.unsigned();
    const instruction = reader.unsigned();
    offset += reader.signed();
    source += reader.signed();
    const inlinedAt = reader.unsigned();
    if (i < wanted) continue;
    if (reader.failed || name >= names) return null;
    reader.at = firstName;
    for (let skipped = 0; skipped < name; skipped++) reader.name();
    const named = reader.name();
    if (reader.failed) return null;
    return {
      function: decoder.decode(named.bytes),
      shown: shownName(named.bytes),
      functionIndex: named.index,
      block: Math.floor(block / 2),
      instruction: instruction === 0 ? null : instruction - 1,
      terminator: block % 2 === 1,
      offset: offset > 0 ? offset - 1 : null,
      source,
      inlinedAt,
    };
  }
  return null;
}

/** @param {Uint8Array} name */
function shownName(name) {
  let length = Math.min(name.length, NAME_SHOWN);
  while (length > 0 && length < name.length && (name[length] & 0xc0) === 0x80) length--; // not within a character
  return decoder.decode(name.subarray(0, length)).replace(CONTROLS, '\ufffd') + (length < name.length ? '...' : '');
}

/** Numbers as LEB128, and names. What does not fit sets `failed`, and all that follows is 0. */
class Reader {
  #bytes;
  at = 0;
  failed = false;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  signed() {
    const start = this.at;
    const value = this.unsigned();
    const bits = 7 * (this.at - start);
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  /** @returns {{ index: number, bytes: Uint8Array }} */
  name() {
    const index = this.unsigned();
    const length = this.unsigned();
    const start = this.at;
    if (length > this.#bytes.length - start) this.failed = true;
    if (this.failed) return { index: 0, bytes: new Uint8Array(0) };
    this.at = start + length;
    return { index, bytes: this.#bytes.subarray(start, this.at) };
  }

  unsigned() {
    let value = 0;
    for (let shift = 0; shift < MOST_BITS && !this.failed; shift += 7) {
      if (this.at >= this.#bytes.length) break;
      const byte = this.#bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    this.failed = true;
    return 0;
  }
}
