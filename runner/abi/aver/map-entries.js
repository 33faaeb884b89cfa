/**
 * The entries of maps in the layouts that releases of Aver gave them (spec aver-abi.md 5.4): a list of pairs, a trie
 * of hashes, and from 0.14 on one flat table:
 *
 *     +0  kind 12 | meta bit 0: values are pointers | count of entries
 *     +8  31..0 capacity, a power of two | 39..32 type of the keys, as the tags of 5.1
 *     +16 capacity times 24 bytes: u32 state (0 empty, 1 taken, 2 removed), u32 hash, i64 key, i64 value
 */

/** @import { Heap, HeapObject } from './heap.js' */

import { KIND } from './heap.js';

/**
 * A key or value in memory: where it lies, and the tag of 5.1 that it is of.
 * @typedef {{ object: HeapObject, field: number, tag: number }} Slot
 * @typedef {{ key: Slot, value: Slot }} Entry
 */
/** @typedef {{ spend: (steps: number) => boolean }} Budget false once the work that a value may cost is done */

/** Maps with more entries are not listed: their text would be longer than any value's may be. */
const MOST_ENTRIES = 1024 * 1024;

const INT = 0;
const HEAP = 4;

/**
 * The pairs from a cell on, the newest first; older ones of the same key are among them.
 * @param {Heap} heap @param {HeapObject} first @param {Budget} budget
 */
export function listEntries(heap, first, budget) {
  /** @type {Entry[]} */
  const entries = [];
  const seen = new Set();
  /** @type {HeapObject | null} */
  let cell = first;
  while (cell !== null && cell.kind === KIND.mapCell && !seen.has(cell.pointer)) {
    if (entries.length === MOST_ENTRIES || !budget.spend(1)) break;
    seen.add(cell.pointer);
    const pair = heap.object(heap.pointer(cell, 0));
    if (pair !== null && pair.kind === KIND.tuple && pair.count >= 2) {
      const slot = (/** @type {number} */ field) => ({
        object: pair,
        field,
        tag: heap.isPointer(pair, field) ? HEAP : INT,
      });
      entries.push({ key: slot(0), value: slot(1) });
    }
    cell = heap.object(heap.pointer(cell, 1));
  }
  return entries;
}

/**
 * The entries of a map of kind 12, in no order; null when it is in neither layout.
 * @param {Heap} heap @param {HeapObject} map @param {Budget} budget
 */
export function rootEntries(heap, map, budget) {
  return tableEntries(heap, map, budget) ?? trieEntries(heap, map, budget);
}

/** @param {Heap} heap @param {HeapObject} map @param {Budget} budget */
function tableEntries(heap, map, budget) {
  const capacity = heap.pointer(map, 0);
  const keyTag = heap.high(map, 0) & 0xff;
  if (capacity === 0 || (capacity & (capacity - 1)) !== 0 || keyTag > HEAP) return null;
  if (map.count > Math.min(capacity, MOST_ENTRIES)) return null;
  const table = { ...map, count: 1 + 3 * capacity };
  if (!heap.holdsFields(table) || !budget.spend(capacity)) return null;
  const valueTag = map.meta & 1 ? HEAP : INT;
  /** @type {Entry[]} */
  const entries = [];
  for (let bucket = 1; bucket < table.count; bucket += 3) {
    const state = heap.low(table, bucket);
    if (state < 0 || state > 2) return null;
    if (state !== 1) continue;
    entries.push({
      key: { object: table, field: bucket + 1, tag: keyTag },
      value: { object: table, field: bucket + 2, tag: valueTag },
    });
  }
  return entries.length === map.count ? entries : null;
}

/** @param {Heap} heap @param {HeapObject} map @param {Budget} budget */
function trieEntries(heap, map, budget) {
  if (map.count !== 2) return null;
  /** @type {Entry[]} */
  const entries = [];
  const waiting = heap.pointer(map, 0) === 0 ? [] : [heap.pointer(map, 0)];
  const seen = new Set();
  while (waiting.length > 0) {
    const pointer = /** @type {number} */ (waiting.pop());
    const node = heap.object(pointer);
    if (node === null || seen.has(pointer) || entries.length === MOST_ENTRIES || !budget.spend(1)) return null;
    seen.add(pointer);
    if (node.kind === KIND.leaf) {
      entries.push({
        key: { object: node, field: 1, tag: node.meta & 2 ? HEAP : (node.meta >>> 4) & 7 },
        value: { object: node, field: 2, tag: node.meta & 4 ? HEAP : INT },
      });
    } else if (node.kind === KIND.branch || node.kind === KIND.collisions) {
      if (node.count > MOST_ENTRIES || !budget.spend(node.count)) return null;
      for (let child = 0; child < node.count; child++) waiting.push(heap.pointer(node, child));
    } else {
      return null;
    }
  }
  return entries;
}
