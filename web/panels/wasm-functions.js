// The functions of a module in the module panel: sorted by place, size or name, filtered by name, each leading to its code.

import { counted, number } from '../format.js';
import { nameNodes } from '../guest/names.js';
import { sortedInSlices } from '../guest/sort-slices.js';
import { slices } from '../pause.js';
import { h, setText } from '../ui/dom.js';
import { rowList } from './kit.js';

/** @import { FunctionRow, Functions } from '../guest/functions.js' */

/** @type {Record<string, (a: FunctionRow, b: FunctionRow) => number>} */
const ORDERS = {
  size: (a, b) => b.size - a.size || a.index - b.index,
  index: (a, b) => a.index - b.index,
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index),
};
const LABELS = { size: 'by size', index: 'in the order of the file', name: 'by name' };

/** @param {{ functions: Functions, showFunction: (index: number) => void, signal: AbortSignal }} parts */
export function functionList({ functions, showFunction, signal }) {
  const all = functions.defined;
  let total = 0;
  /** @type {FunctionRow[]} */
  let rows = [];
  /** What is drawn last wins. */
  let drawing = new AbortController();
  const filter = h('input', {
    type: 'search',
    'aria-label': 'Filter functions by name',
    placeholder: 'Filter by name',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const order = h(
    'select',
    { 'aria-label': 'Order of the functions' },
    ...Object.entries(LABELS).map(([value, text]) => h('option', { value, text })),
  );
  const found = h('span', { class: 'dim', role: 'status' });
  const { scroll, show } = rowList('Functions', 0, drawRow, signal);

  /** @param {number} at @param {HTMLElement} row */
  function drawRow(at, row) {
    const { index, name, type, size } = rows[at];
    const [shown, ...more] = nameNodes(name, 60);
    const go = () => showFunction(index);
    const share = ((size / total) * 100).toFixed(1);
    row.append(
      h('span', { class: 'at', text: String(index) }),
      h('span', { class: 'at size', text: number(size), title: `${counted(size, 'byte')}, ${share} % of the code` }),
      h('button', { type: 'button', class: 'link', on: { click: go } }, shown),
      ...more,
      h('span', { class: 'token-type', text: type }),
    );
  }

  /** @param {boolean} [stays] whether the place in the list does */
  async function draw(stays = false) {
    drawing.abort();
    drawing = new AbortController();
    const work = AbortSignal.any([drawing.signal, signal]);
    const wanted = filter.value.trim().toLowerCase();
    const slice = slices(work);
    const matches = [];
    let bytes = 0;
    for (const row of all) {
      bytes += row.size;
      if (wanted === '' || row.name.toLowerCase().includes(wanted)) matches.push(row);
      if (slice.over()) await slice.next();
    }
    rows = await sortedInSlices(matches, ORDERS[order.value], work);
    total = bytes;
    const among = functions.count > functions.rows.length ? ` among the first ${number(all.length)}` : '';
    setText(found, wanted === '' ? '' : `${number(rows.length)} found${among}`);
    if (!stays) scroll.scrollTop = 0;
    show(rows.length);
  }

  /** @param {boolean} [stays] */
  const redraw = (stays) => void draw(stays).catch(() => {}); // given up for a newer one
  filter.addEventListener('input', () => redraw(), { signal });
  order.addEventListener('change', () => redraw(), { signal });
  redraw();
  if (functions.rows.length < functions.count) void functions.listed.then(() => signal.aborted || redraw(true));
  const heads = ['index', 'bytes'].map((text, at) =>
    h('span', { class: at === 0 ? 'at' : 'at size' }, h('span', { text })),
  );
  const head = h(
    'p',
    { class: 'list-head dim', 'aria-hidden': 'true' },
    ...heads,
    h('span', { text: 'name and type' }),
  );
  return h('div', {}, h('div', { class: 'list-tools' }, filter, order, found), head, scroll);
}
