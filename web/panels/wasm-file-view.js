// One file of a module, opened: as text or as hex, with what can be done with it. A folder or a link says what it is.

import { spelt } from '../../runner/visible.js';
import { counted, size } from '../format.js';
import { columnsOf, hex, hexRow } from '../guest/hex.js';
import { cutName, nameNodes } from '../guest/names.js';
import { safeName } from '../guest/zip.js';
import { download } from '../ui/download.js';
import { h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { createArchiveButton } from './archive-button.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @import { TreeRow } from '../guest/file-tree.js' */

const ROW = 20;
/** More of a text is for an editor: download it. */
const TEXT_BYTES = 1024 * 1024;
const LONGEST_LINE = 2000;
/** What is looked at to tell a text from other bytes. */
const SAMPLE_BYTES = 8192;

/**
 * @param {object} parts
 * @param {(sentence: string) => void} parts.notice
 * @param {(path: string) => void} parts.remove
 * @param {() => void} parts.close
 * @param {AbortSignal} parts.signal
 */
export function createFileView({ notice, remove, close, signal }) {
  const name = h('h2', { class: 'file-name', id: 'file-name' });
  const about = h('span', { class: 'dim', id: 'file-about' });
  const asText = h('button', { type: 'button', class: 'quiet', id: 'file-text', text: 'Text' });
  const asHex = h('button', { type: 'button', class: 'quiet', id: 'file-hex', text: 'Hex' });
  const save = h('button', { type: 'button', class: 'quiet', id: 'file-download', text: 'Download' });
  const takeAway = h('button', { type: 'button', class: 'quiet', id: 'file-remove', text: 'Remove' });
  const shut = h('button', { type: 'button', class: 'quiet', id: 'file-close', text: 'Close', on: { click: close } });
  const head = h(
    'div',
    { class: 'panel-tools file-head' },
    name,
    about,
    h('span', { class: 'spacer' }),
    asText,
    asHex,
    save,
    takeAway,
    shut,
  );
  const scroll = h('div', {
    class: 'scroll code memory',
    id: 'file-content',
    tabindex: '0',
    role: 'region',
    'aria-labelledby': 'file-name',
  });
  const cut = h('p', { class: 'banner', id: 'file-cut' });
  const element = h('div', { class: 'file-view', hidden: true }, head, cut, scroll);
  const list = new VirtualList({ host: scroll, rowHeight: ROW, render: drawRow, signal, onResize: fit });

  const archive = createArchiveButton({ button: save, notice, signal });
  /** @type {TreeRow | null} */
  let row = null;
  /** @type {readonly FileEntry[]} */
  let entries = [];
  /** @type {string[]} */
  let lines = [];
  let isHex = false;
  let columns = 16;

  /** @param {number} at @param {HTMLElement} line */
  function drawRow(at, line) {
    if (row?.entry.kind !== 'file') return;
    if (!isHex) {
      const text = lines[at] ?? '';
      return line.append(visibleLine(text.slice(0, LONGEST_LINE)), text.length > LONGEST_LINE ? ' …' : '');
    }
    const start = at * columns;
    const { numbers, text } = hexRow(row.entry.bytes.subarray(start, start + columns), columns);
    line.append(
      h('span', { class: 'at', text: hex(start, Math.max(4, hex(row.entry.bytes.length, 1).length)) }),
      h('span', { text: numbers }),
      h('span', { class: 'token-string', text }),
    );
  }

  /** As many bytes in a row as there is room for. */
  function fit() {
    const wanted = columnsOf(scroll);
    if (wanted === columns) return;
    columns = wanted;
    fill();
  }

  function fill() {
    const entry = row?.entry;
    const bytes = entry?.kind === 'file' ? entry.bytes : new Uint8Array(0);
    asText.setAttribute('aria-pressed', String(!isHex));
    asHex.setAttribute('aria-pressed', String(isHex));
    lines = isHex ? [] : linesOf(bytes.subarray(0, TEXT_BYTES));
    list.setCount(isHex ? Math.ceil(bytes.length / columns) : lines.length);
    list.setColumns(
      isHex ? 0 : Math.min(LONGEST_LINE + 2, Math.max(0, ...lines.slice(0, 20_000).map(({ length }) => length))),
    );
    list.refresh();
    const isCut = !isHex && bytes.length > TEXT_BYTES;
    cut.hidden = !isCut;
    setText(
      cut,
      isCut
        ? `The first ${size(TEXT_BYTES)} of ${size(bytes.length)}: download it to see the rest, or choose Hex.`
        : '',
    );
  }

  function saveIt() {
    if (!row) return;
    const { entry, name: shown } = row;
    if (entry.kind === 'file' && !archive.busy) download(safeName(shown), [entry.bytes]);
    else void archive.press(shown, entries);
  }

  asText.addEventListener('click', () => choose(false), { signal });
  asHex.addEventListener('click', () => choose(true), { signal });
  save.addEventListener('click', saveIt, { signal });
  takeAway.addEventListener('click', () => row && remove(row.path), { signal });

  /** @param {boolean} hexWanted */
  function choose(hexWanted) {
    isHex = hexWanted;
    list.scrollToRow(0, 'start');
    fill();
  }

  return {
    element,
    /** @param {TreeRow | null} next @param {readonly FileEntry[]} contents of a folder, itself included @param {boolean} removable */
    show(next, contents, removable) {
      const before = row;
      row = next;
      entries = contents;
      element.hidden = next === null;
      if (!next) return;
      const { entry } = next;
      const isFile = entry.kind === 'file';
      name.replaceChildren(...nameNodes(next.path, 60));
      setText(about, aboutText(entry, contents.length - 1));
      for (const part of [asText, asHex, scroll]) part.hidden = !isFile || entry.bytes.length === 0;
      takeAway.hidden = !removable;
      if (isFile && before?.path !== next.path) {
        isHex = !isText(entry.bytes);
        list.scrollToRow(0, 'start');
      }
      fill();
    },
  };
}

/** @param {FileEntry} entry @param {number} inside */
function aboutText(entry, inside) {
  if (entry.kind === 'file') return entry.bytes.length === 0 ? 'empty' : size(entry.bytes.length);
  return entry.kind === 'link' ? `a link to ${cutName(entry.target)}` : `a folder, ${counted(inside, 'item')} inside`;
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

/** UTF-8 without NUL, as far as was looked. @param {Uint8Array} bytes */
function isText(bytes) {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (sample.includes(0)) return false;
  try {
    // As a stream, because the sample may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
