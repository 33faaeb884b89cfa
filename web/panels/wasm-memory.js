// A view of an instance's memory as hex and text. The instance lives in a worker: pieces are asked for as they come into
// view, and kept until something may have changed them.

import { size as sizeText } from '../format.js';
import { columnsOf, hex, hexRow, readAddress } from '../guest/hex.js';
import { h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';

const ROW = 20;
const PIECE = 4096;
const PIECES_KEPT = 256;

/** @typedef {(pointer: number, length: number) => Promise<{ bytes: Uint8Array, size: number } | null>} Peek */

/** @param {{ peek: Peek, signal: AbortSignal }} parts */
export function createMemoryView({ peek, signal }) {
  const field = h('input', {
    ...{ type: 'text', id: 'memory-address', 'aria-label': 'Address', placeholder: '0x0000' },
    ...{ autocomplete: 'off', spellcheck: 'false' },
  });
  const go = h('button', { type: 'submit', class: 'button small', text: 'Go' });
  const up = h('button', { type: 'button', class: 'button small', text: 'Page up' });
  const down = h('button', { type: 'button', class: 'button small', text: 'Page down' });
  const fault = h('span', { class: 'fault', id: 'memory-fault', role: 'alert' });
  const about = h('span', { class: 'dim', id: 'memory-size' });
  const form = h(
    'form',
    { class: 'list-tools' },
    h('label', { class: 'select' }, 'Address ', field),
    go,
    up,
    down,
    about,
    fault,
  );
  const scroll = h('div', {
    class: 'scroll code memory',
    id: 'memory',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Memory',
  });
  const element = h('div', {}, form, scroll);
  const list = new VirtualList({ host: scroll, rowHeight: ROW, render: drawRow, signal, onResize: fit });

  let size = 0;
  /** By number; null = asked for. @type {Map<number, Uint8Array | null>} */
  const pieces = new Map();
  let round = 0;
  let columns = 16;

  /** @param {number} at @param {HTMLElement} row */
  function drawRow(at, row) {
    const start = at * columns;
    const piece = pieces.get(Math.floor(start / PIECE));
    if (piece === undefined) void fetchPiece(Math.floor(start / PIECE));
    row.append(h('span', { class: 'at', text: hex(start, Math.max(4, hex(Math.max(size, 1) - 1, 1).length)) }));
    if (!piece) return row.append(h('span', { class: 'dim', text: '…' }));
    const within = start % PIECE;
    const { numbers, text } = hexRow(piece.subarray(within, within + columns), columns);
    row.append(h('span', { text: numbers }), h('span', { class: 'token-string', text }));
  }

  /** @param {number} index */
  async function fetchPiece(index) {
    if (pieces.size >= PIECES_KEPT) pieces.delete(/** @type {number} */ (pieces.keys().next().value));
    pieces.set(index, null);
    const number = round;
    const answer = await peek(index * PIECE, PIECE);
    if (number !== round) return;
    pieces.set(index, answer?.bytes ?? new Uint8Array(0));
    list.refresh();
  }

  /** @param {number} pointer */
  function show(pointer) {
    list.scrollToRow(Math.floor(pointer / columns), 'start');
  }

  /** @param {1 | -1} direction */
  function turn(direction) {
    const rows = Math.max(1, Math.floor(scroll.clientHeight / ROW) - 1);
    list.scrollToRow(Math.max(0, Math.min(list.count - 1, list.firstRow + direction * rows)), 'start');
  }

  /** As many bytes in a row as there is room for; what was at the top stays there. */
  function fit() {
    const wanted = columnsOf(scroll);
    if (wanted === columns) return;
    const top = list.firstRow * columns;
    columns = wanted;
    list.setCount(Math.ceil(size / columns));
    list.refresh();
    show(top);
  }

  async function refresh() {
    const number = ++round;
    const answer = await peek(0, 0);
    if (number !== round) return;
    size = answer?.size ?? 0;
    pieces.clear();
    fit();
    list.setCount(Math.ceil(size / columns));
    list.refresh();
    setText(about, answer === null ? '' : size === 0 ? 'It has no memory that can be seen.' : sizeText(size));
    scroll.hidden = size === 0;
  }

  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      const pointer = readAddress(field.value);
      const reason =
        pointer === null
          ? 'Enter a number, such as 4096 or 0x1000.'
          : pointer >= size
            ? `The memory ends before 0x${hex(size, 1)}.`
            : '';
      setText(fault, reason);
      field.setAttribute('aria-invalid', String(reason !== ''));
      field.setAttribute('aria-describedby', 'memory-fault');
      if (pointer !== null && reason === '') show(pointer);
    },
    { signal },
  );
  up.addEventListener('click', () => turn(-1), { signal });
  down.addEventListener('click', () => turn(1), { signal });
  return { element, refresh };
}
