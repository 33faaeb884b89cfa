// Bytes of a file as lines of text or rows of hex, drawn as they come into view.

import { spelt } from '../../runner/visible.js';
import { size } from '../format.js';
import { columnsOf, hex, hexRow } from '../guest/hex.js';
import { h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';

const ROW = 20;
/** More of a text is for an editor: download it. */
const TEXT_BYTES = 1024 * 1024;
const LONGEST_LINE = 2000;
/** Lines that are looked at to tell how wide a text is. */
const MEASURED_LINES = 20_000;

/** @param {AbortSignal} signal */
export function createFileContent(signal) {
  const scroll = h('div', {
    class: 'scroll code memory',
    id: 'file-content',
    tabindex: '0',
    role: 'region',
    'aria-labelledby': 'file-name',
  });
  const cut = h('p', { class: 'banner', id: 'file-cut' });
  const list = new VirtualList({ host: scroll, rowHeight: ROW, render: drawRow, signal, onResize: fit });
  /** @type {Uint8Array} */
  let bytes = new Uint8Array(0);
  /** Of the text; none while hex is shown. @type {string[]} */
  let lines = [];
  let isHex = false;
  let columns = 16;

  /** @param {number} at @param {HTMLElement} line */
  function drawRow(at, line) {
    if (isHex) drawHex(line, bytes, at * columns, columns);
    else drawText(line, lines[at] ?? '');
  }

  /** As many bytes in a row as there is room for. */
  function fit() {
    const wanted = columnsOf(scroll);
    if (wanted === columns) return;
    columns = wanted;
    fill();
  }

  function fill() {
    lines = isHex ? [] : linesOf(bytes.subarray(0, TEXT_BYTES));
    list.setCount(isHex ? Math.ceil(bytes.length / columns) : lines.length);
    const widest = Math.max(0, ...lines.slice(0, MEASURED_LINES).map(({ length }) => length));
    list.setColumns(isHex ? 0 : Math.min(LONGEST_LINE + 2, widest));
    list.refresh();
    cut.hidden = isHex || bytes.length <= TEXT_BYTES;
    const sentence = `The first ${size(TEXT_BYTES)} of ${size(bytes.length)}: download it to see the rest, or choose Hex.`;
    setText(cut, cut.hidden ? '' : sentence);
  }

  return {
    scroll,
    /** Says that not all of a text is shown. */
    cut,
    toTop: () => list.scrollToRow(0, 'start'),
    /** @param {Uint8Array} next @param {boolean} asHex */
    show(next, asHex) {
      bytes = next;
      isHex = asHex;
      fill();
    },
  };
}

/** @param {HTMLElement} line @param {Uint8Array} bytes @param {number} start @param {number} columns */
function drawHex(line, bytes, start, columns) {
  const { numbers, text } = hexRow(bytes.subarray(start, start + columns), columns);
  line.append(
    h('span', { class: 'at', text: hex(start, Math.max(4, hex(bytes.length, 1).length)) }),
    h('span', { text: numbers }),
    h('span', { class: 'token-string', text }),
  );
}

/** @param {HTMLElement} line @param {string} text */
function drawText(line, text) {
  line.append(visibleLine(text.slice(0, LONGEST_LINE)), text.length > LONGEST_LINE ? ' …' : '');
}

/** Lines as a terminal would show them. @param {Uint8Array} bytes */
function linesOf(bytes) {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.length > 1 && lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Tabs stay tabs; what cannot be seen is spelt out. @param {string} line */
function visibleLine(line) {
  return line.replace(/\r$/, '').split('\t').map(spelt).join('\t');
}
