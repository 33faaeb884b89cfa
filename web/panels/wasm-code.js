// The code panel: one function of a module in the text format, with the place in the file of each instruction. Calls lead to
// what they call, and places of traps select their line.

import { counted } from '../format.js';
import { address } from '../guest/hex.js';
import { cutName } from '../guest/names.js';
import { calledFunction, watTokens } from '../guest/wat.js';
import { readListing } from '../ir/listing.js';
import { createPicker } from '../ui/picker.js';
import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { createIrList } from './ir-list.js';

/** @import { Disassembled } from '../../runner/protocol.js' */
/** @import { Functions } from '../guest/functions.js' */
/** @import { Listing } from '../ir/listing.js' */
/** @import { Store } from '../state.js' */

/** Functions that "Back" remembers. */
const REMEMBERED = 100;
const LOST = new TextEncoder().encode(';; The worker was lost: choose the function again.');

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {() => Functions | null} parts.functions
 * @param {(bytes: Uint8Array, index: number) => Promise<Disassembled>} parts.disassemble
 * @param {AbortSignal} parts.signal
 */
export function createCodePanel({ panel, store, functions, disassemble, signal }) {
  const choose = h('button', { type: 'button', class: 'quiet code-function', id: 'code-function' });
  const back = h('button', { type: 'button', class: 'quiet', id: 'code-back', text: 'Back' });
  const previous = h('button', { type: 'button', class: 'quiet', id: 'code-previous', text: 'Previous' });
  const next = h('button', { type: 'button', class: 'quiet', id: 'code-next', text: 'Next' });
  const about = h('span', { class: 'dim code-about', id: 'code-about' });
  const moves = h('div', { class: 'pane-tools' }, back, previous, next);
  const tools = h('div', { class: 'panel-tools' }, choose, about, h('span', { class: 'spacer' }), moves);
  const host = h('div', {
    class: 'scroll code ir wat',
    id: 'code',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Code',
  });
  const empty = h('p', { class: 'empty', id: 'code-empty' });
  panel.append(tools, host, empty);
  const list = createIrList({ host, render: drawRow, signal });

  /** @type {Listing | null} */
  let listing = null;
  /** @type {Uint32Array} */
  let offsets = new Uint32Array(0);
  let current = -1;
  let selected = -1;
  let asked = 0;
  let digits = 4;
  /** @type {number[]} */
  let trail = [];

  /** @param {number} row @param {HTMLElement} element */
  function drawRow(row, element) {
    if (!listing) return;
    const offset = row < offsets.length ? offsets[row] : -1;
    element.append(h('span', { class: 'at', text: offset < 0 ? '' : address(offset, digits) }));
    for (const { text, kind } of watTokens(listing.line(row))) {
      if (kind === 'plain') element.append(text);
      else if (kind === 'call') element.append(callLink(text, offset));
      else element.append(h('span', { class: `token-${kind}`, text }));
    }
    if (row !== selected) return;
    element.classList.add('selected');
    element.setAttribute('aria-current', 'true');
  }

  /** @param {string} text @param {number} offset */
  function callLink(text, offset) {
    const bytes = store.now.program?.bytes;
    const index = bytes && offset >= 0 ? calledFunction(bytes, offset) : -1;
    if (index < 0) return h('span', { class: 'token-value', text });
    const title = `Go to ${cutName(functions()?.nameOf(index) ?? `function ${index}`)}`;
    const go = () => void goTo(index);
    const button = h('button', { type: 'button', class: 'token-function', text, title, on: { click: go } });
    return button;
  }

  /** @param {number} index */
  async function goTo(index) {
    if (current >= 0 && current !== index) trail = [...trail, current].slice(-REMEMBERED);
    await show(index);
    host.focus({ preventScroll: true });
  }

  /** @param {number} index among all functions @returns {Promise<boolean>} whether it is what is shown now */
  async function show(index) {
    const { program } = store.now;
    const all = functions();
    if (!program || !all || index < 0 || index >= all.count) return false;
    const number = ++asked;
    current = index;
    drawTools();
    /** @type {Disassembled} */
    let code;
    try {
      code = await disassemble(program.bytes, index);
    } catch {
      code = { text: LOST, offsets: new Uint32Array(0) };
    }
    if (number !== asked) return false;
    const read = await readListing(code.text, new Uint32Array(0));
    if (number !== asked) return false;
    listing = read;
    offsets = code.offsets;
    selected = -1;
    digits = address(program.bytes.length).length - 2;
    host.style.setProperty('--offset-digits', `${digits + 2}ch`);
    list.setCount(read.lineCount);
    list.scrollToRow(0, 'start');
    list.refresh();
    return true;
  }

  function drawTools() {
    const all = functions();
    const row = all?.at(current) ?? null;
    setText(choose, current < 0 ? 'Function' : cutName(all?.nameOf(current) ?? '', 40));
    choose.setAttribute('aria-label', `Function: ${choose.textContent}`);
    const facts = row?.isImported ? 'imported' : row ? counted(row.size, 'byte') : '';
    setText(about, current < 0 ? '' : `function ${current}${facts ? `, ${facts}` : ''}`);
    const count = all?.count ?? 0;
    setEnabled(back, trail.length > 0, host);
    setEnabled(previous, current > 0, host);
    setEnabled(next, current >= 0 && current + 1 < count, host);
    choose.disabled = count === 0;
    host.hidden = count === 0;
    empty.hidden = count > 0;
    setText(empty, 'The module has no functions.');
  }

  /** Goes to the entry, or the first function that has code. */
  function reset() {
    asked += 1;
    listing = null;
    offsets = new Uint32Array(0);
    current = selected = -1;
    trail = [];
    list.setCount(0);
    list.refresh();
    drawTools();
  }

  /** What is shown when nobody chose. */
  function first() {
    const { wasm, plan } = store.now;
    const entry = wasm?.exports.find(({ name, kind }) => kind === 'function' && name === plan?.entry);
    return entry?.index ?? functions()?.defined[0]?.index ?? 0;
  }

  const ifUnchosen = () => void (store.now.tab === 'code' && store.now.wasm && current < 0 && show(first()));

  createPicker({
    button: choose,
    label: 'Function',
    items: () =>
      (functions()?.rows ?? []).map(({ index, name, isImported }) => ({
        value: String(index),
        text: cutName(name),
        note: isImported ? `${index}, imported` : String(index),
      })),
    current: () => String(current),
    onPick: (value) => void goTo(Number(value)),
    signal,
  });
  back.addEventListener(
    'click',
    () => {
      const before = trail.pop();
      if (before !== undefined) void show(before);
    },
    { signal },
  );
  previous.addEventListener('click', () => void show(current - 1), { signal });
  next.addEventListener('click', () => void show(current + 1), { signal });
  store.watch(['wasm'], () => {
    reset();
    ifUnchosen();
  });
  store.watch(['tab'], ifUnchosen);

  return {
    focus: () => host.focus(),
    /** @param {number} index */
    showFunction: (index) => goTo(index),
    /**
     * Selects the instruction at a place in the file.
     * @param {number} index of the function
     * @param {number | null} offset
     */
    async showOffset(index, offset) {
      if (index !== current || !listing) {
        if (current >= 0) trail = [...trail, current].slice(-REMEMBERED);
        if (!(await show(index))) return;
      }
      const before = selected;
      selected = offset === null ? 0 : lineAt(offsets, offset);
      for (const row of [before, selected]) if (row >= 0) list.refreshRow(row);
      list.scrollToRow(selected, 'centre');
      host.focus({ preventScroll: true });
    },
  };
}

/** The last line that begins at an offset or before it. @param {Uint32Array} offsets @param {number} offset */
function lineAt(offsets, offset) {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle] <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
