/**
 * The guest's heap objects (spec aver-abi.md 5.3, 5.4) as numbers, checked against the bounds of its memory. Every
 * address may be wild: look-ups give null, and what is read in an object lies within what its look-up found.
 *
 *     63..56 kind | 55..48 tag | 47..32 meta | 31..0 count      then fields of 8 bytes
 */

/** @import { GuestMemory } from '../guest-memory.js' */

export const KIND = {
  string: 0,
  record: 1,
  variant: 2,
  wrapper: 3,
  list: 4,
  tuple: 5,
  wrapperFloat: 7,
  wrapperInt: 8,
  listFloat: 9,
  vector: 10,
  mapCell: 11,
  map: 12,
  branch: 13,
  leaf: 14,
  collisions: 15,
};
const FIRST_OBJECT = 128;
const HEADER_BYTES = 8;
const MASK_BITS = 16;
/** What a program can hold; the rest is only met inside of a map. */
const OF_VALUES = new Set([0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]);

/** @typedef {{ pointer: number, kind: number, tag: number, meta: number, count: number }} HeapObject */

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Good for as long as the guest does not run: views of its memory are made once. */
export class Heap {
  #bytes;
  #view;

  /** @param {GuestMemory} memory */
  constructor(memory) {
    this.#bytes = memory.bytes;
    this.#view = memory.view;
  }

  /** How many bytes there are from `pointer`, an unsigned number. @param {number} pointer */
  #room(pointer) {
    return this.#bytes.length - pointer;
  }

  /**
   * The object at an address, with all its fields there to be read, or null.
   * @param {number} pointer unsigned
   * @returns {HeapObject | null}
   */
  object(pointer) {
    if (pointer < FIRST_OBJECT || pointer % 8 !== 0 || this.#room(pointer) < HEADER_BYTES) return null;
    const high = this.#view.getUint32(pointer + 4, true);
    const object = {
      pointer,
      kind: high >>> 24,
      tag: (high >>> 16) & 0xff,
      meta: high & 0xffff,
      count: this.#view.getUint32(pointer, true),
    };
    return this.#room(pointer + HEADER_BYTES) >= this.#fieldBytes(object) ? object : null;
  }

  /** Whether there is memory for all fields of an object that is made up. @param {HeapObject} object */
  holdsFields(object) {
    return this.#room(object.pointer + HEADER_BYTES) >= 8 * object.count;
  }

  /** @param {HeapObject} object */
  #fieldBytes({ kind, meta, count }) {
    switch (kind) {
      case KIND.string:
        return count;
      case KIND.wrapper:
      case KIND.wrapperFloat:
      case KIND.wrapperInt:
        return 8;
      case KIND.list:
      case KIND.listFloat:
      case KIND.mapCell:
      case KIND.map:
        return 16;
      case KIND.leaf:
        return 24;
      case KIND.vector:
        return meta & 2 ? 24 : 8 * count;
      default:
        return 8 * count;
    }
  }

  /** The lower half of a field, signed. @param {HeapObject} object @param {number} index */
  low(object, index) {
    return this.#view.getInt32(object.pointer + HEADER_BYTES + 8 * index, true);
  }

  /** The upper half of a field, signed. @param {HeapObject} object @param {number} index */
  high(object, index) {
    return this.#view.getInt32(object.pointer + HEADER_BYTES + 8 * index + 4, true);
  }

  /** A field as an address. @param {HeapObject} object @param {number} index */
  pointer(object, index) {
    return this.low(object, index) >>> 0;
  }

  /**
   * Whether a field is a pointer: as the object's mask says; the fields that it has no bit for are judged by what they
   * point at.
   * @param {HeapObject} object @param {number} index
   */
  isPointer(object, index) {
    if (index < MASK_BITS) return ((object.meta >>> index) & 1) === 1;
    const pointer = this.low(object, index);
    return this.high(object, index) === pointer >> 31 && this.value(pointer >>> 0) !== null;
  }

  /** The object at an address if it is one that a value can be. @param {number} pointer */
  value(pointer) {
    const object = this.object(pointer);
    return object !== null && OF_VALUES.has(object.kind) ? object : null;
  }

  /**
   * The text of a string, or of as much of it as is asked for.
   * @param {HeapObject} object @param {number} most bytes
   */
  text(object, most) {
    const start = object.pointer + HEADER_BYTES;
    // A shared memory cannot be decoded in place.
    return decoder.decode(this.#bytes.slice(start, start + Math.min(object.count, most)));
  }
}
