// Sorting in slices: what lists of a hundred thousand need so that the page goes on.

import { slices } from '../pause.js';

/** Items that are sorted at once. */
const RUN = 2048;

/**
 * A sorted copy; equal items keep their order.
 * @template Item
 * @param {readonly Item[]} items
 * @param {(a: Item, b: Item) => number} compare
 * @param {AbortSignal} signal makes it throw once it is aborted
 * @returns {Promise<Item[]>}
 */
export async function sortedInSlices(items, compare, signal) {
  const slice = slices(signal);
  let from = items.slice();
  for (let start = 0; start < from.length; start += RUN) {
    const run = from.slice(start, start + RUN).sort(compare);
    for (let i = 0; i < run.length; i++) from[start + i] = run[i];
    if (slice.over()) await slice.next();
  }
  for (let width = RUN; width < from.length; width *= 2) {
    /** @type {Item[]} */
    const to = [];
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(middle + width, from.length);
      for (let left = start, right = middle; left < middle || right < end;) {
        const takesLeft = right >= end || (left < middle && compare(from[left], from[right]) <= 0);
        to.push(from[takesLeft ? left++ : right++]);
        if (to.length % RUN === 0 && slice.over()) await slice.next();
      }
    }
    from = to;
  }
  return from;
}
