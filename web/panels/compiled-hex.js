// The bytes of the compiled module, sixteen or eight to a row, with the section that each row lies in.

import { number, size } from '../format.js';
import { columnsOf, hex, hexRow } from '../guest/hex.js';
import { cutName } from '../guest/names.js';
import { h } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';

/** @import { ModuleView } from '../../runner/compiler/questions.js' */

const ROW = 20;
/** Pixels for the names of sections, most of which are short. */
const NAMES = 100;
const HEADER = { name: 'header', offset: 0, size: 8, count: null };

/** @param {AbortSignal} signal */
export function createHexView(signal) {
  const choose = h('select', { 'aria-label': 'Section' });
  const host = h('div', {
    ...{ class: 'scroll code memory', tabindex: '0', role: 'region', 'aria-label': 'Bytes of the module', id: 'hex' },
  });
  const element = h(
    'div',
    { class: 'hex-view' },
    h(
      'div',
      { class: 'panel-tools' },
      h('label', { class: 'select' }, h('span', { class: 'dim', text: 'section' }), ' ', choose),
    ),
    host,
  );
  const list = new VirtualList({ host, rowHeight: ROW, render: drawRow, signal, onResize: fit });
  /** @type {Uint8Array} */
  let bytes = new Uint8Array(0);
  /** In order of offset, the header first. @type {{ name: string, offset: number, size: number, count: number | null }[]} */
  let sections = [];
  let columns = 16;

  /** The section that a byte lies in; what says how long one is counts to it. @param {number} at */
  function sectionAt(at) {
    let found = 0;
    while (found < sections.length && sections[found].offset + sections[found].size <= at) found += 1;
    return Math.min(found, sections.length - 1);
  }

  /** @param {number} row @param {HTMLElement} element */
  function drawRow(row, element) {
    const start = row * columns;
    const { numbers, text } = hexRow(bytes.subarray(start, start + columns), columns);
    element.append(
      h('span', { class: 'at', text: hex(start, Math.max(4, hex(Math.max(bytes.length, 1) - 1, 1).length)) }),
      h('span', { text: numbers }),
      h('span', { class: 'token-string', text }),
    );
    const section = sectionAt(start);
    const last = sectionAt(Math.min(bytes.length, start + columns) - 1);
    const begins = row === 0 || section !== sectionAt(start - 1) || last !== section;
    if (!begins) return;
    const names = sections.slice(row === 0 || section !== sectionAt(start - 1) ? section : section + 1, last + 1);
    element.append(h('span', { class: 'hex-section', text: names.map(({ name }) => cutName(name, 24)).join(', ') }));
  }

  /** As many bytes in a row as there is room for; what was at the top stays there. */
  function fit() {
    const wanted = columnsOf(host, NAMES);
    if (wanted === columns) return;
    const top = list.firstRow * columns;
    columns = wanted;
    list.setCount(Math.ceil(bytes.length / columns));
    list.refresh();
    list.scrollToRow(Math.floor(top / columns), 'start');
  }

  choose.addEventListener(
    'change',
    () => {
      const { offset } = sections[Number(choose.value)];
      list.scrollToRow(Math.floor(offset / columns), 'start');
    },
    { signal },
  );
  return {
    element,
    /** @param {ModuleView} view */
    show(view) {
      bytes = view.bytes;
      sections = [HEADER, ...view.sections];
      choose.replaceChildren(
        ...sections.map(({ name, size: length, count }, index) =>
          h('option', {
            value: String(index),
            text: `${cutName(name, 24)}, ${size(length)}${count === null ? '' : `, ${number(count)} items`}`,
          }),
        ),
      );
      fit();
      list.setCount(Math.ceil(bytes.length / columns));
      list.scrollToRow(0, 'start');
      list.refresh();
    },
    focus: () => host.focus(),
  };
}
