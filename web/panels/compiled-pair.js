// A function's optimised IR and its WebAssembly side by side. The line under the pointer, or the one that was chosen, and its
// partners on the other side are marked; choosing a line, or resting on it, brings its partners into view.

import { watTokens } from '../guest/wat.js';
import { slices } from '../pause.js';
import { h } from '../ui/dom.js';
import { drawIrLine, lineList, linesOf } from './compiled-kit.js';

/** @import { PairView } from '../../runner/compiler/questions.js' */
/** @import { Listing } from '../ir/listing.js' */

/** How long the pointer rests on a line before the other side follows: it should not jump on the way to another. */
const DWELL_MS = 150;

const NO_CODE = new TextEncoder().encode(';; No code of its own: it was inlined.');

/** @param {AbortSignal} signal */
export function createPairView(signal) {
  /** @type {Listing | null} */
  let ir = null;
  /** @type {Listing | null} */
  let wat = null;
  /** @type {Int32Array} */
  let pairs = new Int32Array(0);
  /** Lines of the code by line of the IR: first and last. @type {Map<number, { first: number, last: number }>} */
  let partners = new Map();
  /** The line of the IR that is marked with its code, by choice and under the pointer; -1 = none. */
  let chosen = -1;
  let hovered = -1;
  let dwell = 0;
  let shown = 0;

  const left = lineList({
    ...{ label: 'Optimised IR', kind: 'ir lines', signal },
    draw: (line, row) => ir && drawIrLine(ir.line(line), row),
    marks: (line) => marksOf(line),
    onActive: (line) => choose(line, 'right'),
    onHover: (line) => hover(line, 'right'),
  });
  const right = lineList({
    ...{ label: 'WebAssembly', kind: 'ir lines wat-lines', signal },
    draw: drawWat,
    marks: (line) => marksOf(pairs[line] ?? -1),
    onActive: (line) => choose(pairs[line] ?? -1, 'left'),
    onHover: (line) => hover(line < 0 ? -1 : (pairs[line] ?? -1), 'left'),
  });
  const side = (/** @type {string} */ title, /** @type {HTMLElement} */ host) =>
    h('div', { class: 'pair-side' }, h('h2', { text: title }), host);
  const element = h('div', { class: 'pair' }, side('Optimised IR', left.host), side('WebAssembly', right.host));

  // A row that is drawn anew under the pointer takes the news of its leaving with it.
  document.addEventListener(
    'pointerover',
    ({ target }) => {
      if (!element.contains(/** @type {Node} */ (target))) hover(-1);
    },
    { signal },
  );

  /** @param {number} line of the IR */
  function marksOf(line) {
    if (line < 0) return '';
    return [line === chosen ? 'partner' : '', line === hovered ? 'hovered' : ''].filter(Boolean).join(' ');
  }

  /** @param {number} line @param {HTMLElement} row */
  function drawWat(line, row) {
    if (!wat) return;
    for (const { text, kind } of watTokens(wat.line(line))) {
      if (kind === 'plain') row.append(text);
      else row.append(h('span', { class: kind === 'call' ? 'token-value' : `token-${kind}`, text }));
    }
  }

  /** @param {number} line of the IR */
  function refresh(line) {
    if (line < 0) return;
    left.list.refreshRow(line);
    const found = partners.get(line);
    if (found && found.last - found.first < 200) {
      for (let at = found.first; at <= found.last; at++) right.list.refreshRow(at);
    } else if (found) right.list.refresh();
  }

  /** @param {number} line of the IR @param {'left' | 'right'} [follower] the side that follows */
  function hover(line, follower) {
    if (line === hovered) return;
    const before = hovered;
    hovered = line;
    refresh(before);
    refresh(line);
    clearTimeout(dwell);
    if (line >= 0 && follower) dwell = setTimeout(() => bringIntoView(line, follower), DWELL_MS);
  }

  /** Of several partners the nearest. @param {number} line of the IR @param {'left' | 'right'} follower */
  function bringIntoView(line, follower) {
    if (follower === 'left') return left.list.scrollToRow(line);
    const found = partners.get(line);
    if (!found) return;
    let near = Math.min(Math.max(right.list.firstRow, found.first), found.last);
    while (near < found.last && pairs[near] !== line) near++;
    right.list.scrollToRow(near);
  }
  signal.addEventListener('abort', () => clearTimeout(dwell));

  /** @param {number} line of the IR @param {'left' | 'right'} follower the side that follows */
  function choose(line, follower) {
    const before = chosen;
    chosen = line;
    refresh(before);
    refresh(line);
    const other = follower === 'left' ? left : right;
    const target = follower === 'left' ? line : (partners.get(line)?.first ?? -1);
    other.mark(target);
    if (target >= 0) other.list.scrollToRow(target);
  }

  return {
    element,
    /** @param {PairView} view @returns {Promise<void>} */
    async show(view) {
      const number = ++shown;
      clearTimeout(dwell); // what it would bring into view is going
      const read = await Promise.all([linesOf(view.ir), linesOf(view.wat ?? NO_CODE)]);
      const found = await partnersOf(view.pairs);
      if (number !== shown) return;
      [ir, wat] = read;
      pairs = view.pairs;
      partners = found;
      chosen = hovered = -1;
      left.show(ir.lineCount);
      right.show(wat.lineCount);
    },
    focus: () => left.host.focus(),
  };
}

/** @param {Int32Array} pairs @returns {Promise<Map<number, { first: number, last: number }>>} */
async function partnersOf(pairs) {
  /** @type {Map<number, { first: number, last: number }>} */
  const partners = new Map();
  const slice = slices();
  for (const [at, line] of pairs.entries()) {
    if (at % 4096 === 0 && slice.over()) await slice.next();
    if (line < 0) continue;
    const known = partners.get(line);
    if (known) known.last = at;
    else partners.set(line, { first: at, last: at });
  }
  return partners;
}
