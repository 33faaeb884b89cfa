/**
 * Writes one value as text, as Aver's hosts print it (spec aver-abi.md 5.4): by the pointer masks of the objects, without
 * recursion, and to an end whatever the memory holds: cycles, unreadable pointers and endless structures included.
 */

/** @import { Heap, HeapObject } from './heap.js' */
/** @import { Entry, Slot } from './map-entries.js' */
/** @import { Names } from './names.js' */

import { floatText } from '../float-text.js';
import { KIND } from './heap.js';
import { listEntries, rootEntries } from './map-entries.js';
import { TextPieces } from './text-pieces.js';

/** Longest text of one value; it ends with `...` there. */
export const MOST_TEXT = 16 * 1024 * 1024;
/** Objects, cells, buckets and patches that one value may cost to read. */
const MOST_WORK = 16 * 1024 * 1024;
/** Values inside of each other; what lies deeper is `...`. */
const MOST_DEPTH = 200_000;
/** Maps that are keys of maps are formatted inside of each other, that deep. */
const MOST_KEY_DEPTH = 32;

const EMPTY = 0;
const NONE = -1;
const WRAPPERS = ['Result.Ok(', 'Result.Err(', 'Option.Some('];

/**
 * What is being written: `next` writes one element or opens it, and is false when there is none any more.
 * @typedef {{ pointer: number, close: string, next: () => boolean }} Open
 */

export class ValueWriter {
  #text = new TextPieces();
  /** @type {Open[]} */
  #open = [];
  /** Addresses of what is open: an object inside of itself is a cycle. */
  #path = new Set();

  /** @param {Heap} heap @param {Names} names */
  constructor(heap, names, budget = new Budget(MOST_WORK), keyDepth = 0) {
    this.heap = heap;
    this.names = names;
    this.budget = budget;
    this.keyDepth = keyDepth;
  }

  /** @param {bigint} value a pointer, or any other number, which is its own text */
  whole(value) {
    const pointer = BigInt.asIntN(32, value);
    const decimal = () => value.toString();
    if (pointer === value || BigInt.asUintN(32, value) === value) this.#pointer(Number(pointer), decimal);
    else this.#text.add(decimal());
    return this.#finish();
  }

  /** @param {HeapObject} wrapper */
  payload(wrapper) {
    this.#slot(payloadOf(wrapper));
    return this.#finish();
  }

  /** @param {Slot} slot */
  slotText(slot) {
    this.#slot(slot);
    return this.#finish();
  }

  /** Writes what has been opened, innermost first. */
  #finish() {
    while (this.#open.length > 0) {
      const open = this.#open[this.#open.length - 1];
      if (this.#text.length > MOST_TEXT || !this.budget.spend(1)) return `${this.#text.whole()}...`;
      if (open.next()) continue;
      this.#text.add(open.close);
      this.#open.pop();
      this.#path.delete(open.pointer);
    }
    return this.#text.whole();
  }

  /** @param {Slot} slot */
  #slot({ object, field, tag }) {
    const { heap } = this;
    const low = heap.low(object, field);
    const high = heap.high(object, field);
    // Most integers are small; BigInt costs ten times as much.
    const decimal = () => (high === low >> 31 ? String(low) : String(int64(high, low)));
    switch (tag) {
      case 1:
        this.#text.add(floatText(floatOf(int64(high, low))));
        break;
      case 2:
        this.#text.add(low === 0 && high === 0 ? 'false' : 'true');
        break;
      case 3:
      case 4:
        // Extended with its sign, or without.
        if (high === low >> 31 || high === 0) this.#pointer(low, decimal);
        else this.#text.add(decimal());
        break;
      default:
        this.#text.add(decimal());
    }
  }

  /** @param {number} pointer signed @param {() => string} decimal */
  #pointer(pointer, decimal) {
    if (pointer === EMPTY) {
      this.#text.add('[]');
    } else if (pointer === NONE) {
      this.#text.add('Option.None');
    } else {
      const object = this.heap.value(pointer >>> 0);
      if (object === null) this.#text.add(this.names.sentinel(pointer) ?? decimal());
      else if (this.#path.has(object.pointer) || this.#open.length === MOST_DEPTH) this.#text.add('...');
      else this.#object(object);
    }
  }

  /** @param {HeapObject} object of a kind that values have */
  #object(object) {
    switch (object.kind) {
      case KIND.string:
        return this.#string(object);
      case KIND.record:
        return this.#fields('Record(', object);
      case KIND.tuple:
        return this.#fields('(', object);
      case KIND.variant: {
        const name = this.names.variant(object.tag);
        if (object.count > 0) return this.#fields(`${name}(`, object);
        this.#text.add(name);
        return;
      }
      case KIND.list:
      case KIND.listFloat:
        return this.#list(object);
      case KIND.vector:
        return this.#vector(object);
      case KIND.mapCell:
        return this.#map(object, this.#newestOnly(listEntries(this.heap, object, this.budget)));
      case KIND.map: {
        const entries = rootEntries(this.heap, object, this.budget);
        if (entries === null) this.#text.add('{...}');
        else this.#map(object, this.#sorted(entries));
        return;
      }
      default:
        return this.#wrapper(object);
    }
  }

  /** @param {string} text how it begins @param {HeapObject} object @param {string} close @param {() => boolean} next */
  #enter(text, object, close, next) {
    this.#text.add(text);
    this.#open.push({ pointer: object.pointer, close, next });
    this.#path.add(object.pointer);
  }

  /** @param {HeapObject} object */
  #string(object) {
    const room = MOST_TEXT - this.#text.length;
    this.#text.add(`"${this.heap.text(object, Math.max(room, 0))}`);
    if (object.count <= room) this.#text.add('"');
  }

  /** @param {string} start @param {HeapObject} object */
  #fields(start, object) {
    let field = 0;
    this.#enter(start, object, ')', () => {
      if (field >= object.count) return false;
      if (field > 0) this.#text.add(', ');
      const tag = this.heap.isPointer(object, field) ? 4 : 0;
      this.#slot({ object, field: field++, tag });
      return true;
    });
  }

  /** @param {HeapObject} object */
  #wrapper(object) {
    let left = 1;
    this.#enter(WRAPPERS[object.tag] ?? 'Wrapper(', object, ')', () => {
      if (left-- === 0) return false;
      this.#slot(payloadOf(object));
      return true;
    });
  }

  /** @param {HeapObject} first */
  #list(first) {
    /** @type {HeapObject | null} */
    let cell = first;
    // Brent's way to notice a tail that leads back: a cell to meet again, moved on after 1, 2, 4, 8... steps.
    let mark = 0;
    let steps = 0;
    let power = 1;
    this.#enter('[', first, ']', () => {
      if (cell === null || (cell.kind !== KIND.list && cell.kind !== KIND.listFloat)) return false;
      if (cell !== first) this.#text.add(', ');
      if (cell.pointer === mark) {
        this.#text.add('...');
        return false;
      }
      if (++steps === power) {
        mark = cell.pointer;
        power *= 2;
        steps = 0;
      }
      const tag = cell.kind === KIND.listFloat ? 1 : cell.meta & 1 ? 4 : 0;
      const object = cell;
      const tail = this.heap.pointer(cell, 1);
      cell = tail === 0 ? null : this.heap.object(tail);
      this.#slot({ object, field: 0, tag });
      return true;
    });
  }

  /** @param {HeapObject} vector */
  #vector(vector) {
    /** @type {Map<number, HeapObject>} the newest patch of each element */
    const patches = new Map();
    const seen = new Set();
    /** @type {HeapObject | null} */
    let base = vector;
    while (base !== null && base.kind === KIND.vector && base.meta & 2 && !seen.has(base.pointer)) {
      if (!this.budget.spend(1)) break;
      seen.add(base.pointer);
      const index = this.heap.pointer(base, 1);
      if (!patches.has(index)) patches.set(index, base);
      base = this.heap.object(this.heap.pointer(base, 0));
    }
    const flat = base !== null && base.kind === KIND.vector && !(base.meta & 2) ? base : null;
    let index = 0;
    this.#enter('Vector[', vector, ']', () => {
      if (index >= vector.count) return false;
      if (index > 0) this.#text.add(', ');
      const patch = patches.get(index);
      if (patch) this.#slot({ object: patch, field: 2, tag: patch.meta & 1 ? 4 : 0 });
      else if (flat && index < flat.count) this.#slot({ object: flat, field: index, tag: flat.meta & 1 ? 4 : 0 });
      else {
        this.#text.add('...');
        return false;
      }
      index++;
      return true;
    });
  }

  /** @param {HeapObject} object @param {{ key: string, value: Slot }[]} entries */
  #map(object, entries) {
    let at = 0;
    this.#enter('{', object, '}', () => {
      if (at >= entries.length) return false;
      const { key, value } = entries[at];
      this.#text.add(at++ > 0 ? `, ${key}: ` : `${key}: `);
      this.#slot(value);
      return true;
    });
  }

  /** @param {Entry[]} entries in the order of the list: the first of a key counts */
  #newestOnly(entries) {
    const seen = new Set();
    return this.#withKeys(entries).filter(({ key }) => !seen.has(key) && seen.add(key));
  }

  /** @param {Entry[]} entries */
  #sorted(entries) {
    return this.#withKeys(entries).sort((a, b) => compareText(a.key, b.key));
  }

  /** The same with the keys as text, as many as one value's text can hold. @param {Entry[]} entries */
  #withKeys(entries) {
    const keyed = [];
    let room = MOST_TEXT - this.#text.length;
    for (const { key, value } of entries) {
      if (room < 0) break;
      const text =
        this.keyDepth < MOST_KEY_DEPTH
          ? new ValueWriter(this.heap, this.names, this.budget, this.keyDepth + 1).slotText(key)
          : '...';
      room -= text.length;
      keyed.push({ key: text, value });
    }
    return keyed;
  }
}

class Budget {
  /** @param {number} steps */
  constructor(steps) {
    this.left = steps;
  }

  /** @param {number} steps */
  spend(steps) {
    this.left -= steps;
    return this.left >= 0;
  }
}

/** @param {HeapObject} wrapper @returns {Slot} */
function payloadOf(wrapper) {
  return { object: wrapper, field: 0, tag: wrapper.kind === KIND.wrapperFloat ? 1 : wrapper.meta & 1 ? 4 : 0 };
}

/** @param {number} high signed @param {number} low signed */
function int64(high, low) {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

/**
 * By code points, as Aver's machine sorts: UTF-16 has those above U+FFFF before the end of the others.
 * @param {string} a @param {string} b
 */
function compareText(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Code units in the order of the code points that they are part of. @param {number} unit */
function rank(unit) {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

const bits = new DataView(new ArrayBuffer(8));

/** @param {bigint} value */
export function floatOf(value) {
  bits.setBigInt64(0, value);
  return bits.getFloat64(0);
}
