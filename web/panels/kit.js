// What panels of the inspector are made of: parts that unfold, tables, lists of rows.

import { h } from '../ui/dom.js';
import { followWidth, rowHeight, sizeRow } from '../ui/touch-rows.js';
import { VirtualList } from '../ui/virtual-list.js';

const TALLEST = 420;
/** Longer tables become lists that draw what is in view. */
const LONGEST_TABLE = 200;

/**
 * A part that unfolds; what is in it is made when it does.
 * @param {string} title
 * @param {string} note
 * @param {() => Node} body
 * @param {{ open?: boolean }} [options]
 */
export function part(title, note, body, { open = false } = {}) {
  const summary = h('summary', {}, `${title} `, h('span', { class: 'dim', text: note }));
  const details = h('details', {}, summary);
  const fill = () => void (details.childElementCount === 1 && details.append(body()));
  details.addEventListener('toggle', () => details.open && fill());
  if (open) {
    fill();
    details.open = true;
  }
  return details;
}

/**
 * A scrolling list of rows, virtual whatever its length.
 * @param {string} label
 * @param {number} count
 * @param {(index: number, row: HTMLElement) => void} render
 * @param {AbortSignal} signal
 */
export function rowList(label, count, render, signal) {
  const scroll = h('div', { class: 'scroll code', tabindex: '0', role: 'region', 'aria-label': label });
  const list = new VirtualList({
    host: scroll,
    rowHeight: rowHeight(),
    signal,
    render: (index, row) => {
      sizeRow(row);
      render(index, row);
    },
  });
  followWidth(list, signal);
  const show = (/** @type {number} */ rows) => {
    scroll.style.height = `${Math.min(Math.max(rows, 1) * rowHeight() + 2, TALLEST)}px`;
    list.setCount(rows);
    list.refresh();
  };
  show(count);
  return { scroll, list, show };
}

/** One cell: text, or nodes. @typedef {string | Node | Node[]} Cell */

/**
 * A table, or a list of the same cells where it would be long.
 * @param {string} label
 * @param {{ title: string, isNumber?: boolean }[]} columns the first names the row
 * @param {number} count
 * @param {(index: number) => Cell[]} cells
 * @param {AbortSignal} signal
 */
export function grid(label, columns, count, cells, signal) {
  if (count > LONGEST_TABLE) {
    return rowList(
      label,
      count,
      (index, row) => row.append(...cells(index).map((cell) => h('span', {}, ...nodesOf(cell)))),
      signal,
    ).scroll;
  }
  const classOf = (/** @type {number} */ index) => (columns[index].isNumber ? 'num' : '');
  const head = columns.map(({ title }, index) => h('th', { scope: 'col', class: classOf(index), text: title }));
  const body = h('tbody');
  for (let i = 0; i < count; i++) {
    const [first, ...rest] = cells(i);
    const others = rest.map((cell, index) => h('td', { class: classOf(index + 1) }, ...nodesOf(cell)));
    body.append(h('tr', {}, h('th', { scope: 'row', class: 'code' }, ...nodesOf(first)), ...others));
  }
  const table = h('table', { 'aria-label': label }, h('thead', {}, h('tr', {}, ...head)), body);
  return h('div', { class: 'scroll table-scroll', tabindex: '0', role: 'region', 'aria-label': label }, table);
}

/** @param {Cell} cell */
function nodesOf(cell) {
  return Array.isArray(cell) ? cell : [cell];
}

/**
 * A switch with its name and what it does.
 * @param {string} label
 * @param {string} note
 * @param {(on: boolean) => void} change
 */
export function check(label, note, change) {
  const box = h('input', { type: 'checkbox', on: { change: () => change(box.checked) } });
  const element = h(
    'label',
    { class: 'check' },
    box,
    h('span', {}, label, ' ', h('span', { class: 'dim', text: note })),
  );
  return { box, element };
}
