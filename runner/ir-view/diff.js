/**
 * What changed from one list of lines to another. Myers' greedy algorithm where the lists differ little; where they differ
 * much, it works between lines that occur once in both and stand in the same order (patience). The work is bounded: what is
 * still too different is shown as removed and added, which is true as well.
 */

/** Kinds of a row. */
export const ROW = Object.freeze({ SAME: 0, ADDED: 1, REMOVED: 2 });

/** Differences that are followed at first, and between two anchors: time and memory go with their square. */
const MOST_DIFFERENCES = 1000;
const MOST_BETWEEN = 200;

/**
 * @param {string[]} before
 * @param {string[]} after
 * @returns {{ kinds: Uint8Array<ArrayBuffer>, lines: string[] }} rows: all of `after`, and what was removed where it stood
 */
export function diffLines(before, after) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const numbered = (/** @type {string[]} */ lines) =>
    Uint32Array.from(lines, (line) => {
      const known = numbers.get(line);
      if (known !== undefined) return known;
      numbers.set(line, numbers.size);
      return numbers.size - 1;
    });
  const a = numbered(before);
  const b = numbered(after);
  /** For each line of `before`, the line of `after` that it is; -1 = none. */
  const kept = new Int32Array(a.length).fill(-1);
  match(a, b, kept);
  /** @type {number[]} */
  const kinds = [];
  /** @type {string[]} */
  const lines = [];
  let to = 0;
  const addUpTo = (/** @type {number} */ end) => {
    for (; to < end; to++) {
      kinds.push(ROW.ADDED);
      lines.push(after[to]);
    }
  };
  for (let from = 0; from < a.length; from++) {
    if (kept[from] < 0) {
      kinds.push(ROW.REMOVED);
      lines.push(before[from]);
      continue;
    }
    addUpTo(kept[from]);
    kinds.push(ROW.SAME);
    lines.push(after[to++]);
  }
  addUpTo(b.length);
  return { kinds: Uint8Array.from(kinds), lines };
}

/** @param {Uint32Array} a @param {Uint32Array} b @param {Int32Array} kept */
function match(a, b, kept) {
  const whole = trim(a, b, { a: 0, aEnd: a.length, b: 0, bEnd: b.length }, kept);
  if (myers(a, b, whole, kept, MOST_DIFFERENCES)) return;
  let at = { a: whole.a, b: whole.b };
  const ends = { a: whole.aEnd, b: whole.bEnd };
  for (const anchor of [...anchors(a, b, whole), ends]) {
    const between = trim(a, b, { a: at.a, aEnd: anchor.a, b: at.b, bEnd: anchor.b }, kept);
    myers(a, b, between, kept, MOST_BETWEEN);
    if (anchor !== ends) kept[anchor.a] = anchor.b;
    at = { a: anchor.a + 1, b: anchor.b + 1 };
  }
}

/** @typedef {{ a: number, aEnd: number, b: number, bEnd: number }} Range */

/** Matches what is equal at both ends; what is left. @param {Uint32Array} a @param {Uint32Array} b @param {Range} range @param {Int32Array} kept */
function trim(a, b, range, kept) {
  let { a: i, aEnd, b: j, bEnd } = range;
  while (i < aEnd && j < bEnd && a[i] === b[j]) kept[i++] = j++;
  while (i < aEnd && j < bEnd && a[aEnd - 1] === b[bEnd - 1]) kept[--aEnd] = --bEnd;
  return { a: i, aEnd, b: j, bEnd };
}

/**
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 * @param {Range} range
 * @param {Int32Array} kept
 * @param {number} most differences
 * @returns {boolean} false: there are more, and nothing was matched
 */
function myers(a, b, { a: aStart, aEnd, b: bStart, bEnd }, kept, most) {
  const n = aEnd - aStart;
  const m = bEnd - bStart;
  if (n === 0 || m === 0) return true;
  const limit = Math.min(most, n + m);
  /** Furthest x on each diagonal, for every number of differences. @type {Int32Array[]} */
  const rounds = [];
  let last = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  for (let d = 0; d <= limit; d++) {
    const now = last.slice();
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && last[middle + k - 1] < last[middle + k + 1]);
      let x = down ? last[middle + k + 1] : last[middle + k - 1] + 1;
      let y = x - k;
      while (x < n && y < m && a[aStart + x] === b[bStart + y]) {
        x++;
        y++;
      }
      now[middle + k] = x;
      if (x < n || y < m) continue;
      walkBack(rounds, d, { x: n, y: m }, (i, j) => (kept[aStart + i] = bStart + j));
      return true;
    }
    // Only the diagonals that a later look back can need.
    rounds.push(now.slice(middle - d - 1, middle + d + 2));
    last = now;
  }
  return false;
}

/**
 * @param {Int32Array[]} rounds
 * @param {number} differences
 * @param {{ x: number, y: number }} end
 * @param {(i: number, j: number) => void} same
 */
function walkBack(rounds, differences, { x, y }, same) {
  for (let d = differences; d > 0; d--) {
    const before = rounds[d - 1];
    const at = (/** @type {number} */ k) => before[k + d] ?? 0;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = down ? at(k + 1) : at(k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    const startX = down ? fromX : fromX + 1;
    while (x > startX && y > 0) same(--x, --y);
    x = fromX;
    y = fromY;
  }
  while (x > 0 && y > 0) same(--x, --y);
}

/** Lines that occur once on both sides, the longest rising chain of them. @param {Uint32Array} a @param {Uint32Array} b @param {Range} range */
function anchors(a, b, range) {
  /** @type {Map<number, { inA: number, inB: number, a: number, b: number }>} */
  const seen = new Map();
  for (let i = range.a; i < range.aEnd; i++) {
    const known = seen.get(a[i]);
    if (known) known.inA += 1;
    else seen.set(a[i], { inA: 1, inB: 0, a: i, b: -1 });
  }
  for (let j = range.b; j < range.bEnd; j++) {
    const known = seen.get(b[j]);
    if (!known) continue;
    known.inB += 1;
    known.b = j;
  }
  const once = [...seen.values()].filter(({ inA, inB }) => inA === 1 && inB === 1);
  return risingChain(once);
}

/** @template {{ b: number }} Pair @param {Pair[]} pairs in the order of a @returns {Pair[]} */
function risingChain(pairs) {
  /** Index of the pair that ends the best chain of each length. @type {number[]} */
  const tails = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(({ b }, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]].b < b) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tails[low - 1] : -1;
    tails[low] = index;
  });
  /** @type {Pair[]} */
  const chain = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]) chain.push(pairs[at]);
  return chain.reverse();
}
