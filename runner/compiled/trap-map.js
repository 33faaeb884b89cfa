/**
 * The custom section `jsrust.map` of compiled programs (backend/codegen/trap_map.h): which place of the JSRS file a trap
 * number stands for. The section comes with a module that anybody may have written: whatever its bytes are, reading ends, and
 * takes no more memory than they do.
 */
import { oneLine } from '../visible.js';

export const MAP_SECTION = 'jsrust.map';

const VERSION = 1;
/** Numbers that say what a place is. */
const PLACE_PARTS = 6;
/** Of a number: the largest are twice one of 32 bits, and differences of two of these. */
const MOST_BITS = 42;
/** Bytes of a name in a message: as %S of backend/support/format.h. */
const NAME_SHOWN = 80;

/** Calls that are inlined in each other. */
const MOST_INLINED = 20;

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
 * The places of numbers, each followed by those it was inlined at, innermost first; nothing for what has no place.
 * @param {Uint8Array} section
 * @param {number[]} numbers
 * @returns {MapPlace[]}
 */
export function chainsOf(section, numbers) {
  /** @type {Map<number, MapPlace>} */
  const known = new Map();
  // One reading for each level of inlining: nothing else is kept of a map that may have millions.
  for (let wanted = new Set(numbers), level = 0; wanted.size > 0 && level < MOST_INLINED; level++) {
    const found = readPlaces(section, wanted);
    wanted = new Set();
    for (const [number, place] of found) known.set(number, place);
    for (const { inlinedAt } of found.values()) if (inlinedAt > 0 && !known.has(inlinedAt)) wanted.add(inlinedAt);
  }
  return numbers.flatMap((number) => {
    /** @type {MapPlace[]} */
    const chain = [];
    for (let place = known.get(number); place && chain.length < MOST_INLINED; place = known.get(place.inlinedAt))
      chain.push(place);
    return chain;
  });
}

/**
 * The places of the calls at offsets of the module, as far as the map knows of calls there.
 * @param {Uint8Array} section
 * @param {Iterable<number>} offsets
 * @returns {Map<number, number>}
 */
export function placesOfCalls(section, offsets) {
  const wanted = new Set(offsets);
  /** @type {Map<number, number>} */
  const found = new Map();
  const reader = new Reader(section);
  if (reader.unsigned() !== VERSION) return found;
  for (let names = reader.unsigned(); names > 0 && !reader.failed; names--) reader.name();
  for (let places = reader.unsigned(); places > 0 && !reader.failed; places--) {
    for (let part = 0; part < PLACE_PARTS; part++) reader.unsigned();
  }
  let at = 0;
  for (let calls = reader.unsigned(); calls > 0 && !reader.failed && found.size < wanted.size; calls--) {
    at += reader.unsigned();
    const place = reader.unsigned();
    if (wanted.has(at) && !reader.failed) found.set(at, place);
  }
  return found;
}

/** @param {Uint8Array} section @param {Set<number>} wanted @returns {Map<number, MapPlace>} */
function readPlaces(section, wanted) {
  /** @type {{ number: number, name: number, place: MapPlace }[]} */
  const found = [];
  const reader = new Reader(section);
  if (reader.unsigned() !== VERSION) return new Map();
  const names = reader.unsigned();
  const firstName = reader.at;
  for (let i = 0; i < names && !reader.failed; i++) reader.name();
  const count = reader.unsigned();
  let offset = 0;
  let source = 0;
  for (let number = 1; number <= count && found.length < wanted.size; number++) {
    const name = reader.unsigned();
    const block = reader.unsigned();
    const instruction = reader.unsigned();
    offset += reader.signed();
    source += reader.signed();
    const inlinedAt = reader.unsigned();
    if (reader.failed) break;
    if (!wanted.has(number) || name >= names) continue;
    const place = {
      ...{ function: '', shown: '', functionIndex: 0 },
      block: Math.floor(block / 2),
      instruction: instruction === 0 ? null : instruction - 1,
      terminator: block % 2 === 1,
      offset: offset > 0 ? offset - 1 : null,
      source,
      inlinedAt,
    };
    found.push({ number, name, place });
  }
  nameAll(new Reader(section, firstName), found);
  return new Map(found.map(({ number, place }) => [number, place]));
}

/** @param {Reader} reader at the first name @param {{ name: number, place: MapPlace }[]} found */
function nameAll(reader, found) {
  let next = 0;
  for (const { name, place } of [...found].sort((a, b) => a.name - b.name)) {
    for (; next < name; next++) reader.name();
    const start = reader.at;
    const { index, bytes } = reader.name();
    reader.at = start; // the next may have the same
    Object.assign(place, { function: decoder.decode(bytes), shown: shownName(bytes), functionIndex: index });
  }
}

/** @param {Uint8Array} name */
function shownName(name) {
  let length = Math.min(name.length, NAME_SHOWN);
  while (length > 0 && length < name.length && (name[length] & 0xc0) === 0x80) length--; // not within a character
  return oneLine(decoder.decode(name.subarray(0, length))) + (length < name.length ? '...' : '');
}

/** Numbers as LEB128, and names. What does not fit sets `failed`, and all that follows is 0. */
class Reader {
  #bytes;
  at;
  failed = false;

  /** @param {Uint8Array} bytes @param {number} [at] */
  constructor(bytes, at = 0) {
    this.#bytes = bytes;
    this.at = at;
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
